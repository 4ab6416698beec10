"""What may be done about each kind of difference, and how it is told. Pure data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LOOK: Final = "look"
GIVE_BACK: Final = "give_back"
SETTLE: Final = "settle"
ACCEPT: Final = "accept"
TO_FEES: Final = "to_fees"

ACTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "missing_here": (ACCEPT,),
        "missing_there": (LOOK, ACCEPT),
        "status": (LOOK, ACCEPT),
        "amount": (LOOK, ACCEPT),
        "unsettled": (SETTLE, GIVE_BACK, ACCEPT),
        "refund_missing_here": (ACCEPT,),
        "refund_missing_there": (LOOK, ACCEPT),
        "refund_status": (LOOK, ACCEPT),
        "refund_amount": (LOOK, ACCEPT),
        "dispute_missing_here": (ACCEPT,),
        "unknown_category": (ACCEPT, TO_FEES),
        "adjustment": (ACCEPT, TO_FEES),
        "payout_sum": (ACCEPT,),
        "payout_manual": (ACCEPT,),
        "payout_currency": (ACCEPT,),
        "machine_total": (ACCEPT,),
    }
)

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing_here": "The vendor took a payment that nobody here knows",
        "missing_there": "Taken here, but the vendor does not list it",
        "status": "The vendor took it; here it did not come about",
        "amount": "The amounts differ",
        "unsettled": "Taken, and not put to an order yet",
        "refund_missing_here": "The vendor gave money back that nobody here gave back",
        "refund_missing_there": "Given back here, but the vendor does not list it",
        "refund_status": "The vendor and we do not agree whether it went back",
        "refund_amount": "The amounts that went back differ",
        "dispute_missing_here": "Money was taken back for a dispute that is not known",
        "unknown_category": "A line of a kind nobody knows",
        "adjustment": "The vendor corrected the balance",
        "payout_sum": "The lines of the payout do not add up to it",
        "payout_manual": "A payout asked for by hand: booked whole, its lines are not known",
        "payout_currency": "A payout in another currency: not booked",
        "machine_total": "The card machine says something else than the books",
    }
)
"""Every kind of difference in a sentence."""

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        LOOK: "Look again",
        GIVE_BACK: "Give back",
        SETTLE: "Put to its order",
        ACCEPT: "Accept",
        TO_FEES: "Book as a fee",
    }
)
