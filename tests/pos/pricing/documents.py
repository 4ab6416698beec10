"""Short ways to write books, carts and contexts in tests: the JSON documents, read as everybody's are."""

from typing import Any

from pos.pricing.engine import price_cart
from pos.pricing.reading import read_book, read_cart, read_context
from pos.pricing.types import PricedCart

Json = dict[str, Any]

STANDARD = {
    "code": "standard",
    "rules": [{"inclusive": True, "components": [{"code": "vat", "rate": "0.19"}]}],
}
REDUCED = {"code": "reduced", "rules": [{"inclusive": True, "components": [{"code": "vat", "rate": "0.07"}]}]}
FREE = {"code": "free", "rules": [{"inclusive": True, "components": []}]}


def tax_class(code: str, rate: str, *, inclusive: bool = True) -> Json:
    """A tax class with one rate."""
    component = {"code": "vat", "rate": rate}
    return {"code": code, "rules": [{"inclusive": inclusive, "components": [component]}]}


def item(name: str, price: int, tax: str = "standard", **more: Any) -> Json:
    """An item with one variant of the same id."""
    variant = {"id": name, "price_minor": price, "scheduled_prices": more.pop("scheduled", [])}
    return {"id": name, "tax_class": tax, "variants": [variant], **more}


def book(*items: Json, **more: Any) -> Json:
    """A book of these items; German taxes unless others are given."""
    return {"tax_classes": [STANDARD, REDUCED, FREE], "items": list(items), **more}


def line(variant: str, quantity: str = "1", **more: Any) -> Json:
    """A line; its id is `more["id"]` or the variant's."""
    return {"id": more.pop("id", variant), "variant_id": variant, "quantity": quantity, **more}


def context(currency: str = "EUR", scope: str = "per_line", mode: str = "half_up", **more: Any) -> Json:
    """A Friday at five past six, with this rounding."""
    rounding = {"scope": scope, "mode": mode}
    return {"currency": currency, "at": "2026-11-20T18:05", "rounding": rounding, **more}


def price(prices: Json, *lines: Json, where: Json | None = None, **cart: Any) -> PricedCart:
    """These lines priced with the book `prices`; `cart` are further members of the cart."""
    return price_cart(
        cart=read_cart({"lines": list(lines), **cart}),
        context=read_context(where or context()),
        book=read_book(prices),
    )


def amounts(priced: PricedCart) -> list[tuple[int, int, int]]:
    """Net, tax and total of each line."""
    return [(line.net_minor, line.tax_minor, line.total_minor) for line in priced.lines]


def totals(priced: PricedCart) -> tuple[int, int, int]:
    """Subtotal, tax and total."""
    return priced.subtotal_minor, priced.tax_minor, priced.total_minor


def discounts(priced: PricedCart) -> list[tuple[str, int, list[int]]]:
    """Every discount: id, amount, and what the lines got that got anything."""
    return [
        (discount.id, discount.amount_minor, [share.amount_minor for share in discount.allocations])
        for discount in priced.discounts
    ]
