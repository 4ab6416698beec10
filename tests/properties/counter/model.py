"""A counter as somebody with a pencil would keep it: every sale on a list, everything added up anew each time.

It shares nothing with the product: no transfers, no states that are stored, only what follows from the lists.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from tests.properties.counter.amounts import GOODS, NOTHING, Amounts, half_up


@dataclass(slots=True)
class Line:
    """So much of a good, `off` minor units cheaper; `back` of it was brought back, and `given` was paid for that.

    Money given back without goods (`goodwill`) makes what is left of the line a line of its own: from then on
    shares are of that.
    """

    key: UUID
    name: str
    quantity: Fraction
    off: int = 0
    is_void: bool = False
    back: Fraction = Fraction(0)
    given: Amounts = NOTHING
    goodwill: Amounts = NOTHING
    from_back: Fraction = Fraction(0)

    @property
    def amounts(self) -> Amounts:
        """What it comes to on the receipt."""
        if self.is_void:
            return NOTHING
        good = GOODS[self.name]
        shown = half_up(good.price * self.quantity) - self.off
        if not good.is_inclusive:
            return Amounts(shown, half_up(shown * good.rate))
        tax = half_up(shown * good.rate / (1 + good.rate))
        return Amounts(shown - tax, tax)

    @property
    def left(self) -> Amounts:
        """What of it was not given back."""
        return self.amounts.less(self.given)

    def bring_back(self, quantity: Fraction) -> Amounts:
        """So much more comes back; what is paid for it."""
        whole = self.amounts.less(self.goodwill)
        self.back += quantity
        part = (self.back - self.from_back) / (self.quantity - self.from_back)
        upto = whole.part(part)
        paid = upto.less(self.given.less(self.goodwill))
        self.given = self.given.plus(paid)
        return paid

    def give(self, amount: int) -> Amounts:
        """So much money goes back and no goods do; its parts."""
        paid = self.left.part(Fraction(amount, self.left.total))
        self.given = self.goodwill = self.given.plus(paid)
        return paid

    def share_anew(self) -> None:
        """Money was given back without goods, for this line or for another."""
        self.goodwill, self.from_back = self.given, self.back


@dataclass(slots=True)
class Paid:
    """A payment: `pays` of the order was settled by it; cash gives change and is rounded.

    `back` of it went back, for which `given` was handed out.
    """

    key: UUID
    tender: str
    tendered: int
    pays: int
    rounding: int = 0
    back: int = 0
    given: int = 0

    @property
    def change(self) -> int:
        """What the guest got back at once."""
        return self.tendered + self.rounding - self.pays


@dataclass(slots=True)
class Sale:
    """An order. `number` is one of the register where it was opened, `receipt` one of where it was paid.

    `at` is the minute in which it was sold, which a ticket is when it is placed.
    """

    key: UUID
    register: str
    number: int
    lines: list[Line]
    tip: int = 0
    at: int = 0
    state: str = "completed"
    receipt: int | None = None
    paid_at: str = ""
    payments: list[Paid] = field(default_factory=list)
    refunds: list["Refund"] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Of all lines that count."""
        return sum(line.amounts.total for line in self.lines)

    @property
    def payable(self) -> int:
        """With the tip."""
        return self.total + self.tip

    @property
    def paid(self) -> int:
        """What of it is settled."""
        return sum(payment.pays for payment in self.payments)

    @property
    def due(self) -> int:
        """What is not; nothing of what was cancelled."""
        return 0 if self.state == "cancelled" else self.payable - self.paid

    @property
    def refunded(self) -> int:
        """What of it went back, the tip included."""
        return sum(refund.total + refund.tip for refund in self.refunds)

    @property
    def is_open(self) -> bool:
        """It may still be changed."""
        return self.state in ("draft", "placed") and self.receipt is None

    @property
    def is_booked(self) -> bool:
        """Tickets are in nobody's books, and what was cancelled is out of them again."""
        return self.state in ("placed", "completed")

    @property
    def payment_state(self) -> str:
        """What a till shows."""
        if self.refunded:
            return "refunded" if self.refunded == self.paid else "part_refunded"
        if self.state == "cancelled" or not self.payable - self.paid > 0:
            return "unpaid" if self.receipt is None else "paid"
        return "part_paid" if self.payments else "unpaid"


class Back(NamedTuple):
    """What of a refund settles a payment of this kind, and what was handed out for it by a way to pay."""

    tender: str
    amount: int
    given: int


@dataclass(slots=True)
class Refund:
    """Money that went back, by tax class; its number is one of the register's receipts."""

    key: UUID
    register: str
    number: int
    parts: list[tuple[str, Amounts]]
    tenders: list[Back]
    tip: int = 0

    @property
    def total(self) -> int:
        """Without the tip."""
        return sum(amounts.total for _, amounts in self.parts)


@dataclass(slots=True)
class Session:
    """A drawer between opening and closing: every movement, and how much was found in the end."""

    key: UUID
    register: str
    opened_at: int
    moves: list[tuple[str, int]] = field(default_factory=list)
    closed_at: int | None = None
    counted: int = 0
    expected: int = 0
    late: list[Sale] = field(default_factory=list)

    @property
    def there(self) -> int:
        """What should be in it."""
        return sum(amount for _, amount in self.moves)


class Happened(NamedTuple):
    """Something with a place in a register's journal: what, the receipt or order it is about, and its cash."""

    kind: str
    what: Any = None


@dataclass(slots=True)
class Register:
    """A till: how many of each number were given, and what happened at it, in the order it became known."""

    code: str
    orders: int = 0
    receipts: int = 0
    trainings: int = 0
    closings: int = 0
    since: int = 0
    """Where in its journal the last Z ended."""
    journal: list[Happened] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    @property
    def open(self) -> Session | None:
        """The session that is open."""
        return self.sessions[-1] if self.sessions and self.sessions[-1].closed_at is None else None

    def session_at(self, at: int) -> Session | None:
        """The closed session in which something happened that is heard of only now."""
        found = (each for each in self.sessions if each.closed_at and each.opened_at <= at < each.closed_at)
        return next(found, None)
