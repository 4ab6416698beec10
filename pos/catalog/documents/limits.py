"""How big a document of the catalogue may be, and the words it may use."""

from typing import Final

MAX_AXES: Final = 3
MAX_AXIS_VALUES: Final = 100
MAX_BARCODES: Final = 20
MAX_CHOICES: Final = 100
MAX_DEPTH: Final = 3
MAX_ENTRIES: Final = 1_000
MAX_GROUPS: Final = 30
MAX_IMAGES: Final = 20
MAX_LIST_PRICES: Final = 2_000
MAX_MODIFIERS: Final = 100
MAX_MODIFIER_PRICES: Final = 500
MAX_MULTIPLIER: Final = 1_000_000
MAX_NUMBER: Final = 1_000
MAX_OPTION: Final = 40
MAX_POSITION: Final = 1_000_000
MAX_PRIORITY: Final = 10**9
MAX_RULES: Final = 50
MAX_SCHEDULED: Final = 50
MAX_SLOTS: Final = 20
MAX_SLOT_NAME: Final = 120
MAX_TAG: Final = 40
MAX_TAGS: Final = 50
MAX_UNITS: Final = 20
MAX_UNIT_CODE: Final = 20
MAX_VARIANTS: Final = 500

ALLERGENS: Final = (
    "celery",
    "crustaceans",
    "eggs",
    "fish",
    "gluten",
    "lupin",
    "milk",
    "molluscs",
    "mustard",
    "nuts",
    "peanuts",
    "sesame",
    "soybeans",
    "sulphites",
)
"""The fourteen of Regulation (EU) No 1169/2011, Annex II."""
