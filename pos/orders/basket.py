"""From lines to a priced basket: the same reading and pricing for a quote and for an order. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from fynlo.core.errors import DomainError, FieldProblem
from pos.catalog.queries import PricedVariant, price_book
from pos.orders.errors import FractionalQuantity, UnknownVariant
from pos.pricing.engine1.engine import price_cart
from pos.pricing.engine1.types import Cart, CartLine, PricedCart, PricingContext


class WantedLine(Protocol):
    """A variant and how much of it."""

    @property
    def variant_id(self) -> UUID: ...
    @property
    def quantity(self) -> Decimal: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Lines with their variants, and what they cost; both in the order of the lines."""

    variants: tuple[PricedVariant, ...]
    priced: PricedCart


def price_basket(*, lines: Sequence[WantedLine], currency: str) -> Basket:
    """Price `lines` at the catalogue's prices of this moment, in one statement.

    Raises `UnknownVariant`, `FractionalQuantity`, or an error of `pos.pricing.errors`; each names every line
    it is about.
    """
    book = price_book(variant_ids={line.variant_id for line in lines})
    _refuse_unknown(lines, book)
    variants = tuple(book[line.variant_id] for line in lines)
    _refuse_parts(lines, variants)
    cart = Cart(
        lines=tuple(
            CartLine(
                variant_id=variant.id,
                name=variant.name,
                quantity=line.quantity,
                unit_price_minor=variant.price_minor,
                tax_class=variant.tax_class.terms,
            )
            for line, variant in zip(lines, variants, strict=True)
        )
    )
    return Basket(variants=variants, priced=price_cart(cart=cart, context=PricingContext(currency=currency)))


def _refuse_unknown(lines: Sequence[WantedLine], book: dict[UUID, PricedVariant]) -> None:
    detail = "There is no such variant in the catalogue."
    unknown = [index for index, line in enumerate(lines) if line.variant_id not in book]
    _refuse(UnknownVariant, detail, [f"/lines/{index}/variant_id" for index in unknown])


def _refuse_parts(lines: Sequence[WantedLine], variants: Sequence[PricedVariant]) -> None:
    parts = [
        index
        for index, (line, variant) in enumerate(zip(lines, variants, strict=True))
        if variant.unit == "each" and line.quantity != line.quantity.to_integral_value()
    ]
    detail = "This is sold by the piece; a whole number is expected."
    _refuse(FractionalQuantity, detail, [f"/lines/{index}/quantity" for index in parts])


def _refuse(error: type[DomainError], detail: str, pointers: list[str]) -> None:
    if pointers:
        raise error(detail, errors=[FieldProblem(pointer, error.code, detail) for pointer in pointers])
