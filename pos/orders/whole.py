"""An order with everything that belongs to it, and the numbers people read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from payments.tenders.queries import PaymentTaken
from pos.orders import states
from pos.orders.models import Order, OrderLine, OrderTax


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeOrder:
    """An order with everything that belongs to it: lines by position, taxes by class, payments by id.

    `receipt_register_code` is given where another register than the order's own gave it its receipt.
    `is_training`: it was for practice; its number is that of the register's trainings, and it is no row.
    """

    order: Order
    register_code: str
    location_code: str
    lines: Sequence[OrderLine]
    taxes: Sequence[OrderTax]
    payments: Sequence[PaymentTaken]
    receipt_register_code: str | None = None
    is_training: bool = False

    @property
    def id(self) -> UUID:
        """The order's key."""
        return self.order.id

    @property
    def reference(self) -> str:
        """The number people read: `K1-17`, for practice `K1-T3`."""
        number = f"T{self.order.number}" if self.is_training else self.order.number
        return f"{self.register_code}-{number}"

    @property
    def due_minor(self) -> int:
        """What is still to pay: nothing of what was cancelled or is settled."""
        order = self.order
        if order.fulfilment_state == states.CANCELLED or order.payment_state not in states.OWING:
            return 0
        return self.payable_minor - order.paid_minor + order.refunded_minor

    @property
    def lines_left(self) -> list[OrderLine]:
        """The lines that were not voided."""
        return [line for line in self.lines if line.voided_at is None]

    @property
    def taxes_left(self) -> list[OrderTax]:
        """The taxes; those of what is no longer on an order that was changed are left out."""
        if self.order.revision == 1:
            return list(self.taxes)
        return [tax for tax in self.taxes if tax.net_minor or tax.tax_minor]

    @property
    def receipt_reference(self) -> str | None:
        """The number of its receipt that people read (`K1-R12`); None before it is paid in full."""
        number = self.order.receipt_number
        if number is None:
            return None
        code = self.receipt_register_code or self.register_code
        return receipt_reference(register_code=code, number=number)

    @property
    def payable_minor(self) -> int:
        """What the guest owes: the total and the tip."""
        return self.order.total_minor + self.order.tip_minor

    @property
    def rounding_minor(self) -> int:
        """What cash rounding gave the guest; below 0 it took."""
        return sum(payment.rounding_minor for payment in self.payments)

    @property
    def change_minor(self) -> int:
        """What went back to the guest."""
        return sum(payment.change_minor for payment in self.payments)


def reference(*, register_code: str, number: int) -> str:
    """The number people read, unique in the merchant's shops: `K1-17`."""
    return f"{register_code}-{number}"


def receipt_reference(*, register_code: str, number: int) -> str:
    """The number of a receipt that people read, unique in the merchant's shops: `K1-R12`."""
    return f"{register_code}-R{number}"
