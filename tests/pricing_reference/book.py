"""Finding things in a book and a cart that are plain JSON."""

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.pricing_reference.numbers import plain

Json = dict[str, Any]


def item_of(book: Json, variant_id: str) -> Json:
    """The item that has this variant."""
    return next(
        dict(item)
        for item in book["items"]
        if any(variant["id"] == variant_id for variant in item["variants"])
    )


def variant_of(book: Json, variant_id: str) -> Json:
    """The variant itself."""
    return by_id(item_of(book, variant_id)["variants"], variant_id)


def modifier_of(book: Json, modifier_id: str) -> Json:
    """A modifier, from whichever group has it."""
    return by_id([one for group in book["modifier_groups"] for one in group["modifiers"]], modifier_id)


def tax_class_of(book: Json, code: str) -> Json:
    """A tax class by its code."""
    return next(dict(tax_class) for tax_class in book["tax_classes"] if tax_class["code"] == code)


def category_path(book: Json, category_id: str | None) -> list[str]:
    """A category and its parents, the nearest first."""
    path: list[str] = []
    while category_id is not None:
        path.append(category_id)
        category_id = by_id(book["categories"], category_id)["parent_id"]
    return path


def by_id(rows: list[Json], wanted: str) -> Json:
    """The row with this id."""
    for row in rows:
        if row["id"] == wanted:
            return row
    raise KeyError(wanted)


def in_order(rows: list[Json]) -> list[Json]:
    """Price lists, promotions and service charges apply by priority, then by id."""
    return sorted(rows, key=lambda row: (row["priority"], row["id"]))


@dataclass
class Part:
    """What has a tax class of its own: a component of a combo, or the whole of any other line."""

    line_id: str
    slot_id: str | None
    variant_id: str
    tax_class: str
    quantity: Fraction
    order_type: str | None
    order: tuple[str, ...]
    base: int
    left: int


@dataclass
class Line:
    """A line on its way through the steps."""

    cart: Json
    item: Json
    order: tuple[str, str]
    list_price: int
    unit_price: int
    price_list_id: str | None
    modifiers: int
    parts: list[Part] = field(default_factory=list)
    is_combo: bool = False
    after_line_discounts: int = 0
    used_units: int = 0
    touched_by: list[Json] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id the cart gave it."""
        return str(self.cart["id"])

    @property
    def quantity(self) -> Fraction:
        """How many, or how much."""
        return Fraction(self.cart["quantity"])

    @property
    def left(self) -> int:
        """What remains of the line after the discounts so far."""
        return sum(part.left for part in self.parts)


def content_key(line: Json) -> str:
    """What a line is, as text: equal lines have equal texts, wherever they stand and whatever their ids are."""
    return as_text(content_of(line))


def content_of(line: Json) -> list[Any]:
    """What a line is, without its id and the names of its discounts."""
    return [
        line["variant_id"],
        plain(line["quantity"]),
        line.get("unit_price_minor"),
        line.get("amount_minor"),
        line.get("order_type"),
        modifiers_key(line.get("modifiers", [])),
        sorted(
            (
                [one["slot_id"], one["variant_id"], modifiers_key(one.get("modifiers", []))]
                for one in line.get("components", [])
            ),
            key=as_text,
        ),
        [
            ["percent", plain(one["percent"])]
            if one.get("percent") is not None
            else ["amount", one["amount_minor"]]
            for one in line.get("discounts", [])
        ],
    ]


def modifiers_key(modifiers: list[Json]) -> list[Any]:
    """Modifiers by what they are, not by the order they were typed in."""
    return sorted(
        (
            [one["modifier_id"], one.get("quantity", 1), modifiers_key(one.get("modifiers", []))]
            for one in modifiers
        ),
        key=as_text,
    )


def as_text(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
