"""Random sales about one thing each: conditions, taxes of small amounts, charges, rules that count pieces."""

from hypothesis import strategies as st

from tests.properties.books import CATEGORIES, components, special_rules, tax_classes
from tests.properties.offers import selectors, service_charges, unit_rules
from tests.properties.till import Sale
from tests.properties.whens import CHOICES, CURRENCIES, Json, contexts

CLASSES = ("standard", "reduced")
EDGES = [
    "2026-03-06T01:30",
    "2026-03-07T00:00",
    "2026-03-07T01:59:59",
    "2026-03-07T02:00",
    "2026-03-08T01:30",
    "2026-03-06T17:00",
    "2026-03-06T18:30",
    "2026-03-06T19:00",
    "2026-03-09T12:30",
]
"""Beginnings and ends of windows, and hours that belong to the evening before."""


def plain_item(number: int, price: int, category: str = "food", tax_class: str = "standard") -> Json:
    """An item with one variant and nothing special."""
    return {
        "id": f"item-{number}",
        "name": f"Item {number}",
        "category_id": category,
        "tax_class": tax_class,
        "unit": "each",
        "tags": ["hot"],
        "modifier_groups": [],
        "combo": None,
        "list_prices": [],
        "variants": [
            {"id": f"v{number}a", "name": "", "sku": "", "price_minor": price, "scheduled_prices": []}
        ],
    }


def book_of(items: list[Json], tax_rules: list[Json], **more: list[Json]) -> Json:
    """A book with one tax class."""
    return {
        "categories": CATEGORIES,
        "tax_classes": [{"id": "standard", "code": "standard", "name": "Standard", "rules": tax_rules}],
        "items": items,
        "modifier_groups": [],
        "price_lists": [],
        "promotions": [],
        "service_charges": [],
        **more,
    }


def cart_of(quantities: list[tuple[int, str]], **more: object) -> Json:
    """A cart of (number of the item, quantity)."""
    lines = [
        {"id": f"line-{len(quantities) - place}", "variant_id": f"v{number}a", "quantity": quantity}
        for place, (number, quantity) in enumerate(quantities)
    ]
    return {"lines": lines, **more}


def untaxed() -> Json:
    """A default rule without any tax."""
    return {"when": {}, "inclusive": True, "net_of_contained": False, "components": []}


@st.composite
def timed_sales(draw: st.DrawFn) -> Sale:
    """One thing whose price tells which of five price lists with narrow conditions came first."""
    lists = [
        {
            "id": f"list-{number}",
            "name": "",
            "priority": number,
            "when": {
                name: draw(st.sampled_from(CHOICES[name]))
                for name in draw(
                    st.sampled_from(
                        [
                            ["times", "weekdays"],
                            ["times", "weekdays"],
                            ["times"],
                            ["starts_at"],
                            ["ends_at"],
                            ["weekdays"],
                        ]
                        + [[name] for name in sorted(CHOICES)]
                    )
                )
            },
            "entries": [{"category_id": None, "min_quantity": "1", "price_minor": number}],
        }
        for number in range(1, 4)
    ]
    book = book_of([plain_item(0, 99)], [untaxed()], price_lists=lists)
    context = draw(contexts())
    if draw(st.booleans()):
        context["at"] = draw(st.sampled_from(EDGES))
    return Sale(cart=cart_of([(0, "1")]), context=context, book=book)


@st.composite
def taxed_sales(draw: st.DrawFn) -> Sale:
    """A few small amounts with several taxes each, mostly contained; often for those who pay the net price."""
    default = {
        "when": {},
        "inclusive": draw(st.sampled_from([True, True, False])),
        "net_of_contained": False,
        "components": draw(st.one_of(components(), halves())),
    }
    net_price = {
        "when": {"exempt": True},
        "inclusive": False,
        "net_of_contained": True,
        "components": draw(components()),
    }
    special = draw(st.sampled_from([[], [net_price], [draw(special_rules())]]))
    items = [
        plain_item(number, draw(st.one_of(st.just(2), st.just(2), st.integers(0, 30)))) for number in range(3)
    ]
    chosen = draw(
        st.lists(
            st.tuples(st.integers(0, 2), st.sampled_from(["1", "2", "3", "0.5"])), min_size=1, max_size=3
        )
    )
    context = {**draw(contexts()), "exempt": draw(st.booleans())}
    return Sale(cart=cart_of(chosen), context=context, book=book_of(items, [*special, default]))


@st.composite
def halves(draw: st.DrawFn) -> list[Json]:
    """Up to three taxes of 100 %, which put many exact taxes on a half, and their rounded sum above the amount."""
    codes = ("gst", "pst", "vat")[: draw(st.sampled_from([1, 3, 3]))]
    return [{"code": code, "name": code, "rate": "1", "compound": False} for code in codes]


@st.composite
def charged_sales(draw: st.DrawFn) -> Sale:
    """A few pieces of small, often equal amounts with two tax rates and one or two service charges."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    items = [
        plain_item(number, draw(st.sampled_from([1, 5, 15, 99])), tax_class=draw(st.sampled_from(CLASSES)))
        for number in range(3)
    ]
    charges = [
        {**draw(service_charges(currency, name)), "when": {}}
        for name in ("b", "a")[: draw(st.integers(1, 2))]
    ]
    book = book_of(items, [], service_charges=charges)
    book["tax_classes"] = [draw(tax_classes(code)) for code in CLASSES]
    chosen = draw(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["1", "2"])), min_size=1, max_size=4))
    return Sale(cart=cart_of(chosen), context=draw(contexts(currency)), book=book)


@st.composite
def counted_sales(draw: st.DrawFn) -> Sale:
    """Pieces at equal and nearly equal prices under two or three rules that count them."""
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    usual = CURRENCIES[currency]
    items = [
        plain_item(
            number, draw(st.sampled_from(usual[:3])), draw(st.sampled_from(["food", "pastry", "drinks"]))
        )
        for number in range(3)
    ]
    promotions = [
        {
            "id": name,
            "name": name,
            "priority": 0,
            "group": draw(st.sampled_from([None, None, "happy"])),
            "exclusive": draw(st.sampled_from([False, False, False, True])),
            "when": {},
            "cap_minor": draw(st.sampled_from([None, None, usual[1]])),
            "max_applications": draw(st.sampled_from([None, 1, 2])),
            "excluded": None,
            "rule": draw(counting_rules(currency)),
        }
        for name in ("promo-b", "promo-a", "promo-c")[: draw(st.integers(1, 3))]
    ]
    chosen = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5).map(str)), min_size=2, max_size=5))
    context = draw(contexts(currency))
    return Sale(
        cart=cart_of(chosen), context=context, book=book_of(items, [untaxed()], promotions=promotions)
    )


@st.composite
def counting_rules(draw: st.DrawFn, currency: str) -> Json:
    """Mostly a unit rule; sometimes a percentage first, so that less is left than the units are worth."""
    if draw(st.sampled_from([True, False, False, False, False])):
        return {"kind": "percent_off", "select": draw(selectors()), "percent": "0.5"}
    return draw(
        unit_rules(currency, draw(st.sampled_from(["buy_get", "n_for_price", "cheapest_free", "bundle"])))
    )
