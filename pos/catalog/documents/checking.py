"""What is wrong with documents by themselves, and their one form. Pure: nobody is asked what else there is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.catalog.barcode_patterns import PatternInvalid, compile_pattern
from pos.catalog.documents import checking_groups, checking_items, checking_offers, checking_taxes
from pos.catalog.documents.limits import MAX_POSITION
from pos.catalog.documents.shapes import Part

Document = dict[str, Any]

SETTINGS_UUID: Final = UUID(int=1)
SETTINGS: Final = ("id", "rounding", "cash_increment")
CATEGORY: Final = ("id", "parent_id", "name", "position", "color", "image_id")
BARCODE_PATTERN: Final = ("id", "name", "pattern", "position", "is_active")
SCOPES: Final = ("per_line", "per_rate", "per_order")
MODES: Final = ("half_up", "half_even")
INCREMENTS: Final = (1, 5, 10, 50, 100)
MAX_CATEGORY_NAME: Final = 120
_COLOR: Final = re.compile("#[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A document that is right by itself, in its one form. Problems of it are told at `pointer`."""

    pointer: str
    kind: str
    id: UUID
    document: Document


def check_documents(
    *, documents: Sequence[tuple[str, Any]], pointers: Sequence[str] | None = None
) -> tuple[list[Checked], list[FieldProblem]]:
    """Those of `documents` that are right by themselves, and every problem of the others.

    A pointer begins with the document's place in the sequence (`/3/variants/0/sku`), or with what `pointers`
    says for that place.
    """
    checked: list[Checked] = []
    problems: list[FieldProblem] = []
    for place, (kind, document) in enumerate(documents):
        pointer = f"/{place}" if pointers is None else pointers[place]
        before = len(problems)
        made = check_document(kind=kind, document=document, pointer=pointer, problems=problems)
        if len(problems) == before:
            checked.append(Checked(pointer=pointer, kind=kind, id=UUID(made["id"]), document=made))
    return checked, problems


def check_document(*, kind: str, document: Any, pointer: str = "", problems: list[FieldProblem]) -> Document:
    """`document` in its one form; what is wrong with it is added to `problems`."""
    known, read = _KINDS.get(kind, (frozenset(), None))
    if read is None:
        problems.append(FieldProblem(pointer, "unknown_kind", f"The kinds are {', '.join(_KINDS)}."))
        return {}
    return read(Part(document, pointer, problems, known))


def _settings(part: Part) -> Document:
    rounding = Part(
        part.raw("rounding", {"scope": "per_line", "mode": "half_up"}),
        f"{part.pointer}/rounding",
        part.problems,
        ("scope", "mode"),
    )
    increment = part.raw("cash_increment", 1)
    if type(increment) is not int or increment not in INCREMENTS:
        expected = ", ".join(map(str, INCREMENTS))
        part.refuse("/cash_increment", "unknown_word", f"One of {expected} is expected.")
    if part.raw("id", str(SETTINGS_UUID)) != str(SETTINGS_UUID):
        part.refuse("/id", "id", f"The settings are one document, {SETTINGS_UUID}.")
    return {
        "id": str(SETTINGS_UUID),
        "rounding": {"scope": rounding.word("scope", SCOPES), "mode": rounding.word("mode", MODES)},
        "cash_increment": increment,
    }


def _category(part: Part) -> Document:
    name = part.text("name", longest=MAX_CATEGORY_NAME)
    if ">" in name:
        part.refuse("/name", "separator", "A category's name does not contain >, which joins paths.")
    color = part.raw("color", "")
    if color != "" and (type(color) is not str or not _COLOR.fullmatch(color.lower())):
        part.refuse("/color", "color", "A colour is written #ffcc00.")
    return {
        "id": part.ident("id"),
        "parent_id": part.ident_or_none("parent_id"),
        "name": name,
        "position": part.whole("position", low=0, high=MAX_POSITION, default=0),
        "color": color.lower() if type(color) is str else "",
        "image_id": part.ident_or_none("image_id"),
    }


def _barcode_pattern(part: Part) -> Document:
    pattern = part.text("pattern", longest=80)
    try:
        compile_pattern(pattern)
    except PatternInvalid as error:
        part.refuse("/pattern", "pattern", f"{error}.")
    return {
        "id": part.ident("id"),
        "name": part.text("name", longest=80),
        "pattern": pattern,
        "position": part.whole("position", low=0, high=MAX_POSITION, default=0),
        "is_active": part.flag("is_active", default=True),
    }


_KINDS: Final[dict[str, tuple[frozenset[str], Callable[[Part], Document]]]] = {
    "settings": (frozenset(SETTINGS), _settings),
    "tax_class": (frozenset(checking_taxes.TAX_CLASS), checking_taxes.tax_class),
    "category": (frozenset(CATEGORY), _category),
    "modifier_group": (frozenset(checking_groups.GROUP), checking_groups.modifier_group),
    "item": (frozenset(checking_items.ITEM), checking_items.item),
    "price_list": (frozenset(checking_offers.PRICE_LIST), checking_offers.price_list),
    "promotion": (frozenset(checking_offers.PROMOTION), checking_offers.promotion),
    "service_charge": (frozenset(checking_offers.SERVICE_CHARGE), checking_offers.service_charge),
    "menu": (frozenset(checking_offers.MENU), checking_offers.menu),
    "barcode_pattern": (frozenset(BARCODE_PATTERN), _barcode_pattern),
}
