"""What can be approved: who may approve it, and which limits of the approver count. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

ORDERS: Final = "orders.approve"
REGISTERS: Final = "registers.approve"
PAYMENTS: Final = "payments.override"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that may need an approval: its name in words, the approver's permission and their limits."""

    title: str
    permission: str
    limits: tuple[str, ...]


ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "refund": Action("Refund", ORDERS, ("refund_minor",)),
        "receiptless": Action("Refund without a receipt", ORDERS, ("refund_minor",)),
        "void": Action("Void a line", ORDERS, ("void_minor",)),
        "cancel": Action("Cancel an order", ORDERS, ("void_minor",)),
        "discount": Action("Discount by hand", ORDERS, ("discount_percent", "discount_minor")),
        "override": Action("Price by hand", ORDERS, ("override_percent",)),
        "gift_card": Action("Give value away on a gift card, or correct it", ORDERS, ("gift_card_minor",)),
        "payment_override": Action("Another payment while the outcome of one is unknown", PAYMENTS, ()),
        "paid_out": Action("Take money out of a drawer", REGISTERS, ("paid_out_minor",)),
        "variance": Action("Close a drawer that is over or short", REGISTERS, ("variance_minor",)),
    }
)
