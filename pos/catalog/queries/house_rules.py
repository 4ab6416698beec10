"""What a version of the price book says apart from the items: read and parsed once per process and version."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from fynlo.core.tenancy import tenant_key
from pos.pricing.book import Book, Category
from pos.pricing.reading import read_book
from pos.pricing.types import RoundingMode, RoundingPolicy, RoundingScope

MOST_KEPT: Final = 128
"""Versions in memory, of all merchants; beyond that the one not asked for longest is forgotten."""

_RULES: Final = """
SELECT DISTINCT ON (kind, entity_id) kind, document FROM pos_bookentry
WHERE kind = ANY(%(kinds)s) AND revision <= %(revision)s
ORDER BY kind, entity_id, revision DESC
"""
_PRICED: Final = {
    "category": "categories",
    "tax_class": "tax_classes",
    "modifier_group": "modifier_groups",
    "price_list": "price_lists",
    "promotion": "promotions",
    "service_charge": "service_charges",
}
_KINDS: Final = ["settings", *_PRICED]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedModifier:
    """What a version calls a modifier."""

    name: str
    kitchen_name: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """A version without its items. `book` has what is active; `categories` the whole tree by id."""

    book: Book
    categories: Mapping[str, Category]
    modifiers: Mapping[UUID, BookedModifier]
    rounding: RoundingPolicy
    cash_increment: int

    def branches(self, ids: Collection[str]) -> tuple[Category, ...]:
        """These categories and all above them."""
        found: dict[str, Category] = {}
        for key in ids:
            category = self.categories.get(key)
            while category is not None and category.id not in found:
                found[category.id] = category
                category = self.categories.get(category.parent_id or "")
        return tuple(found[key] for key in sorted(found))


class _Kept:
    """The rules that were read last. A version never changes, so nothing here goes stale."""

    def __init__(self) -> None:
        self._rules: OrderedDict[str, HouseRules] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> HouseRules | None:
        with self._lock:
            if key in self._rules:
                self._rules.move_to_end(key)
            return self._rules.get(key)

    def put(self, key: str, rules: HouseRules) -> None:
        with self._lock:
            self._rules[key] = rules
            while len(self._rules) > MOST_KEPT:
                self._rules.popitem(last=False)


_kept = _Kept()


def house_rules(*, rules_id: UUID, revision: int) -> HouseRules:
    """The rules at `revision`; one statement the first time a process asks, none while they stay the same.

    They are kept under the merchant's schema and `rules_id`, the version that last changed any of them. That id
    is made anew for every attempt to publish, so what a transaction read and then rolled back is never taken
    for what another one committed.
    """
    key = tenant_key("house-rules", str(rules_id))
    rules = _kept.get(key)
    if rules is None:
        rules = _read(revision)
        _kept.put(key, rules)
    return rules


def _read(revision: int) -> HouseRules:
    with connection.cursor() as cursor:
        cursor.execute(_RULES, {"kinds": _KINDS, "revision": revision})
        rows = cursor.fetchall()
    documents: dict[str, list[Mapping[str, Any]]] = {kind: [] for kind in _KINDS}
    for kind, text in rows:
        if text is not None:
            documents[kind].append(orjson.loads(text))
    book = read_book({name: _active(documents[kind]) for kind, name in _PRICED.items()})
    settings = documents["settings"][0]
    return HouseRules(
        book=book,
        categories={category.id: category for category in book.categories},
        modifiers=_modifiers(documents["modifier_group"]),
        rounding=RoundingPolicy(
            scope=RoundingScope(settings["rounding"]["scope"]),
            mode=RoundingMode(settings["rounding"]["mode"]),
        ),
        cash_increment=settings["cash_increment"],
    )


def _active(documents: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What is switched on; the switch itself is nothing pricing reads."""
    return [
        {name: value for name, value in document.items() if name != "is_active"}
        for document in documents
        if document.get("is_active", True)
    ]


def _modifiers(groups: Iterable[Mapping[str, Any]]) -> dict[UUID, BookedModifier]:
    return {
        UUID(modifier["id"]): BookedModifier(
            name=modifier["name"],
            kitchen_name=modifier["kitchen_name"],
            is_active=modifier["is_active"],
        )
        for group in groups
        for modifier in group["modifiers"]
    }
