"""The engine as a till calls it: JSON in, JSON out; modules by name, so that a test may break their functions."""

from decimal import Decimal
from typing import NamedTuple

from pos.pricing import engine, reading, writing
from pos.pricing.types import PricedCart
from tests.properties.whens import Json


class Sale(NamedTuple):
    """What a price depends on."""

    cart: Json
    context: Json
    book: Json


def priced(sale: Sale) -> PricedCart:
    """The engine's answer."""
    return engine.price_cart(
        cart=reading.read_cart(sale.cart),
        context=reading.read_context(sale.context),
        book=reading.read_book(sale.book),
    )


def result(sale: Sale) -> Json:
    """The engine's answer as the document clients get."""
    return writing.result_document(priced(sale))


def whole(document: Json) -> dict[str, Decimal]:
    """Line id → all of its quantity."""
    return {line["id"]: Decimal(line["quantity"]) for line in document["lines"]}
