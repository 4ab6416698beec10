"""What a cart costs: a pure function from cart, context and price book to a priced cart, in exact numbers.

Limits → list prices and price lists → modifiers → combos → line discounts → promotions → order discounts →
service charges → taxes → rounding → charges after tax → sums. Every step with worked numbers:
`docs/algorithms/pricing.md`. Cash is rounded at the tender only (`pos.pricing.cash`).
"""

from fynlo.core.money import exponent
from pos.pricing.arithmetic import Rounding, rounding
from pos.pricing.book import Book
from pos.pricing.charges import Charge, charges_of, tax_charges
from pos.pricing.digest import canonical_digest
from pos.pricing.discounts import Given, give_line_discounts, give_order_discounts
from pos.pricing.limits import check_cart, check_total
from pos.pricing.lines import priced_lines
from pos.pricing.promotions import give_promotions
from pos.pricing.results import LineTaxes, net_sales, priced_charge, priced_line, tax_sums
from pos.pricing.tax_rounding import round_taxes
from pos.pricing.taxes import Taxation
from pos.pricing.types import ENGINE_VERSION, Cart, Context, Phase, PricedCart, PricedCharge, PricedLine
from pos.pricing.working import Line

__all__ = ["ENGINE_VERSION", "price_cart"]


def price_cart(*, cart: Cart, context: Context, book: Book) -> PricedCart:
    """Price `cart`. Raises the errors of `pos.pricing.errors`, or `UnknownCurrency`."""
    exponent(context.currency)
    check_cart(cart)
    round_to_minor = rounding(context.rounding.mode)
    lines = priced_lines(cart=cart, context=context, book=book, round_to_minor=round_to_minor)
    given = _discounts(cart, context, book, lines, round_to_minor)
    line_taxes, charges = _taxed(cart, context, book, lines, round_to_minor)
    return _result(cart, context, line_taxes, charges, given)


def _discounts(
    cart: Cart, context: Context, book: Book, lines: list[Line], round_to_minor: Rounding
) -> list[Given]:
    """Everything taken off the lines, in the order in which it was."""
    in_cart = sorted(lines, key=lambda line: line.place)
    return [
        *give_line_discounts(lines=in_cart, round_to_minor=round_to_minor),
        *give_promotions(lines=lines, context=context, book=book, round_to_minor=round_to_minor),
        *give_order_discounts(discounts=cart.discounts, lines=lines, round_to_minor=round_to_minor),
    ]


def _taxed(
    cart: Cart, context: Context, book: Book, lines: list[Line], round_to_minor: Rounding
) -> tuple[LineTaxes, list[Charge]]:
    """The lines' parts with their rounded taxes, and all service charges with theirs."""

    def charged(phase: Phase, base_minor: int) -> list[Charge]:
        return charges_of(
            phase=phase,
            base_minor=base_minor,
            context=context,
            index=book.index,
            waived=cart.waived_charges,
            round_to_minor=round_to_minor,
        )

    taxation = Taxation(context=context, index=book.index, round_to_minor=round_to_minor)
    charges = charged("before_tax", sum([line.left for line in lines]))
    tax_charges(charges=charges, lines=lines, taxation=taxation)
    line_taxes = {line: taxation.of_line(line) for line in lines}
    parts = [part for taxed in line_taxes.values() for part in taxed]
    parts += [part for charge in charges for part in charge.taxed]
    round_taxes(parts=parts, scope=context.rounding.scope, round_to_minor=round_to_minor)
    gross = sum([part.net + part.tax for part in parts])
    gross += sum([charge.amount for charge in charges if not charge.taxed])
    return line_taxes, charges + charged("after_tax", gross)


def _result(
    cart: Cart, context: Context, line_taxes: LineTaxes, charges: list[Charge], given: list[Given]
) -> PricedCart:
    priced = {line: priced_line(line=line, taxed=taxed) for line, taxed in line_taxes.items()}
    lines = tuple([priced[line] for line in sorted(priced, key=lambda line: line.place)])
    service_charges = tuple([priced_charge(charge) for charge in charges])
    line_ids = [line.id for line in cart.lines]
    discounts = tuple([discount.priced(line_ids) for discount in given])
    taxes = tax_sums([*line_taxes.values(), *[charge.taxed for charge in charges]])
    sales, tip = net_sales(line_taxes), cart.tip_minor
    parts: tuple[PricedLine | PricedCharge, ...] = (*lines, *service_charges)
    subtotal, tax = sum([part.net_minor for part in parts]), sum([part.tax_minor for part in parts])
    shown = sum([line.base_minor for line in lines])
    check_total(shown_minor=shown, payable_minor=subtotal + tax + tip, tip_minor=tip)
    return PricedCart(
        currency=context.currency,
        engine_version=ENGINE_VERSION,
        policy=context.rounding,
        lines=lines,
        discounts=discounts,
        service_charges=service_charges,
        taxes=taxes,
        sales=sales,
        subtotal_minor=subtotal,
        tax_minor=tax,
        tip_minor=tip,
        digest=canonical_digest(
            currency=context.currency,
            policy=context.rounding,
            lines=[(line.key, priced_of) for line, priced_of in priced.items()],
            discounts=discounts,
            charges=service_charges,
            taxes=taxes,
            sales=sales,
            totals=(subtotal, tax, tip),
        ),
    )
