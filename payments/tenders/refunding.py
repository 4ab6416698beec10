"""How money goes back: from which payments, and how much of it is handed out. Pure.

What goes back goes the way it came: by a payment's own way to pay, the latest payment first, cash last. Somebody
may give it back another way; then the payments of that way are taken from first, again the latest first.

What is handed out follows what was handed over. Of a payment in cash whose last cents were rounded, all of it gives
back the very coins that were taken; parts of it are rounded to the coins there are, and never come to more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from payments.tenders.kinds import CASH, EXCHANGE

RoundCash = Callable[[int], int]
"""The nearest amount that coins can make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A payment, and what of it went back. `handed` is what was kept of what was handed over: the coins.

    `amount` less `handed` is what rounding gave. `refunded` of it went back, for which `given` was handed out.
    """

    id: UUID
    tender_type: str
    kind: str
    amount_minor: int
    handed_minor: int
    house_account_id: UUID | None = None
    stored_value_id: UUID | None = None
    refunded_minor: int = 0
    given_minor: int = 0
    foreign_currency: str = ""
    foreign_rate: Decimal | None = None

    @property
    def goes_back_in_cash(self) -> bool:
        """Cash, what goods that came back paid, and foreign notes, unless somebody says which notes go back."""
        return self.kind in (CASH, EXCHANGE) or bool(self.foreign_currency)

    @property
    def left_minor(self) -> int:
        """What of it may still go back."""
        return self.amount_minor - self.refunded_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way in which money goes back. `amount` is what it settles; None: what is left, for the last one."""

    tender_type: str
    kind: str
    amount_minor: int | None
    house_account_id: UUID | None = None
    stored_value_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """`amount` of a payment goes back by the way with this number, for which `given` is handed out."""

    payment: Paid
    way: int
    amount_minor: int
    given_minor: int

    @property
    def rounding_minor(self) -> int:
        """What of the amount is not handed out (below 0: what is handed out beyond it)."""
        return self.amount_minor - self.given_minor


class MoreThanPaid(ValueError):
    """More is to go back than is left of the payments."""


def give_back(
    *, amount_minor: int, paid: Sequence[Paid], ways: Sequence[Way], round_cash: RoundCash
) -> list[GivenBack]:
    """What goes back of which payment, `paid` in the order of time. Raises `MoreThanPaid`."""
    left = list(paid)
    parts: list[GivenBack] = []
    for number, way in enumerate(ways):
        settles = amount_minor if way.amount_minor is None else way.amount_minor
        if settles > amount_minor:
            raise MoreThanPaid(settles)
        amount_minor -= settles
        for place in _order(left, way):
            taken = min(left[place].left_minor, settles)
            if taken > 0:
                parts.append(_part(left[place], number, way, taken, round_cash))
                left[place] = _after(left[place], parts[-1])
                settles -= taken
        if settles:
            raise MoreThanPaid(settles)
    if amount_minor:
        raise MoreThanPaid(amount_minor)
    return parts


def after_parts(*, paid: Sequence[Paid], parts: Iterable[GivenBack]) -> list[Paid]:
    """The payments as they are after these parts of them went back."""
    left = {each.id: each for each in paid}
    for part in parts:
        left[part.payment.id] = _after(left[part.payment.id], part)
    return list(left.values())


def original_ways(*, amount_minor: int, paid: Sequence[Paid]) -> list[Way]:
    """The ways the money came: the latest payment first, cash last.

    Money of an exchange comes back in cash, and so does what foreign notes paid.
    """
    ways: list[Way] = []
    latest_first = list(reversed(paid))
    for payment in sorted(latest_first, key=lambda each: each.goes_back_in_cash):
        taken = min(payment.left_minor, amount_minor)
        if taken > 0:
            ways = _with(ways, payment, taken)
            amount_minor -= taken
    if amount_minor:
        raise MoreThanPaid(amount_minor)
    return ways


def _with(ways: Sequence[Way], payment: Paid, amount_minor: int) -> list[Way]:
    in_cash = payment.goes_back_in_cash
    kind = CASH if in_cash else payment.kind
    code = "" if in_cash and payment.kind != CASH else payment.tender_type
    way = Way(
        tender_type=code,
        kind=kind,
        amount_minor=amount_minor,
        house_account_id=payment.house_account_id,
        stored_value_id=payment.stored_value_id,
    )
    return [*ways, way]


def _order(paid: Iterable[Paid], way: Way) -> list[int]:
    """Payments of the same way first, then the others, cash last; the latest first."""
    numbered = list(enumerate(paid))[::-1]
    return [
        place
        for place, _ in sorted(
            numbered,
            key=lambda each: (
                (each[1].tender_type, each[1].house_account_id) != (way.tender_type, way.house_account_id),
                each[1].stored_value_id != way.stored_value_id,
                each[1].goes_back_in_cash,
            ),
        )
    ]


def _part(payment: Paid, number: int, way: Way, amount_minor: int, round_cash: RoundCash) -> GivenBack:
    upto = payment.refunded_minor + amount_minor
    coins = way.kind == CASH
    if upto == payment.amount_minor and (payment.kind == CASH or not coins):
        target = payment.handed_minor
        if way.kind == EXCHANGE:  # goods for goods of the same price: nothing is left to pay
            target = max(target, upto)
    else:
        target = round_cash(upto) if coins else upto
        if payment.kind == CASH:
            target = min(target, payment.handed_minor)
    given = max(target - payment.given_minor, 0)
    return GivenBack(payment=payment, way=number, amount_minor=amount_minor, given_minor=given)


def _after(payment: Paid, part: GivenBack) -> Paid:
    return replace(
        payment,
        refunded_minor=payment.refunded_minor + part.amount_minor,
        given_minor=payment.given_minor + part.given_minor,
    )
