"""Short ways to price carts for tests of what an order makes of them: JSON as the vectors have it."""

from typing import Any

from pos.pricing.engine import price_cart
from pos.pricing.reading import read_book, read_cart, read_context
from pos.pricing.types import PricedCart

Json = dict[str, Any]


def tax_class(code: str, *components: tuple[str, str], inclusive: bool = True) -> Json:
    """A class of the taxes (code, rate); of one tax with its own code unless said."""
    taxes = [{"code": tax, "name": tax.title(), "rate": rate} for tax, rate in components]
    rule = {"when": {}, "inclusive": inclusive, "components": taxes}
    return {"id": f"class-{code}", "code": code, "name": code.title(), "rules": [rule]}


def item(name: str, price_minor: int, tax: str, **members: Any) -> Json:
    """An item of one variant, both called `name`."""
    variant = {"id": name, "name": "", "sku": name.upper(), "price_minor": price_minor}
    return {
        "id": f"item-{name}",
        "name": name.title(),
        "category_id": None,
        "tax_class": tax,
        "variants": [variant],
        **members,
    }


def priced(*lines: tuple[str, str], book: Json, currency: str = "EUR", **said: Any) -> PricedCart:
    """The cart of these (variant, quantity), priced; `said` are further members of the cart."""
    cart = {
        "lines": [
            {"id": f"l{number}", "variant_id": variant, "quantity": quantity}
            for number, (variant, quantity) in enumerate(lines, start=1)
        ],
        **said,
    }
    context = {
        "currency": currency,
        "at": "2026-03-01T12:00",
        "rounding": {"scope": "per_line", "mode": "half_up"},
    }
    return price_cart(cart=read_cart(cart), context=read_context(context), book=read_book(_whole(book)))


def _whole(book: Json) -> Json:
    names = ("categories", "items", "modifier_groups", "price_lists", "promotions", "service_charges")
    return {**{name: [] for name in names}, "tax_classes": [], **book}
