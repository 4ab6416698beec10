"""Properties of two priced carts: permuted, grown, or with the tax inside the price instead of on top of it."""

from decimal import Decimal
from random import Random
from typing import Any

from tests.properties.books import RATES
from tests.properties.till import Sale, result
from tests.properties.whens import Json


def order_of_lines_changes_nothing(sale: Sale, random: Random) -> None:
    """Shuffled lines cost the same, line by line, and have the same digest."""
    lines = list(sale.cart["lines"])
    random.shuffle(lines)
    assert in_one_order(result(sale)) == in_one_order(
        result(sale._replace(cart={**sale.cart, "lines": lines}))
    )


def in_one_order(document: Json) -> Json:
    """A result with its lines, and what stands in the order of the lines, sorted."""
    discounts = [{**one, "allocations": sorted(one["allocations"], key=str)} for one in document["discounts"]]
    by_line = [one for one in discounts if one["kind"] == "line"]
    others = [one for one in discounts if one["kind"] != "line"]
    lines: list[Any] = sorted(document["lines"], key=str)
    return {**document, "lines": lines, "discounts": [*sorted(by_line, key=str), *others]}


def more_never_costs_less(sale: Sale, random: Random) -> None:
    """A bigger quantity of a line never lowers the total, where no rule looks at quantities."""
    plain = without_quantity_rules(sale)
    lines = plain.cart["lines"]
    grown = random.randrange(len(lines))
    added = Decimal(random.choice([1, 250, 1000, 3000])) / 1000
    more = {**lines[grown], "quantity": str(Decimal(lines[grown]["quantity"]) + added)}
    bigger = {**plain.cart, "lines": [*lines[:grown], more, *lines[grown + 1 :]]}
    assert result(plain._replace(cart=bigger))["total_minor"] >= result(plain)["total_minor"]


def without_quantity_rules(sale: Sale) -> Sale:
    """The sale with non-negative prices only, and nothing that looks at how many there are.

    Sharing by largest remainder may take a unit from one part when the whole grows, so combos and charges that are
    shared over differently taxed parts are left out; and a net price whose contained tax is per unit.
    """
    lines = [{**line, "amount_minor": None, "components": [], "discounts": []} for line in sale.cart["lines"]]
    book = {
        **sale.book,
        "promotions": [],
        "items": [
            {**item, "combo": None, "list_prices": [at_any_quantity(one) for one in item["list_prices"]]}
            for item in sale.book["items"]
        ],
        "price_lists": [
            {**one, "entries": [at_any_quantity(entry) for entry in one["entries"]]}
            for one in sale.book["price_lists"]
        ],
        "modifier_groups": [
            {**group, "modifiers": [never_below_zero(one) for one in group["modifiers"]]}
            for group in sale.book["modifier_groups"]
        ],
        "service_charges": [
            charge for charge in sale.book["service_charges"] if not charge["taxable"] or charge["tax_class"]
        ],
        "tax_classes": [gross_for_everybody(tax_class) for tax_class in sale.book["tax_classes"]],
    }
    return sale._replace(cart={**sale.cart, "lines": lines, "discounts": []}, book=book)


def at_any_quantity(entry: Json) -> Json:
    """A price-list entry for the smallest quantity there is."""
    return {**entry, "min_quantity": "0.000001"}


def never_below_zero(modifier: Json) -> Json:
    """A modifier that costs what it would have taken off."""
    prices = [{**price, "price_minor": abs(price["price_minor"])} for price in modifier["prices"]]
    return {**modifier, "price_minor": abs(modifier["price_minor"]), "prices": prices}


def gross_for_everybody(tax_class: Json) -> Json:
    """Without net prices for some, if the contained tax they are freed from is per unit."""
    per_unit = any("per_unit_minor" in one for one in tax_class["rules"][-1]["components"])
    rules = [
        {**rule, "net_of_contained": rule["net_of_contained"] and not per_unit} for rule in tax_class["rules"]
    ]
    return {**tax_class, "rules": rules}


def contained_and_added_tax_agree(sale: Sale, random: Random) -> None:
    """A net price plus tax, sold as a gross price that contains the tax, has the same net, tax and total.

    Exactly so for one tax; several taxes are rounded each on their own, both times, and agree to a unit each.
    """
    net = random.choice([1, 99, 1000, random.randrange(100_000)])
    components = [
        {"code": code, "name": code, "rate": random.choice(RATES), "compound": random.choice([True, False])}
        for code in ("gst", "pst", "vat")[: random.choice([1, 1, 2, 3])]
    ]
    added = result(one_thing(sale.context, net, inclusive=False, components=components))
    contained = result(one_thing(sale.context, added["total_minor"], inclusive=True, components=components))
    assert contained["total_minor"] == added["total_minor"]
    slack = len(components) if len(components) > 1 else 0
    assert abs(contained["subtotal_minor"] - added["subtotal_minor"]) <= slack
    for one, other in zip(contained["taxes"], added["taxes"], strict=True):
        assert abs(one["tax_minor"] - other["tax_minor"]) <= slack


def one_thing(context: Json, price_minor: int, *, inclusive: bool, components: list[Json]) -> Sale:
    """One piece of one thing with these taxes."""
    rule = {"when": {}, "inclusive": inclusive, "net_of_contained": False, "components": components}
    item = {
        "id": "thing",
        "name": "Thing",
        "category_id": None,
        "tax_class": "standard",
        "unit": "each",
        "tags": [],
        "modifier_groups": [],
        "combo": None,
        "list_prices": [],
        "variants": [{"id": "v", "name": "", "sku": "V", "price_minor": price_minor, "scheduled_prices": []}],
    }
    book: Json = {
        "categories": [],
        "tax_classes": [{"id": "standard", "code": "standard", "name": "Standard", "rules": [rule]}],
        "items": [item],
        "modifier_groups": [],
        "price_lists": [],
        "promotions": [],
        "service_charges": [],
    }
    return Sale(cart={"lines": [{"id": "l", "variant_id": "v", "quantity": "1"}]}, context=context, book=book)
