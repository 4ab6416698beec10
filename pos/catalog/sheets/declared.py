"""All sheets, each after those it refers to."""

from typing import Final

from pos.catalog.sheets import choices, goods, offers
from pos.catalog.sheets.columns import Sheet

SHEETS: Final[tuple[Sheet, ...]] = (
    goods.SETTINGS,
    goods.TAX_CLASSES,
    goods.CATEGORIES,
    choices.MODIFIER_GROUPS,
    goods.ITEMS,
    choices.NESTED_GROUPS,
    choices.MODIFIER_PRICES,
    choices.ITEM_MODIFIERS,
    choices.COMBOS,
    offers.PRICE_LISTS,
    offers.CATEGORY_PRICES,
    offers.PRICES,
    offers.PROMOTIONS,
    offers.SERVICE_CHARGES,
    offers.MENUS,
    offers.BARCODE_PATTERNS,
)
"""In the order in which they are read, applied and written."""

BY_NAME: Final[dict[str, Sheet]] = {sheet.name: sheet for sheet in SHEETS}
ITEMS: Final = goods.ITEMS
