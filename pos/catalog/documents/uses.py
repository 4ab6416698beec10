"""What cannot go because something else needs it, or because it was sold. Each is told with what needs it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import PROTECT, ForeignObjectRel, Model

from fynlo.core.errors import FieldProblem
from pos.catalog.documents.batches import Batch
from pos.catalog.documents.reading import read_documents
from pos.catalog.documents.references import references
from pos.catalog.documents.rows import only, relations
from pos.catalog.models import (
    Category,
    ComboChoice,
    GroupUse,
    Item,
    ModifierPrice,
    PriceListEntry,
    ServiceCharge,
    TaxClass,
    Variant,
)

SHOWN: Final = 5
"""So many of those that need something are named."""

Source = tuple[type[Model], str, str, str, str]
"""Rows that refer: their table, by which column, and the kind, id and name of the document they are part of."""

_SOURCES: Final[dict[str, tuple[Source, ...]]] = {
    "tax_class": (
        (Item, "tax_class", "item", "pk", "name"),
        (ServiceCharge, "tax_class", "service_charge", "pk", "name"),
    ),
    "category": (
        (Category, "parent", "category", "pk", "name"),
        (Item, "category", "item", "pk", "name"),
        (PriceListEntry, "category", "price_list", "price_list_id", "price_list__name"),
    ),
    "modifier_group": (
        (GroupUse, "group", "item", "item_id", "item__name"),
        (GroupUse, "group", "modifier_group", "modifier__group_id", "modifier__group__name"),
    ),
    "price_list": (
        (PriceListEntry, "price_list", "item", "item_id", "item__name"),
        (PriceListEntry, "price_list", "item", "variant__item_id", "variant__item__name"),
    ),
    "item": ((ModifierPrice, "item", "modifier_group", "modifier__group_id", "modifier__group__name"),),
    "variant": ((ComboChoice, "variant", "item", "slot__item_id", "slot__item__name"),),
}
_SELECTING: Final = ("promotion", "menu")
_SELECTED: Final = ("category", "item", "variant")


def use_problems(batch: Batch) -> list[FieldProblem]:
    """A problem for everything that is to go and is needed by a document outside the batch, or was sold."""
    gone: dict[str, set[str]] = defaultdict(set)
    for kind, key in batch.gone:
        gone[kind].add(key)
    if not gone:
        return []
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, key, user in (*_rows(batch, gone), *_selectors(batch, gone)):
        users[kind, key].add(user)
    problems = [
        FieldProblem(
            _where(batch, kind, key), "in_use", f"{_name(batch, kind, key)} is used by {_list(found)}."
        )
        for (kind, key), found in sorted(users.items())
    ]
    return problems + _sold(batch, gone["variant"])


def _rows(batch: Batch, gone: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    """Rows of other documents that refer to what goes. Tax classes are known by their code here."""
    for kind, sources in _SOURCES.items():
        if not gone[kind]:
            continue
        ids = _ids(kind, gone[kind])
        for model, column, owner_kind, owner, name in sources:
            own = batch.ids(owner_kind)
            rows: Any = only(model, ids.keys(), by=column).filter(**{f"{owner}__isnull": False})
            for target, key, title in rows.values_list(f"{column}_id", owner, name):
                if key not in own:
                    yield kind, ids[target], f"{owner_kind.replace('_', ' ')} {title}"


def _ids(kind: str, gone: set[str]) -> dict[UUID, str]:
    if kind == "tax_class":
        return dict(TaxClass.objects.filter(code__in=gone).values_list("pk", "code"))
    return {UUID(key): key for key in gone}


def _selectors(batch: Batch, gone: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    """Promotions and menus outside the batch that name what goes."""
    if not any(gone[kind] for kind in _SELECTED):
        return
    for kind in _SELECTING:
        own = batch.ids(kind)
        for key, document in read_documents(kind=kind).items():
            for _, target, name in references(kind, document) if key not in own else ():
                if name in gone[target]:
                    yield target, name, f"{kind} {document['name']}"


def _sold(batch: Batch, variants: set[str]) -> list[FieldProblem]:
    """Variants that sold lines or stock movements name."""
    if not variants:
        return []
    ids = {UUID(key) for key in variants}
    held: set[UUID] = set()
    for relation in relations(Variant):
        if _protects(relation):
            rows = only(relation.related_model, ids, by=relation.field.name)  # type: ignore[arg-type]
            held |= set(rows.order_by().values_list(f"{relation.field.name}_id", flat=True).distinct())
    return [
        FieldProblem(
            _where(batch, "variant", str(key)),
            "sold_before",
            f"{_name(batch, 'variant', str(key))} was sold or counted; deactivate it instead.",
        )
        for key in sorted(held)
    ]


def _protects(relation: ForeignObjectRel) -> bool:
    """Whether rows outside the catalogue keep a variant from being deleted."""
    return relation.on_delete is PROTECT and relation.related_model is not ComboChoice


def _where(batch: Batch, kind: str, key: str) -> str:
    change = batch.gone[kind, key]
    return change.pointer if change.after is None else f"{change.pointer}/variants"


def _name(batch: Batch, kind: str, key: str) -> str:
    document = batch.gone[kind, key].before or {}
    if kind == "variant":
        sku = next(variant["sku"] for variant in document["variants"] if variant["id"] == key)
        return f"Variant {sku}"
    return f"{kind.replace('_', ' ').capitalize()} {document['name']}"


def _list(users: set[str]) -> str:
    names = sorted(users)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
