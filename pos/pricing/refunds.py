"""Giving back a sale, all of it or quantities of its lines, so that what is given back never exceeds what was paid.

Of an amount X of a line, `X × c / Q` rounded half away from zero has been given back once c of Q has been. A
step gives the difference to what was given back before: many small refunds end exactly where one big one does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pos.pricing.arithmetic import half_up
from pos.pricing.decimals import millionths
from pos.pricing.errors import RefundExceedsSale, UnknownLine
from pos.pricing.limits import check_quantity
from pos.pricing.pointers import pointer_to
from pos.pricing.types import PricedCart, PricedCharge, PricedLine, PricedTax, Quantity

Quantities = Mapping[str, Quantity]
"""How much of each line, by the line's id."""

NOTHING: Final[Quantities] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedTax:
    """What is given back of one tax of a line or of the order; 0 or below."""

    tax: PricedTax
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """What is given back for a line; amounts are 0 or below."""

    id: str
    quantity: Quantity
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
    charges: bool = False,
    tip: bool = False,
) -> RefundedCart:
    """Give back `quantities` when `before` was given back already; charges and tip only whole.

    Raises `UnknownLine`, `QuantityOutOfRange`, or `RefundExceedsSale`.
    """
    known = {line.line.id for line in priced.lines}
    for line_id in (*quantities, *before):
        if line_id not in known:
            raise UnknownLine(f"the sale has no line {line_id!r}", pointer=pointer_to("/quantities", line_id))
    lines = tuple(
        [
            _line(line, quantities[line.line.id], before.get(line.line.id, 0))
            for line in priced.lines
            if line.line.id in quantities
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


def _line(line: PricedLine, quantity: Quantity, before: Quantity) -> RefundedLine:
    pointer = pointer_to("/quantities", line.line.id)
    check_quantity(quantity=quantity, pointer=pointer)
    if before:
        check_quantity(quantity=before, pointer=pointer_to("/before", line.line.id))
    whole, start = millionths(line.line.quantity), millionths(before)
    end = start + millionths(quantity)
    if end > whole:
        raise RefundExceedsSale("more than was sold cannot be given back", pointer=pointer)

    def step(amount: int) -> int:
        return half_up(amount * start, whole) - half_up(amount * end, whole)

    taxes = tuple(
        [
            RefundedTax(tax=tax, net_minor=step(tax.net_minor), tax_minor=step(tax.tax_minor))
            for tax in line.taxes
        ]
    )
    return RefundedLine(
        id=line.line.id,
        quantity=quantity,
        tax_minor=sum([tax.tax_minor for tax in taxes]),
        total_minor=step(line.total_minor),
        taxes=taxes,
    )


def _charge(charge: PricedCharge) -> RefundedCharge:
    return RefundedCharge(
        id=charge.id,
        net_minor=-charge.net_minor,
        tax_minor=-charge.tax_minor,
        taxes=tuple(
            [RefundedTax(tax=tax, net_minor=-tax.net_minor, tax_minor=-tax.tax_minor) for tax in charge.taxes]
        ),
    )
