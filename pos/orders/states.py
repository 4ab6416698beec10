"""Two lives of an order: what happens to the goods, and what happens to the money; and where a price came from."""

from typing import Final

from fynlo.core.states import Transitions

PLACED: Final = "placed"
COMPLETED: Final = "completed"

FULFILMENT: Final = Transitions("fulfilment", {(PLACED, "complete"): COMPLETED})

UNPAID: Final = "unpaid"
PART_PAID: Final = "part_paid"
PAID: Final = "paid"

PAYMENT: Final = Transitions(
    "payment",
    {
        (UNPAID, "pay_part"): PART_PAID,
        (UNPAID, "pay_all"): PAID,
        (PART_PAID, "pay_part"): PART_PAID,
        (PART_PAID, "pay_all"): PAID,
    },
)

LIST: Final = "list"
PRICE_LIST: Final = "price_list"
OVERRIDE: Final = "override"
LABEL: Final = "label"

PRICE_SOURCES: Final = (LIST, PRICE_LIST, OVERRIDE, LABEL)
"""Why a line costs what it costs: the catalogue, a price list, somebody at the till, or a printed label."""

ORDER_TYPES: Final = ("dine_in", "take_away", "pickup", "delivery")
"""How the guest gets what was ordered; taxes and prices may depend on it."""


def payment_event(*, payable_minor: int, paid_minor: int) -> str | None:
    """What a payment that brings the paid sum to `paid_minor` means; None when nothing was paid of something."""
    if paid_minor >= payable_minor:
        return "pay_all"
    return "pay_part" if paid_minor > 0 else None
