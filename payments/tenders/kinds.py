"""What happens to the money of a way to pay. Pure data."""

from typing import Final

CASH: Final = "cash"
CARD: Final = "card"
VOUCHER: Final = "voucher"
OTHER: Final = "other"
HOUSE_ACCOUNT: Final = "house_account"
EXCHANGE: Final = "exchange"
GIFT_CARD: Final = "gift_card"
STORE_CREDIT: Final = "store_credit"

STORED_VALUE: Final = (GIFT_CARD, STORE_CREDIT)
TENDER_KINDS: Final = (CASH, CARD, VOUCHER, OTHER, HOUSE_ACCOUNT, EXCHANGE, *STORED_VALUE)
"""Cash lies in a drawer and gives change. A card was charged by a reader of its own, a voucher is paper, `other` is
anything else. A house account owes it. `exchange` is the money of goods that came back, in an exchange only.
A gift card and store credit take it from what was paid beforehand (`payments.credit`)."""
