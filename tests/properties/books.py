"""Random price books with every kind of thing in them, small enough that carts often meet each of them."""

from typing import Any

from hypothesis import strategies as st

from tests.properties.offers import PERCENTS, promotion_lists, service_charge_lists
from tests.properties.whens import CURRENCIES, Json, whens

RATES = ["0", "0.05", "0.07", "0.19", "0.2", "0.08875", "0.09975", "0.333333", "1"]
TAX_NAMES = {"vat": "Value added tax", "gst": "Goods tax", "pst": "Province tax", "levy": "Levy"}
CATEGORIES = [
    {"id": "food", "parent_id": None, "name": "Food"},
    {"id": "pastry", "parent_id": "food", "name": "Pastry"},
    {"id": "drinks", "parent_id": None, "name": "Drinks"},
]


def prices(currency: str, lowest: int = 0) -> st.SearchStrategy[int]:
    """Prices of the currency's size; a few round ones come often, so that lines are equal or nearly so."""
    usual = [price for price in CURRENCIES[currency] if price >= lowest]
    often = st.sampled_from(usual)
    return st.one_of(
        often, often, often, st.integers(lowest, 3 * max(usual)), st.sampled_from([lowest, 10**11])
    )


@st.composite
def books(draw: st.DrawFn, currency: str) -> Json:
    """A whole book: three to five plain items, a combo, three levels of modifiers, lists, offers, charges."""
    price_lists = draw(price_list_lists(currency))
    items = [draw(plain_items(currency, number, price_lists)) for number in range(draw(st.integers(2, 4)))]
    if draw(st.booleans()):
        items.append(draw(combo_items(currency, items, price_lists)))
    return {
        "categories": CATEGORIES,
        "tax_classes": [draw(tax_classes(code)) for code in ("standard", "reduced")],
        "items": items,
        "modifier_groups": draw(modifier_groups(currency)),
        "price_lists": price_lists,
        "promotions": draw(promotion_lists(currency)),
        "service_charges": draw(service_charge_lists(currency)),
    }


@st.composite
def tax_classes(draw: st.DrawFn, code: str) -> Json:
    """A class with up to two special rules before the default one."""
    default = {
        "when": {},
        "inclusive": draw(st.booleans()),
        "net_of_contained": False,
        "components": draw(components()),
    }
    rules = [draw(special_rules()) for _ in range(draw(st.sampled_from([0, 0, 1, 2])))]
    return {"id": f"class-{code}", "code": code, "name": code.title(), "rules": [*rules, default]}


@st.composite
def special_rules(draw: st.DrawFn) -> Json:
    """A rule for some contexts; often one for those who pay the net price."""
    inclusive = draw(st.booleans())
    when: Json = {}
    while not when:
        when = draw(
            st.one_of(st.sampled_from([{"exempt": True}, {"order_types": ["take_away"]}]), whens(always=0))
        )
    return {
        "when": when,
        "inclusive": inclusive,
        "net_of_contained": not inclusive and draw(st.booleans()),
        "components": draw(components()),
    }


@st.composite
def components(draw: st.DrawFn) -> list[Json]:
    """Up to three taxes: rates, some on top of those before, and amounts per unit."""
    codes = draw(st.permutations(sorted(TAX_NAMES)))[: draw(st.sampled_from([0, 1, 1, 1, 2, 3]))]
    made: list[Json] = []
    for code in codes:
        own: Json = {"code": code, "name": TAX_NAMES[code]}
        if code == "levy" and draw(st.booleans()):
            own["per_unit_minor"] = draw(st.sampled_from([0, 1, 8, 25, 400]))
        else:
            own |= {"rate": draw(st.sampled_from(RATES)), "compound": draw(st.booleans())}
        made.append(own)
    return made


@st.composite
def plain_items(draw: st.DrawFn, currency: str, number: int, price_lists: list[Json]) -> Json:
    """An item with one or two variants."""
    name = f"item-{number}"
    variants = [
        draw(variants_of(currency, f"v{number}{letter}")) for letter in "ab"[: draw(st.integers(1, 2))]
    ]
    return {
        "id": name,
        "name": name,
        "category_id": draw(st.sampled_from(["pastry", "pastry", "food", "drinks", None])),
        "tax_class": draw(st.sampled_from(["standard", "reduced"])),
        "unit": "each",
        "tags": draw(st.sampled_from([[], ["hot"], ["hot", "sale"]])),
        "modifier_groups": [{"group_id": "extras", "min": None, "max": None}],
        "combo": None,
        "list_prices": draw(list_prices(currency, variants, price_lists)),
        "variants": variants,
    }


@st.composite
def variants_of(draw: st.DrawFn, currency: str, name: str) -> Json:
    """A variant, sometimes with prices that begin before, at, or after the moments carts are priced at."""
    starts = draw(st.sampled_from([[], [], ["2026-03-06T18:05"], ["2026-03-07T00:00", "2026-01-01T00:00"]]))
    return {
        "id": name,
        "name": name,
        "sku": name.upper(),
        "price_minor": draw(prices(currency)),
        "scheduled_prices": [{"starts_at": at, "price_minor": draw(prices(currency))} for at in starts],
    }


@st.composite
def combo_items(draw: st.DrawFn, currency: str, items: list[Json], price_lists: list[Json]) -> Json:
    """A combo of two slots that offer any variant, some with an upcharge."""
    everything = [variant["id"] for item in items for variant in item["variants"]]
    slots = [
        {
            "id": slot,
            "name": slot,
            "choices": [
                {"variant_id": variant, "upcharge_minor": draw(st.sampled_from([0, 0, 5, 50]))}
                for variant in everything
            ],
        }
        for slot in ("main", "side", "drink")[: draw(st.integers(1, 3))]
    ]
    item = draw(plain_items(currency, 9, price_lists))
    return {**item, "combo": {"slots": slots}}


@st.composite
def modifier_groups(draw: st.DrawFn, currency: str) -> list[Json]:
    """Extras, extras of extras, and those of these: three levels."""

    def modifier(name: str, lowest: int, nested: str | None) -> Json:
        keys = draw(st.sampled_from([[], [], [("item-0", None)], [(None, "shop"), ("item-0", "shop")]]))
        price = st.integers(lowest, CURRENCIES[currency][1])
        return {
            "id": name,
            "name": name,
            "price_minor": draw(price),
            "max_quantity": 5,
            "prices": [
                {"item_id": item, "location_id": location, "price_minor": draw(price)}
                for item, location in keys
            ],
            "groups": [{"group_id": nested, "min": None, "max": None}] if nested else [],
        }

    levels: list[tuple[str, list[Json]]] = [
        ("extras", [modifier("cheese", 0, "kinds"), modifier("no-bun", -300, None)]),
        ("kinds", [modifier("aged", 0, "cuts")]),
        ("cuts", [modifier("thick", -5, None)]),
    ]
    return [{"id": name, "name": name, "min": 0, "max": None, "modifiers": made} for name, made in levels]


@st.composite
def price_list_lists(draw: st.DrawFn, currency: str) -> list[Json]:
    """Up to two price lists; entries for categories here, those for items and variants stand with the items."""
    return [
        {
            "id": name,
            "name": name,
            "priority": draw(st.integers(0, 1)),
            "when": draw(whens()),
            "entries": [
                {"category_id": category, "min_quantity": minimum, **draw(list_offers(currency))}
                for category, minimum in draw(
                    st.sampled_from(
                        [[], [(None, "1")], [("food", "2"), (None, "3")], [("pastry", "2.5"), ("food", "1")]]
                    )
                )
            ],
        }
        for name in ("list-b", "list-a")[: draw(st.sampled_from([0, 0, 1, 2]))]
    ]


@st.composite
def list_prices(draw: st.DrawFn, currency: str, variants: list[Json], price_lists: list[Json]) -> list[Json]:
    """Prices of an item, or of its first variant, in the price lists there are."""
    return [
        {
            "price_list_id": price_list["id"],
            "variant_id": variant,
            "min_quantity": minimum,
            **draw(list_offers(currency)),
        }
        for price_list in price_lists
        for variant, minimum in draw(
            st.sampled_from(
                [[], [(None, "1")], [(None, "1"), (None, "5")], [(variants[0]["id"], "2.5"), (None, "1")]]
            )
        )
    ]


@st.composite
def list_offers(draw: st.DrawFn, currency: str) -> Json:
    """What a price list does to a price."""
    kind: Any = draw(st.sampled_from(["price_minor", "percent_off", "amount_off_minor"]))
    if kind == "percent_off":
        return {kind: draw(st.sampled_from(PERCENTS))}
    return {kind: draw(prices(currency))}
