"""Finding rows by name in order to refer to them, and the names of those that are referred to."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, F, Func, Model

from pos.catalog.csv_reading.cells import MAX_CATEGORY_DEPTH
from pos.catalog.models import Category, Item, ModifierGroup, PriceList, Variant
from pos.catalog.queries.search import search_variants
from pos.catalog.wall_clock import wall_clock

WITH_PARENTS: Final = "__".join(["parent"] * (MAX_CATEGORY_DEPTH - 1))
"""Every ancestor a category can have, in one statement."""
MOST: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row that may be meant; `hint` tells it from others of the same name."""

    id: str
    label: str
    hint: str = ""


def category_path(category: Any) -> str:
    """Where a category is: `Drinks > Hot`."""
    parent = category.parent
    return f"{category_path(parent)} > {category.name}" if parent else str(category.name)


def find(*, kind: str, text: str) -> list[Found]:
    """At most `MOST` rows of a kind whose name fits `text`; the first ones for no text. One or two statements.

    Raises KeyError for a kind that cannot be searched.
    """
    return _FINDERS[kind](" ".join(text.replace("\x00", " ").split())[:80])


def names_of(wanted: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The names of rows by id, for ids by kind: one statement for each kind. Unknown ids are left out."""
    found: dict[str, str] = {}
    for kind, ids in wanted.items():
        known = [key for each in ids if (key := _uuid(each)) is not None]
        if known and kind in _NAMERS:
            found |= _NAMERS[kind](known)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _categories(text: str) -> list[Found]:
    rows = [
        Found(id=str(row.pk), label=category_path(row))
        for row in Category.objects.select_related(WITH_PARENTS)
    ]
    fitting = [row for row in rows if text.casefold() in row.label.casefold()]
    return sorted(fitting, key=lambda row: row.label.casefold())[:MOST]


def _items(text: str) -> list[Found]:
    if not text:
        rows = Item.objects.select_related("category").order_by("name", "pk")[:MOST]
        return [Found(id=str(row.pk), label=row.name, hint=row.category.name) for row in rows]
    hits = {hit.item_id: hit.item_name for hit in search_variants(text=text, at=wall_clock(), limit=2 * MOST)}
    return [Found(id=str(key), label=name) for key, name in list(hits.items())[:MOST]]


def _variants(text: str) -> list[Found]:
    if not text:
        rows = Variant.objects.select_related("item").order_by("item__name", "position", "sku")[:MOST]
        return [Found(id=str(row.pk), label=_called(row.item.name, row.name), hint=row.sku) for row in rows]
    hits = search_variants(text=text, at=wall_clock(), limit=MOST)
    return [
        Found(id=str(hit.variant_id), label=_called(hit.item_name, hit.variant_name), hint=hit.sku)
        for hit in hits
    ]


def _tags(text: str) -> list[Found]:
    each = Func(F("tags"), function="unnest", output_field=CharField())
    rows = Item.objects.annotate(tag=each).order_by("tag").values_list("tag", flat=True).distinct()
    known = [tag for tag in rows if text.casefold() in tag.casefold()]
    if text and text not in known:
        known.append(text)
    return [Found(id=tag, label=tag) for tag in known[:MOST]]


def _by_name(model: type[Model]) -> Callable[[str], list[Found]]:
    def found(text: str) -> list[Found]:
        rows = model._default_manager.filter(name__icontains=text).order_by("name", "pk")[:MOST]
        return [Found(id=str(row.pk), label=str(row)) for row in rows]

    return found


def _locations(text: str) -> list[Found]:
    return _by_name(Category._meta.apps.get_model("pos", "Location"))(text)


def _called(item: str, variant: str) -> str:
    return f"{item}, {variant}" if variant else item


def _names(model: type[Model]) -> Callable[[list[UUID]], dict[str, str]]:
    def named(ids: list[UUID]) -> dict[str, str]:
        rows = model._default_manager.filter(pk__in=ids).values_list("pk", "name")
        return {str(pk): name for pk, name in rows}

    return named


def _category_names(ids: list[UUID]) -> dict[str, str]:
    rows = Category.objects.filter(pk__in=ids).select_related(WITH_PARENTS)
    return {str(row.pk): category_path(row) for row in rows}


def _variant_names(ids: list[UUID]) -> dict[str, str]:
    rows = Variant.objects.filter(pk__in=ids).values_list("pk", "item__name", "name", "sku")
    return {str(pk): f"{_called(item, name)} ({sku})" for pk, item, name, sku in rows}


def _location_names(ids: list[UUID]) -> dict[str, str]:
    return _names(Category._meta.apps.get_model("pos", "Location"))(ids)


_FINDERS: Final[dict[str, Callable[[str], list[Found]]]] = {
    "category": _categories,
    "item": _items,
    "variant": _variants,
    "tag": _tags,
    "modifier_group": _by_name(ModifierGroup),
    "price_list": _by_name(PriceList),
    "location": _locations,
}
_NAMERS: Final[dict[str, Callable[[list[UUID]], dict[str, str]]]] = {
    "category": _category_names,
    "item": _names(Item),
    "variant": _variant_names,
    "modifier_group": _names(ModifierGroup),
    "price_list": _names(PriceList),
    "location": _location_names,
}
