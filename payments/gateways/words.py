"""What people read on pages where the database has codes. Pure data; the API keeps telling the codes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from fynlo.core.money import spell_money

Words = Mapping[str, str]

ATTEMPT: Final[Words] = MappingProxyType(
    {
        "prepared": "Being prepared",
        "presented": "Waiting for the guest",
        "authorised": "Reserved",
        "captured": "Taken",
        "declined": "Declined",
        "cancelled": "Cancelled",
        "expired": "Not paid in time",
        "refused": "Could not be asked for",
        "unknown": "Not known yet",
    }
)
REFUND: Final[Words] = MappingProxyType(
    {
        "prepared": "To be sent",
        "pending": "On its way",
        "succeeded": "Given back",
        "failed": "Failed",
        "unknown": "Not known yet",
        "settled": "Settled otherwise",
    }
)
BACK: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Given back": ("succeeded",),
        "Going back": ("prepared", "pending", "unknown"),
        "Failed, still owed": ("failed",),
        "Settled otherwise": ("settled",),
    }
)
"""What stands beside an amount, by the states of the refunds it is the sum of: only the first is with the guest."""
CHANNEL: Final[Words] = MappingProxyType(
    {
        "present": "At a card reader",
        "remote": "On the guest's own device",
        "qr": "By a QR code",
        "manual": "Told by people",
    }
)
ACCOUNT: Final[Words] = MappingProxyType(
    {
        "active": "Connected",
        "restricted": "Restricted",
        "disconnected": "Not connected",
        "unchecked": "Not asked yet",
    }
)
"""States of a connection, as `facts.state_told` tells them."""
READER: Final[Words] = MappingProxyType(
    {"online": "Connected", "offline": "Not connected", "busy": "In use", "unknown": "Not known yet"}
)
GATEWAY: Final[Words] = MappingProxyType(
    {
        "card_machine": "Card machine of its own",
        "cash": "Cash",
        "gift_card": "Gift cards",
        "simulator": "Simulator",
        "store_credit": "Store credit",
        "stripe": "Stripe",
    }
)
CAPABILITY: Final[Words] = MappingProxyType(
    {
        "channels": "Ways to ask",
        "manual_capture": "Reserving first, taking later",
        "increment": "Reserving more",
        "partial_refund": "Giving back a part",
        "refund_needs_card": "Giving back needs the card",
        "reader_tips": "Tips on the reader",
        "offline": "Taking cards without a network",
        "settlements": "Listing payouts",
        "cancel": "Cancelling",
        "currencies": "Currencies",
        "smallest_minor": "Smallest amount",
        "largest_minor": "Largest amount",
        "step_minor": "Steps of amounts",
        "trouble": "What stands in the way",
        "account": "Whose answer it is",
    }
)
WHAT: Final[Words] = MappingProxyType({"sent": "Sent", "answered": "Answered", "noticed": "Noticed"})
"""What happened in a step."""
VERB: Final[Words] = MappingProxyType(
    {
        "begin": "Begin the payment",
        "present": "Put it before the guest",
        "advance": "Look what became of it",
        "capture": "Take what is reserved",
        "increment": "Reserve more",
        "cancel": "Let it go",
        "refund": "Give it back",
        "give_back": "Give it back",
        "override": "Allow another payment",
        "decide": "Late money",
        "retry": "Send the refund again",
        "settle": "Settle the refund otherwise",
    }
)
_DETAIL: Final[Words] = MappingProxyType(
    {
        "told": "The provider says",
        "vendor_id": "Its name there",
        "authorised_minor": "Reserved",
        "captured_minor": "Taken",
        "amount_minor": "Amount",
        "to_minor": "Up to",
        "certain": "For certain",
        "stale": "Older than what is known",
        "failure": "Refusal",
        "code": "Its code",
        "text": "In its words",
        "reader": "Reader",
        "how": "How the guest got it",
        "decision": "Decided",
        "unknown": "Why nobody knows",
    }
)


def word(code: Any, words: Words) -> str:
    """The word for a code; one that is not known is its own word, readable."""
    text = str(code)
    return words.get(text) or text.replace("_", " ").capitalize()


def details(
    detail: Mapping[str, Any], currency: str, known: Words = MappingProxyType({})
) -> list[tuple[str, str]]:
    """What a step keeps, in words: amounts as people write them, nothing that is empty or as usual.

    `known` are names of what is told by its key.
    """
    found: list[tuple[str, str]] = []
    for name, value in detail.items():
        if isinstance(value, Mapping):
            found += details(value, currency, known)
        elif not _goes_without_saying(name, value):
            found.append((word(name, _DETAIL), _said(name, value, currency, known)))
    return found


def _goes_without_saying(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value is (name == "certain")
    return value in (None, "", [], 0)


def _said(name: str, value: Any, currency: str, known: Words) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith("_minor"):
        return spell_money(value, currency)
    table = {"told": ATTEMPT, "state": REFUND}.get(name)
    return known.get(str(value), str(value)) if table is None else word(value, table)
