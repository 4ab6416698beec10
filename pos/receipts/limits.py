"""How often strangers look at receipts, and how often letters are sent."""

from typing import Final

from fynlo.api.limits import Limit

PUBLIC: Final = Limit(name="receipt-page", count=60, seconds=60)
"""Per address somebody looks from."""
LETTERS: Final = Limit(name="receipt-letters", count=120, seconds=3600)
"""Per device, or per person without one."""
LETTERS_TO_ONE: Final = Limit(name="receipt-letters-to", count=6, seconds=3600)
"""Per address they go to."""
