"""Sheets of what is chosen along with an item: modifier groups, where they are offered, combos."""

from collections.abc import Mapping
from typing import Any, Final

from pos.catalog.sheets.columns import Column, Level, Sheet
from pos.catalog.sheets.goods import item_order
from pos.catalog.sheets.kinds import Money, Text, Whole, YesNo
from pos.catalog.sheets.names import Names
from pos.catalog.sheets.references import ItemName, Named, Sku

MAX_CHOICES: Final = 1000
_COUNT: Final = Whole(0, MAX_CHOICES, if_empty=None)


def by_name(document: Mapping[str, Any], _names: Names) -> Any:
    """Documents by name."""
    return document["name"], document["id"]


def _group(said: Mapping[str, Any], names: Names) -> str | None:
    return names.groups.find(said["group"])


_MODIFIER: Final = Level(
    at="modifiers",
    has_id=True,
    new={
        "name": "",
        "kitchen_name": "",
        "price_minor": 0,
        "default_quantity": 0,
        "max_quantity": 1,
        "is_active": True,
        "prices": [],
        "groups": [],
    },
)

MODIFIER_GROUPS: Final = Sheet(
    name="modifier_groups",
    title="Modifiers: a row for each",
    kind="modifier_group",
    find=_group,
    new={"name": "", "kitchen_name": "", "min": 0, "max": None, "modifiers": []},
    levels=(_MODIFIER,),
    order=by_name,
    columns=(
        Column(name="group", kind=Text(120, needed=True), at="name", required=True, key=True),
        Column(name="group_kitchen_name", kind=Text(80), at="kitchen_name"),
        Column(name="min", kind=Whole(0, MAX_CHOICES), at="min", help="how many are chosen at least"),
        Column(name="max", kind=_COUNT, at="max", help="at most; empty: as many as there are"),
        Column(name="modifier", kind=Text(120), at="name", level=1, required=True, key=True),
        Column(name="kitchen_name", kind=Text(80), at="kitchen_name", level=1),
        Column(
            name="price",
            kind=Money(needed=False, signed=True, if_empty=0),
            at="price_minor",
            level=1,
            required=True,
            help="below zero takes off",
        ),
        Column(name="default_quantity", kind=Whole(0, MAX_CHOICES), at="default_quantity", level=1),
        Column(name="max_quantity", kind=Whole(1, MAX_CHOICES, if_empty=1), at="max_quantity", level=1),
        Column(name="active", kind=YesNo(), at="is_active", level=1),
    ),
)

NESTED_GROUPS: Final = Sheet(
    name="nested_groups",
    title="Modifier groups offered with a modifier",
    kind="modifier_group",
    find=_group,
    missing="there is no modifier group of this name",
    levels=(
        Level(at="modifiers", has_id=True),
        Level(at="groups", new={"group_id": None, "min": None, "max": None}),
    ),
    order=by_name,
    columns=(
        Column(name="group", kind=Text(120, needed=True), at="name", required=True, key=True),
        Column(name="modifier", kind=Text(120, needed=True), at="name", level=1, required=True, key=True),
        Column(name="nested_group", kind=Named("groups"), at="group_id", level=2, required=True, key=True),
        Column(name="min", kind=_COUNT, at="min", level=2, help="empty: as the group says"),
        Column(name="max", kind=_COUNT, at="max", level=2, help="empty: as the group says"),
    ),
)

MODIFIER_PRICES: Final = Sheet(
    name="modifier_prices",
    title="Prices of modifiers on an item or at a location",
    kind="modifier_group",
    find=_group,
    missing="there is no modifier group of this name",
    levels=(
        Level(at="modifiers", has_id=True),
        Level(at="prices", new={"item_id": None, "location_id": None, "price_minor": 0}),
    ),
    order=by_name,
    columns=(
        Column(name="group", kind=Text(120, needed=True), at="name", required=True, key=True),
        Column(name="modifier", kind=Text(120, needed=True), at="name", level=1, required=True, key=True),
        Column(name="item", kind=ItemName(needed=False), at="item_id", level=2, key=True),
        Column(name="location", kind=Named("locations", needed=False), at="location_id", level=2, key=True),
        Column(name="price", kind=Money(signed=True), at="price_minor", level=2, required=True),
    ),
)

ITEM_MODIFIERS: Final = Sheet(
    name="item_modifiers",
    title="Modifier groups offered with an item",
    kind="item",
    find=lambda said, _names: said["item"],
    levels=(Level(at="modifier_groups", new={"group_id": None, "min": None, "max": None}),),
    order=item_order,
    columns=(
        Column(name="item", kind=ItemName(), at=None, required=True, key=True),
        Column(name="group", kind=Named("groups"), at="group_id", level=1, required=True, key=True),
        Column(name="min", kind=_COUNT, at="min", level=1, help="empty: as the group says"),
        Column(name="max", kind=_COUNT, at="max", level=1, help="empty: as the group says"),
    ),
)

COMBOS: Final = Sheet(
    name="combos",
    title="What a combo is made of: a row for each choice",
    kind="item",
    find=lambda said, _names: said["item"],
    levels=(
        Level(at="combo.slots", new={"name": "", "choices": []}, has_id=True),
        Level(at="choices", new={"variant_id": None, "upcharge_minor": 0, "is_default": False}),
    ),
    order=item_order,
    columns=(
        Column(name="item", kind=ItemName(), at=None, required=True, key=True, help="the combo"),
        Column(name="slot", kind=Text(120, needed=True), at="name", level=1, required=True, key=True),
        Column(name="choice", kind=Sku(), at="variant_id", level=2, required=True, key=True),
        Column(name="upcharge", kind=Money(needed=False, if_empty=0), at="upcharge_minor", level=2),
        Column(name="default", kind=YesNo(if_empty=False), at="is_default", level=2),
    ),
)
