"""Words of stored value: what holds it, its states, and the fifteen things that happen to it. Pure.

The activities are as wide as Square's (`GiftCardActivityType`), so whatever is kept there can be told here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GIFT_CARD: Final = "gift_card"
STORE_CREDIT: Final = "store_credit"
VALUE_KINDS: Final = (GIFT_CARD, STORE_CREDIT)

PENDING: Final = "pending"
ACTIVE: Final = "active"
BLOCKED: Final = "blocked"
CLOSED: Final = "closed"
STATES: Final = (PENDING, ACTIVE, BLOCKED, CLOSED)

ACTIVATE: Final = "activate"
LOAD: Final = "load"
REDEEM: Final = "redeem"
CLEAR_BALANCE: Final = "clear_balance"
DEACTIVATE: Final = "deactivate"
ADJUST_INCREMENT: Final = "adjust_increment"
ADJUST_DECREMENT: Final = "adjust_decrement"
REFUND: Final = "refund"
UNLINKED_REFUND: Final = "unlinked_activity_refund"
IMPORT: Final = "import"
BLOCK: Final = "block"
UNBLOCK: Final = "unblock"
IMPORT_REVERSAL: Final = "import_reversal"
TRANSFER_FROM: Final = "transfer_from"
TRANSFER_TO: Final = "transfer_to"
ACTIVITIES: Final = (
    ACTIVATE,
    LOAD,
    REDEEM,
    CLEAR_BALANCE,
    DEACTIVATE,
    ADJUST_INCREMENT,
    ADJUST_DECREMENT,
    REFUND,
    UNLINKED_REFUND,
    IMPORT,
    BLOCK,
    UNBLOCK,
    IMPORT_REVERSAL,
    TRANSFER_FROM,
    TRANSFER_TO,
)

LIABILITY_KEYS: Final[Mapping[str, str]] = MappingProxyType({GIFT_CARD: "gift_cards", STORE_CREDIT: "credit"})
"""What holds it → the posting key of what the merchant owes for it."""

OPEN: Final = "open"
RELEASED: Final = "released"
EXPIRED: Final = "expired"
RESERVATION_STATES: Final = (OPEN, RELEASED, EXPIRED)
