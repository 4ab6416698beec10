"""Random catalogues for hypothesis: every document right, ids and names from small pools, so that they collide."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests.pos.catalog.documents import sheets

Document = dict[str, Any]
Stated = list[tuple[str, Document]]
NAMES = ("Bar", "Crème", "Ei & Speck", "Ñam", "Zoë")
RATES = ("0", "0.07", "0.19", "0.000001", "0.999999")
QUANTITIES = ("0.5", "1", "2.000001", "10", "24")
CODES = ("4006381333931", "96385074", "036000291452", "PLU1", "PLU2", "A-7")
WHENS: tuple[Document, ...] = (
    {},
    {"weekdays": [1, 7]},
    {"times": [["17:00", "19:00"], ["22:00", "02:00"]], "exempt": False},
    {"starts_at": "2026-01-01T00:00", "ends_at": "2026-02-01T12:30:15", "channels": ["kiosk", "till"]},
    {"coupons": ["TEN"], "min_covers": 2, "order_types": ["dine_in"]},
)


def _id(number: int) -> str:
    return str(UUID(int=0x01900000_0000_7000_8000_000000000000 + number))


def _pool(kind: int, size: int) -> list[str]:
    return [_id(kind * 1000 + place) for place in range(size)]


def _some(draw: Any, pool: Any, *, least: int = 0) -> list[Any]:
    """Some of a pool, in any order."""
    size = draw(st.integers(least, len(pool)))
    return list(draw(st.permutations(pool)))[:size]


@st.composite
def catalogues(draw: Any, *, location: str) -> Stated:
    """A whole catalogue."""
    taxes = [_tax_class(draw, key, code) for key, code in zip(_pool(1, 2), ("standard", "food"), strict=True)]
    places = _categories(draw)
    groups = _groups(draw)
    lists = _price_lists(draw, places)
    items = _items(draw, places, groups, lists, taxes)
    if items and groups and groups[0]["modifiers"]:
        price = {"item_id": draw(st.sampled_from([None, items[0]["id"]])), "location_id": location}
        groups[0]["modifiers"][0]["prices"] = [{**price, "price_minor": draw(st.integers(-50, 50))}]
    return [
        ("settings", sheets.settings(cash_increment=draw(st.sampled_from([1, 5, 10, 50, 100])))),
        *(("tax_class", each) for each in taxes),
        *(("category", each) for each in draw(st.permutations(places))),
        *(("modifier_group", each) for each in groups),
        *(("item", each) for each in draw(st.permutations(items))),
        *(("price_list", each) for each in lists),
        *(("promotion", each) for each in _promotions(draw, places, items, location)),
        *(("service_charge", each) for each in _service_charges(draw)),
        *(("menu", each) for each in _menus(draw, places, items)),
        *(("barcode_pattern", each) for each in _patterns(draw)),
    ]


def _tax_class(draw: Any, key: str, code: str) -> Document:
    made = sheets.tax_class(code, draw(st.sampled_from(RATES)), id=key)
    if draw(st.booleans()):
        levy = {"code": "levy", "name": "", "per_unit_minor": draw(st.integers(0, 100))}
        rule = {"when": {"exempt": True}, "inclusive": False, "net_of_contained": True, "components": [levy]}
        made["rules"].insert(0, rule)
    return made


def _categories(draw: Any) -> list[Document]:
    made: list[Document] = []
    for key, name in zip(_some(draw, _pool(2, 4), least=1), draw(st.permutations(NAMES)), strict=False):
        above = draw(st.sampled_from([None, *(each["id"] for each in made)]))
        color = draw(st.sampled_from(["", "#00ff7f"]))
        made.append(
            sheets.category(name, id=key, parent_id=above, color=color, position=draw(st.integers(0, 9)))
        )
    return made


def _groups(draw: Any) -> list[Document]:
    made: list[Document] = []
    keys = _pool(3, 3)
    names = draw(st.permutations(NAMES))
    for place, key in enumerate(keys):
        inner = [
            _modifier(draw, each, name)
            for each, name in zip(
                _some(draw, _pool(30 + place, 3)), draw(st.permutations(NAMES)), strict=False
            )
        ]
        taken = sum(each["default_quantity"] for each in inner if each["is_active"])
        there = sum(each["max_quantity"] for each in inner if each["is_active"])
        high = draw(st.sampled_from([None, max(taken, 1), 9]))
        low = draw(st.integers(0, min(there, 9 if high is None else high)))
        made.append(sheets.group(names[place], *inner, id=key, min=low, max=high, kitchen_name=names[-1]))
    for place, outer in enumerate(made):
        if outer["modifiers"] and place + 1 < len(made):
            outer["modifiers"][-1]["groups"] = [sheets.use(each) for each in _some(draw, made[place + 1 :])]
    return made


def _modifier(draw: Any, key: str, name: str) -> Document:
    most = draw(st.integers(1, 3))
    return sheets.modifier(
        name,
        id=key,
        price_minor=draw(st.integers(-100, 100)),
        max_quantity=most,
        default_quantity=draw(st.integers(0, most)),
        is_active=draw(st.booleans()),
    )


def _effect(draw: Any) -> Document:
    return draw(st.sampled_from([{"price_minor": 100}, {"percent_off": "0.125"}, {"amount_off_minor": 20}]))


def _price_lists(draw: Any, places: list[Document]) -> list[Document]:
    made = []
    names = draw(st.permutations(NAMES))
    for key, name in zip(_some(draw, _pool(4, 2)), names, strict=False):
        targets = sorted(_some(draw, [each["id"] for each in places]))
        entries = [
            {"category_id": target, "min_quantity": draw(st.sampled_from(QUANTITIES)), **_effect(draw)}
            for target in ([None, *targets] if draw(st.booleans()) else targets)
        ]
        when = draw(st.sampled_from(WHENS))
        made.append(
            sheets.price_list(name, id=key, entries=entries, when=when, is_active=draw(st.booleans()))
        )
    return made


def _items(
    draw: Any, places: list[Document], groups: list[Document], lists: list[Document], taxes: list[Document]
) -> list[Document]:
    keys, names = _some(draw, _pool(5, 4)), draw(st.permutations(NAMES))
    variants, codes = draw(st.permutations(_pool(6, 8))), draw(st.permutations(CODES))
    made = []
    for place, key in enumerate(keys):
        own = [
            _variant(draw, variants[2 * place + number], codes[place : place + 1] if number == 0 else [])
            for number in range(draw(st.integers(1, 2)))
        ]
        made.append(
            sheets.item(
                names[place],
                *own,
                id=key,
                category_id=draw(st.sampled_from(places))["id"],
                tax_class=draw(st.sampled_from(taxes))["code"],
                description=draw(st.sampled_from(["", "Zwei\nZeilen"])),
                unit=draw(st.sampled_from(["each", "kg", "l"])),
                units=draw(st.sampled_from([[], [_case()]])),
                tags=sorted(_some(draw, NAMES)),
                allergens=sorted(_some(draw, ["eggs", "gluten", "milk"])),
                has_open_price=draw(st.booleans()),
                modifier_groups=[sheets.use(each) for each in _some(draw, groups)],
                list_prices=_list_prices(draw, lists, own),
            )
        )
        if draw(st.booleans()):
            _give_options(made[-1])
    return _with_combo(draw, made)


def _case() -> Document:
    return {"code": "case", "name": "Case", "numerator": 24, "denominator": 7}


def _variant(draw: Any, key: str, codes: list[str]) -> Document:
    sku = draw(st.sampled_from(["S-", "s ", "ß"])) + key[-4:]
    later = {"starts_at": "2026-12-24T18:00", "price_minor": draw(st.integers(0, 10**11))}
    return sheets.variant(
        sku,
        draw(st.sampled_from(["", "groß"])) + key[-1],
        id=key,
        price_minor=draw(st.integers(0, 10**11)),
        scheduled_prices=draw(st.sampled_from([[], [later]])),
        is_active=draw(st.booleans()),
        barcodes=[
            {"code": code, "unit": "", "multiplier": draw(st.sampled_from(QUANTITIES))} for code in codes
        ],
    )


def _give_options(item: Document) -> None:
    item["option_axes"] = [{"name": "Size", "values": ["M", "S", "L"]}, {"name": "Colour", "values": ["red"]}]
    for place, each in enumerate(item["variants"]):
        each["options"] = [("S", "L")[place], "red"]


def _list_prices(draw: Any, lists: list[Document], own: list[Document]) -> list[Document]:
    return [
        {
            "price_list_id": each["id"],
            "variant_id": target,
            "min_quantity": draw(st.sampled_from(QUANTITIES)),
            **_effect(draw),
        }
        for each in sorted(lists, key=lambda each: each["id"])
        for target in (None, *sorted(variant["id"] for variant in own))
        if draw(st.booleans())
    ]


def _with_combo(draw: Any, items: list[Document]) -> list[Document]:
    """The first item may be a combo of the others."""
    if len(items) > 1 and draw(st.booleans()):
        slots = [
            sheets.slot(name, *each["variants"], id=key)
            for key, name, each in zip(_pool(7, 3), draw(st.permutations(NAMES)), items[1:], strict=False)
        ]
        items[0]["combo"] = {"slots": draw(st.permutations(slots))}
    return items


def _promotions(draw: Any, places: list[Document], items: list[Document], location: str) -> list[Document]:
    named: list[Document] = [{"all": True}, {"categories": [places[0]["id"]]}]
    named += [{"items": [each["id"]], "tags": ["cold"]} for each in items[:1]]
    select = draw(st.sampled_from(named))
    rules: list[Document] = [
        {"kind": "percent_off", "select": select, "percent": "0.1"},
        {"kind": "amount_off", "select": select, "amount_minor": 50},
        {"kind": "fixed_price", "select": select, "price_minor": 100},
        {"kind": "n_for_price", "select": select, "n": 3, "price_minor": 1000},
        {"kind": "cheapest_free", "select": select, "n": 3},
        {"kind": "threshold", "select": select, "minimum_minor": 5000, "percent": "0.05"},
        {
            "kind": "tiered",
            "select": select,
            "measure": "quantity",
            "tiers": [{"from": "3", "amount_minor": 9}],
        },
        {"kind": "buy_get", "buy": select, "buy_quantity": 2, "get": None, "get_quantity": 1, "percent": "1"},
        {"kind": "bundle", "parts": [{"select": select, "quantity": 1}], "price_minor": 100},
    ]
    names = draw(st.permutations(NAMES))
    return [
        sheets.promotion(
            name,
            id=key,
            rule=draw(st.sampled_from(rules)),
            when=draw(st.sampled_from([*WHENS, {"locations": [location]}])),
            excluded=draw(st.sampled_from([None, *named])),
            group=draw(st.sampled_from([None, "deals"])),
            cap_minor=draw(st.sampled_from([None, 500])),
            exclusive=draw(st.booleans()),
        )
        for key, name in zip(_some(draw, _pool(8, 2)), names, strict=False)
    ]


def _service_charges(draw: Any) -> list[Document]:
    shapes: list[Document] = [
        {},
        {"phase": "after_tax", "taxable": False, "tax_class": None},
        {"taxable": True, "tax_class": None},
    ]
    names = draw(st.permutations(NAMES))
    return [
        sheets.service_charge(name, id=key, **draw(st.sampled_from(shapes)))
        for key, name in zip(_some(draw, _pool(9, 2)), names, strict=False)
    ]


def _menus(draw: Any, places: list[Document], items: list[Document]) -> list[Document]:
    entries = [{"category_id": each["id"]} for each in places] + [{"item_id": each["id"]} for each in items]
    names = draw(st.permutations(NAMES))
    return [
        sheets.menu(name, *_some(draw, entries), id=key, when=draw(st.sampled_from(WHENS)))
        for key, name in zip(_some(draw, _pool(10, 2)), names, strict=False)
    ]


def _patterns(draw: Any) -> list[Document]:
    names = draw(st.permutations(NAMES))
    return [
        sheets.barcode_pattern(name, id=key, position=draw(st.integers(0, 3)))
        for key, name in zip(_some(draw, _pool(11, 2)), names, strict=False)
    ]
