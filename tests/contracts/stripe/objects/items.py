"""Line items of hosted pages and links, priced on the spot by `price_data`."""

from typing import Any

import stripe

from tests.contracts.stripe import responses
from tests.contracts.stripe.objects.units import must_be_chargeable
from tests.contracts.stripe.world import Body, Refusal, World

KNOWN = " ".join(
    f"line_items.{name}"
    for name in (
        "quantity",
        "price_data.currency",
        "price_data.unit_amount",
        "price_data.product_data.name",
        "price_data.product_data.description",
        "price_data.tax_behavior",
    )
)


def lines_of(world: World, given: list[Body] | None) -> list[Body]:
    """The items as the vendor keeps them; refuses what it cannot price."""
    if not given:
        raise Refusal("Missing required param: line_items.", param="line_items", code="parameter_missing")
    lines = [_line(world, item, n) for n, item in enumerate(given)]
    if len({line["currency"] for line in lines}) > 1:
        raise Refusal("All line items must have the same currency.", param="line_items")
    return lines


def _line(world: World, item: Body, n: int) -> Body:
    data: dict[str, Any] = item.get("price_data", {})
    for name in ("unit_amount", "product_data"):
        if name not in data:
            path = f"line_items[{n}][price_data][{name}]"
            raise Refusal(f"Missing required param: {path}.", param=path, code="parameter_missing")
    path = f"line_items[{n}][price_data][unit_amount]"
    must_be_chargeable(data["unit_amount"], data["currency"], param=path)
    price = world.add(
        "price",
        stripe.Price,
        active=False,
        billing_scheme="per_unit",
        currency=data["currency"],
        product=world.vendor.new_id("prod", world),
        tax_behavior=data.get("tax_behavior", "unspecified"),
        type="one_time",
        unit_amount=data["unit_amount"],
        unit_amount_decimal=str(data["unit_amount"]),
    )
    total = data["unit_amount"] * item.get("quantity", 1)
    return responses.blank(stripe.LineItem) | {
        "id": world.vendor.new_id("li", world),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": data["currency"],
        "description": data["product_data"]["name"],
        "discounts": [],
        "metadata": {},
        "price": price,
        "quantity": item.get("quantity", 1),
        "taxes": [],
    }


def listed(lines: list[Body], *, url: str) -> Body:
    """As a page."""
    return {"object": "list", "data": lines, "has_more": False, "url": url}
