"""Sheets of prices and offers that depend on who, where, when and how much."""

from collections.abc import Mapping
from typing import Any, Final

from pos.catalog.sheets.choices import by_name
from pos.catalog.sheets.columns import Column, Level, Sheet
from pos.catalog.sheets.goods import item_order
from pos.catalog.sheets.kinds import Choice, LocalTime, Money, Quantity, Share, TaxCode, Text, Whole, YesNo
from pos.catalog.sheets.lists import Texts, Times, Weekdays
from pos.catalog.sheets.names import Names
from pos.catalog.sheets.references import CategoryPath, ItemName, Locations, MenuEntries, Named, Selector, Sku
from pos.catalog.sheets.structured import Structure

MAX_COUNT: Final = 1_000_000
PRIORITY: Final = Whole(-MAX_COUNT, MAX_COUNT, if_empty=100)

WHEN: Final = (
    Column(name="starts_at", kind=LocalTime(), at="when.starts_at", dropped=True),
    Column(name="ends_at", kind=LocalTime(), at="when.ends_at", dropped=True, help="no longer from then on"),
    Column(name="weekdays", kind=Weekdays(), at="when.weekdays", dropped=True),
    Column(name="times", kind=Times(), at="when.times", dropped=True),
    Column(name="channels", kind=Texts(100), at="when.channels", dropped=True),
    Column(name="locations", kind=Locations(), at="when.locations", dropped=True),
    Column(name="customer_groups", kind=Texts(100), at="when.customer_groups", dropped=True),
    Column(name="order_types", kind=Texts(20), at="when.order_types", dropped=True),
    Column(name="destinations", kind=Texts(100), at="when.destinations", dropped=True),
    Column(
        name="exempt", kind=YesNo(if_empty=None), at="when.exempt", dropped=True, help="customers free of tax"
    ),
    Column(name="min_covers", kind=Whole(1, 10_000, if_empty=None), at="when.min_covers", dropped=True),
    Column(name="coupons", kind=Texts(100), at="when.coupons", dropped=True),
)
"""Conditions; all that are filled must hold (docs/algorithms/pricing.md)."""


def _effect(level: int) -> tuple[Column, ...]:
    return (
        Column(name="price", kind=Money(needed=False), at="price_minor", level=level, dropped=True),
        Column(name="percent_off", kind=Share(), at="percent_off", level=level, dropped=True),
        Column(name="amount_off", kind=Money(needed=False), at="amount_off_minor", level=level, dropped=True),
    )


def _name(longest: int = 120) -> Column:
    return Column(name="name", kind=Text(longest, needed=True), at="name", required=True, key=True)


_ACTIVE: Final = Column(name="active", kind=YesNo(), at="is_active")
_PRIORITY: Final = Column(name="priority", kind=PRIORITY, at="priority", help="the smaller comes first")
_POSITION: Final = Column(name="position", kind=Whole(), at="position")

PRICE_LISTS: Final = Sheet(
    name="price_lists",
    title="Price lists and when they hold",
    kind="price_list",
    find=lambda said, names: names.price_lists.find(said["name"]),
    new={"name": "", "priority": 100, "when": {}, "entries": [], "is_active": True},
    order=by_name,
    columns=(_name(), _PRIORITY, *WHEN, _ACTIVE),
)

CATEGORY_PRICES: Final = Sheet(
    name="category_prices",
    title="Prices of a list for a category, or for everything",
    kind="price_list",
    find=lambda said, names: names.price_lists.find(said["price_list"]),
    missing="there is no price list of this name",
    levels=(Level(at="entries", new={"category_id": None, "min_quantity": "1"}),),
    order=by_name,
    columns=(
        Column(name="price_list", kind=Text(120, needed=True), at="name", required=True, key=True),
        Column(
            name="category",
            kind=CategoryPath(needed=False),
            at="category_id",
            level=1,
            key=True,
            help="empty: everything",
        ),
        Column(name="min_quantity", kind=Quantity(), at="min_quantity", level=1, key=True),
        *_effect(1),
    ),
)


def _priced_item(said: Mapping[str, Any], names: Names) -> str | None:
    return said["item"] or names.item_of.get(said["sku"] or "")


PRICES: Final = Sheet(
    name="prices",
    title="Prices of a list for an item or a variant",
    kind="item",
    find=_priced_item,
    missing="say the item or the SKU",
    levels=(Level(at="list_prices", new={"price_list_id": None, "variant_id": None, "min_quantity": "1"}),),
    order=item_order,
    columns=(
        Column(
            name="price_list",
            kind=Named("price_lists"),
            at="price_list_id",
            level=1,
            required=True,
            key=True,
        ),
        Column(name="item", kind=ItemName(needed=False), at=None, key=True, help="may be empty beside a SKU"),
        Column(
            name="sku",
            kind=Sku(needed=False),
            at="variant_id",
            level=1,
            key=True,
            help="empty: all of the item's variants",
        ),
        Column(name="min_quantity", kind=Quantity(), at="min_quantity", level=1, key=True),
        *_effect(1),
    ),
)

PROMOTIONS: Final = Sheet(
    name="promotions",
    title="Discounts by rule",
    kind="promotion",
    find=lambda said, names: names.promotions.find(said["name"]),
    new={
        "name": "",
        "priority": 100,
        "group": None,
        "exclusive": False,
        "when": {},
        "cap_minor": None,
        "max_applications": None,
        "excluded": None,
        "rule": {},
        "is_active": True,
    },
    order=by_name,
    columns=(
        _name(),
        _PRIORITY,
        Column(name="stacking_group", kind=Text(40, if_empty=None), at="group"),
        Column(name="exclusive", kind=YesNo(if_empty=False), at="exclusive"),
        *WHEN,
        Column(name="rule", kind=Structure(dict, needed=True), at="rule", required=True),
        Column(name="excluded", kind=Selector(), at="excluded"),
        Column(name="cap", kind=Money(needed=False), at="cap_minor"),
        Column(name="max_applications", kind=Whole(1, MAX_COUNT, if_empty=None), at="max_applications"),
        _ACTIVE,
    ),
)

SERVICE_CHARGES: Final = Sheet(
    name="service_charges",
    title="Charges on the order",
    kind="service_charge",
    find=lambda said, names: names.service_charges.find(said["name"]),
    new={
        "name": "",
        "priority": 100,
        "when": {},
        "phase": "before_tax",
        "taxable": True,
        "tax_class": None,
        "is_active": True,
    },
    order=by_name,
    columns=(
        _name(),
        _PRIORITY,
        Column(name="percent", kind=Share(), at="percent", dropped=True),
        Column(name="amount", kind=Money(needed=False), at="amount_minor", dropped=True),
        Column(name="per_cover", kind=Money(needed=False), at="per_cover_minor", dropped=True),
        *WHEN,
        Column(name="phase", kind=Choice(("before_tax", "after_tax"), if_empty="before_tax"), at="phase"),
        Column(name="taxable", kind=YesNo(), at="taxable"),
        Column(name="tax_class", kind=TaxCode(needed=False), at="tax_class"),
        _ACTIVE,
    ),
)

MENUS: Final = Sheet(
    name="menus",
    title="What tills show, when and where",
    kind="menu",
    find=lambda said, names: names.menus.find(said["name"]),
    new={"name": "", "position": 0, "when": {}, "entries": [], "is_active": True},
    order=by_name,
    columns=(
        _name(),
        _POSITION,
        *WHEN,
        Column(name="entries", kind=MenuEntries(), at="entries", required=True),
        _ACTIVE,
    ),
)

BARCODE_PATTERNS: Final = Sheet(
    name="barcode_patterns",
    title="How codes that carry a weight or a price are read",
    kind="barcode_pattern",
    find=lambda said, names: names.patterns.find(said["name"]),
    new={"name": "", "pattern": "", "position": 0, "is_active": True},
    order=by_name,
    columns=(
        _name(80),
        Column(name="pattern", kind=Text(80, needed=True), at="pattern", required=True),
        _POSITION,
        _ACTIVE,
    ),
)
