"""What something would cost: at another time, place, or for another guest. Priced by the engine, saved nowhere."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from pos.catalog.models import PriceList, Promotion
from pos.catalog.queries.book import BookedVariant, BookForSale, book_for_sale
from pos.pricing.engine import price_cart
from pos.pricing.explaining import explain
from pos.pricing.types import Cart, CartLine, Context, PricedCart


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Who asks, where and when. `at` is the wall clock of the location, without a zone."""

    at: dt.datetime
    location_id: UUID | None = None
    channel: str | None = None
    order_type: str | None = None
    customer_group: str | None = None
    coupons: frozenset[str] = frozenset()
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedPrice:
    """The price of `quantity` of a variant by itself. Amounts are minor units of the merchant's currency.

    `list_minor` is the list price then, `unit_minor` what the price list makes of it; `discount_minor` what
    promotions take off the whole, `total_minor` what a guest pays, taxes and charges included.
    """

    variant: BookedVariant
    list_minor: int
    unit_minor: int
    price_list: str
    promotions: tuple[str, ...]
    discount_minor: int
    tax_minor: int
    total_minor: int


def preview_prices(
    *, variant_ids: Collection[UUID], occasion: Occasion, currency: str, at: dt.datetime
) -> list[PreviewedPrice]:
    """What each variant would cost by itself on `occasion`, by the price book in force `at` (now).

    In the order of names. Constant statements, whatever the number. Unknown variants are left out.
    """
    book = book_for_sale(variant_ids=variant_ids, at=at)
    context = _context(occasion, book, currency)
    names = _names()
    found = sorted(book.variants.values(), key=lambda variant: (variant.name, variant.sku))
    return [_previewed(variant, book, context, occasion.quantity, names) for variant in found]


def explain_price(
    *, variant_id: UUID, occasion: Occasion, currency: str, at: dt.datetime
) -> dict[str, Any] | None:
    """Where the price of one variant comes from: the steps of `pos.pricing.explaining`, price lists by name.

    None for a variant that is not in the price book.
    """
    book = book_for_sale(variant_ids=[variant_id], at=at)
    variant = book.variants.get(variant_id)
    if variant is None:
        return None
    told = explain(_priced(variant, book, _context(occasion, book, currency), occasion.quantity))
    names = _names()
    for step in told["lines"][0]["steps"]:
        if "price_list_id" in step["data"]:
            step["data"]["name"] = names.get(step["data"]["price_list_id"], "")
    return {**told, "name": variant.name, "unit": variant.unit}


def _priced(variant: BookedVariant, book: BookForSale, context: Context, quantity: Decimal) -> PricedCart:
    line = CartLine(id="1", variant_id=str(variant.id), quantity=quantity)
    return price_cart(cart=Cart(lines=(line,)), context=context, book=book.book)


def _previewed(
    variant: BookedVariant, book: BookForSale, context: Context, quantity: Decimal, names: dict[str, str]
) -> PreviewedPrice:
    priced = _priced(variant, book, context, quantity)
    only = priced.lines[0]
    return PreviewedPrice(
        variant=variant,
        list_minor=only.list_price_minor,
        unit_minor=only.unit_price_minor,
        price_list=names.get(only.price_list_id or "", ""),
        promotions=tuple(names.get(discount.id, discount.name) for discount in priced.discounts),
        discount_minor=only.discount_minor,
        tax_minor=priced.tax_minor,
        total_minor=priced.total_minor,
    )


def _context(occasion: Occasion, book: BookForSale, currency: str) -> Context:
    return Context(
        currency=currency,
        at=occasion.at,
        location_id=None if occasion.location_id is None else str(occasion.location_id),
        channel=occasion.channel,
        order_type=occasion.order_type,
        customer_group=occasion.customer_group,
        coupons=occasion.coupons,
        rounding=book.rounding,
    )


def _names() -> dict[str, str]:
    """The names of price lists and promotions by key."""
    lists = PriceList.objects.values_list("pk", "name")
    promotions = Promotion.objects.values_list("pk", "name")
    return {str(key): name for key, name in (*lists, *promotions)}
