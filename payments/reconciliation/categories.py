"""What a line of a vendor's balance is about, by the vendor's word for it. Pure.

The words are those of Stripe's `reporting_category` (its reporting documentation lists them), which our
simulator speaks as well. A word that is not here is no fault: the line is listed, and its money waits on
`payouts_unexplained`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PAYMENT: Final = "payment"
REFUND: Final = "refund"
DISPUTE: Final = "dispute"
FEE: Final = "fee"
PAYOUT: Final = "payout"
OWN: Final = "own"
"""The payout's own line: the sum of the others with its sign turned."""
ADJUSTMENT: Final = "adjustment"
UNKNOWN: Final = "unknown"

ABOUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "charge": PAYMENT,
        "payment": PAYMENT,
        "charge_failure": PAYMENT,
        "partial_capture_reversal": PAYMENT,
        "refund": REFUND,
        "refund_failure": REFUND,
        "dispute": DISPUTE,
        "dispute_reversal": DISPUTE,
        "fee": FEE,
        "network_cost": FEE,
        "tax": FEE,
        "payout": PAYOUT,
        "payout_reversal": PAYOUT,
        "adjustment": ADJUSTMENT,
        "other_adjustment": ADJUSTMENT,
        "risk_reserved_funds": ADJUSTMENT,
        "connect_reserved_funds": ADJUSTMENT,
        "topup": ADJUSTMENT,
        "topup_reversal": ADJUSTMENT,
        "transfer": ADJUSTMENT,
        "transfer_reversal": ADJUSTMENT,
    }
)


def about(*, category: str, source: str, payout: str) -> str:
    """What a line is about. `payout` is the vendor's name of the payout it is listed under, "" for none."""
    found = ABOUT.get(category, UNKNOWN)
    return OWN if found == PAYOUT and payout and source in ("", payout) else found
