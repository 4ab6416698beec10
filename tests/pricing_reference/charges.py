"""Steps 8 and 11: service charges before and after tax."""

from dataclasses import dataclass, field
from fractions import Fraction

from tests.pricing_reference.book import Json, Line, in_order
from tests.pricing_reference.conditions import holds
from tests.pricing_reference.numbers import nearest, shared_by_weight
from tests.pricing_reference.taxes import Taxed, taxed


@dataclass(eq=False)
class Charge:
    """A service charge of the order, with its taxed shares if it is taxable."""

    written: Json
    amount: int
    shares: list[Taxed] = field(default_factory=list)

    @property
    def net(self) -> int:
        """Without tax."""
        return sum(one.net for one in self.shares) if self.shares else self.amount

    @property
    def tax(self) -> int:
        """Its taxes."""
        return sum(one.tax for one in self.shares)


def charges_before_tax(book: Json, cart: Json, lines: list[Line], context: Json) -> list[Charge]:
    """Step 8: charges on what remains of the lines, never on each other."""
    base = sum(line.left for line in lines)
    charges = charges_of(book, cart, context, "before_tax", base)
    for charge in charges:
        if charge.written["taxable"]:
            charge.shares = taxed_shares(book, charge, lines, context)
    return charges


def charges_after_tax(book: Json, cart: Json, gross: int, context: Json) -> list[Charge]:
    """Step 11: charges on everything with its taxes; untaxed."""
    return charges_of(book, cart, context, "after_tax", gross)


def charges_of(book: Json, cart: Json, context: Json, phase: str, base: int) -> list[Charge]:
    """The charges of a phase that hold, are not waived, and are not nothing."""
    charges = [
        Charge(written=written, amount=amount_of(written, base, context))
        for written in in_order(book["service_charges"])
        if written["phase"] == phase
        and holds(written["when"], context)
        and written["id"] not in cart.get("waived_charges", [])
    ]
    return [charge for charge in charges if charge.amount != 0]


def amount_of(written: Json, base: int, context: Json) -> int:
    """A percentage of the base, an amount, or so much a cover."""
    if written.get("percent") is not None:
        return nearest(base * Fraction(written["percent"]), context["rounding"]["mode"])
    if written.get("per_cover_minor") is not None:
        return int(written["per_cover_minor"]) * int(context.get("covers", 0))
    return int(written["amount_minor"])


def taxed_shares(book: Json, charge: Charge, lines: list[Line], context: Json) -> list[Taxed]:
    """One amount with the charge's own tax class, or shares taxed like the parts they fall on."""
    written = charge.written
    order = ("charge", written["priority"], written["id"])
    if written.get("tax_class") is not None:
        return [
            taxed(
                book,
                context,
                owner=written,
                order=order,
                amount=charge.amount,
                quantity=Fraction(1),
                tax_class=written["tax_class"],
                order_type=None,
            )
        ]
    parts = [part for line in lines for part in line.parts]
    orders = [(part.order, place) for place, part in enumerate(parts)]
    shares = shared_by_weight(charge.amount, [Fraction(part.left) for part in parts], orders)
    return [
        taxed(
            book,
            context,
            owner=written,
            order=(*order, part.order, place),
            amount=share,
            quantity=Fraction(0),
            tax_class=part.tax_class,
            order_type=part.order_type,
        )
        for place, (part, share) in enumerate(zip(parts, shares, strict=True))
    ]
