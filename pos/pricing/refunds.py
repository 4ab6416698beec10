"""Giving back a sale, all of it or quantities of its lines, so that what is given back never exceeds what was paid.

Of an amount X of a line, `X × c / Q` rounded half away from zero has been given back once c of Q has been. A
step gives the difference to what was given back before: many small refunds end exactly where one big one does.
A component of a combo is given back in the same way, of its own amounts; whatever whole units and components were
given back, in whatever order, it is never more than the line, and exactly the line once nothing of it is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pos.pricing.decimals import PLACES
from pos.pricing.errors import UnknownLine
from pos.pricing.limits import check_quantity
from pos.pricing.pointers import pointer_to
from pos.pricing.refund_steps import Given, Steps, check_sold, read_given
from pos.pricing.types import PricedCart, PricedCharge, PricedLine, PricedTax, Quantity

Quantities = Mapping[str, Quantity]
"""How much of each line, by the line's id."""

NOTHING: Final[Quantities] = {}

Components = Mapping[str, Quantities]
"""How much of components alone, by the line's id and the slot's: for how many units of the line."""

NO_COMPONENTS: Final[Components] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedTax:
    """What is given back of one tax of a line or of the order; 0 or below."""

    tax: PricedTax
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedComponent:
    """A component given back without the rest of its line; its amounts are in those of the line."""

    slot_id: str
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """What is given back for a line; amounts are 0 or below. `quantity` counts whole units, 0 for none."""

    id: str
    quantity: Quantity
    components: tuple[RefundedComponent, ...]
    tax_minor: int
    total_minor: int
    taxes: tuple[RefundedTax, ...]

    @property
    def net_minor(self) -> int:
        """The total without its taxes."""
        return self.total_minor - self.tax_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedCharge:
    """A service charge given back whole; amounts are 0 or below."""

    id: str
    net_minor: int
    tax_minor: int
    taxes: tuple[RefundedTax, ...]

    @property
    def total_minor(self) -> int:
        """With its taxes."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedCart:
    """What is given back; every amount is 0 or below. `subtotal + tax = total`, `total + tip = payable`."""

    currency: str
    lines: tuple[RefundedLine, ...]
    service_charges: tuple[RefundedCharge, ...]
    subtotal_minor: int
    tax_minor: int
    tip_minor: int

    @property
    def total_minor(self) -> int:
        """What is given back, without the tip."""
        return self.subtotal_minor + self.tax_minor

    @property
    def payable_minor(self) -> int:
        """What is given back altogether."""
        return self.total_minor + self.tip_minor


def refund(
    *,
    priced: PricedCart,
    quantities: Quantities,
    before: Quantities = NOTHING,
    components: Components = NO_COMPONENTS,
    components_before: Components = NO_COMPONENTS,
    charges: bool = False,
    tip: bool = False,
) -> RefundedCart:
    """Give back `quantities` when `before` was given back already; charges and tip only whole.

    `components` are given back besides, without the rest of their lines: of each slot of a combo so many units,
    when `components_before` were already.

    Raises `UnknownLine`, `UnknownComponent`, `QuantityOutOfRange`, or `RefundExceedsSale`.
    """
    _check_lines(priced, "/quantities", (*quantities, *before))
    _check_lines(priced, "/components", (*components, *components_before))
    lines = tuple(
        [
            _line(line, _asked(line, quantities, components), _before(line, before, components_before))
            for line in priced.lines
            if line.line.id in quantities or components.get(line.line.id)
        ]
    )
    given_charges = tuple([_charge(charge) for charge in priced.service_charges]) if charges else ()
    parts: tuple[RefundedLine | RefundedCharge, ...] = (*lines, *given_charges)
    return RefundedCart(
        currency=priced.currency,
        lines=lines,
        service_charges=given_charges,
        subtotal_minor=sum([part.net_minor for part in parts]),
        tax_minor=sum([part.tax_minor for part in parts]),
        tip_minor=-priced.tip_minor if tip else 0,
    )


def full_refund(priced: PricedCart) -> RefundedCart:
    """Give everything back: every number is the sale's with the other sign."""
    quantities = {line.line.id: line.line.quantity for line in priced.lines}
    return refund(priced=priced, quantities=quantities, charges=True, tip=True)


def _check_lines(priced: PricedCart, member: str, ids: Iterable[str]) -> None:
    known = {line.line.id for line in priced.lines}
    for line_id in ids:
        if line_id not in known:
            raise UnknownLine(f"the sale has no line {line_id!r}", pointer=pointer_to(member, line_id))


def _line(line: PricedLine, now: Given, before: Given) -> RefundedLine:
    after = before.plus(now)
    check_sold(line=line, now=now, after=after, pointers=_pointers(line, "/quantities", "/components"))
    steps = Steps(line=line, before=before, after=after)
    taxes = []
    for tax in line.taxes:
        net, amount = steps.tax(tax)
        taxes.append(RefundedTax(tax=tax, net_minor=net, tax_minor=amount))
    return RefundedLine(
        id=line.line.id,
        quantity=_quantity(now.units),
        components=tuple(
            [RefundedComponent(slot_id=slot, quantity=_quantity(count)) for slot, count in now.slots.items()]
        ),
        tax_minor=sum([tax.tax_minor for tax in taxes]),
        total_minor=steps.total(),
        taxes=tuple(taxes),
    )


def _asked(line: PricedLine, quantities: Quantities, components: Components) -> Given:
    """What is given back now. A quantity of 0 is refused, a line that is not named is not."""
    pointers = _pointers(line, "/quantities", "/components")
    if line.line.id in quantities:
        check_quantity(quantity=quantities[line.line.id], pointer=pointers[0])
    return _given(line, quantities, components, pointers)


def _before(line: PricedLine, before: Quantities, components: Components) -> Given:
    """What was given back before; 0 is nothing."""
    given = {slot: quantity for slot, quantity in components.get(line.line.id, {}).items() if quantity}
    return _given(line, before, {line.line.id: given}, _pointers(line, "/before", "/components_before"))


def _given(
    line: PricedLine, quantities: Quantities, components: Components, pointers: tuple[str, str]
) -> Given:
    units, slots = quantities.get(line.line.id, 0), components.get(line.line.id, {})
    return read_given(line=line, units=units, slots=slots, pointers=pointers)


def _quantity(counted: int) -> Decimal:
    return Decimal(counted).scaleb(-PLACES)


def _pointers(line: PricedLine, whole: str, components: str) -> tuple[str, str]:
    return pointer_to(whole, line.line.id), pointer_to(components, line.line.id)


def _charge(charge: PricedCharge) -> RefundedCharge:
    return RefundedCharge(
        id=charge.id,
        net_minor=-charge.net_minor,
        tax_minor=-charge.tax_minor,
        taxes=tuple(
            [RefundedTax(tax=tax, net_minor=-tax.net_minor, tax_minor=-tax.tax_minor) for tax in charge.taxes]
        ),
    )
