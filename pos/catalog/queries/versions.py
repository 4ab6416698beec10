"""What a version of the price book changed: its entries beside those that held before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from pos.catalog.models import BookEntry

Document = dict[str, Any]
MOST: Final = 200
"""How many entries of a version are read; an import may have changed a hundred thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A document in a version: made, removed, or with other members than before (name, before, after)."""

    kind: str
    entity_id: str
    name: str
    what: str
    members: tuple[tuple[str, Any, Any], ...] = ()


def changes_of(*, revision: int) -> list[Changed]:
    """What the version of this revision changed, at most `MOST` documents by kind and name. One statement."""
    earlier = BookEntry.objects.filter(
        kind=OuterRef("kind"), entity_id=OuterRef("entity_id"), revision__lt=OuterRef("revision")
    ).order_by("-revision")
    rows = BookEntry.objects.filter(revision=revision).order_by("kind", "entity_id")
    before = Subquery(earlier.values("document")[:1])
    found = [
        _changed(row.kind, str(row.entity_id), row.before, row.document)
        for row in rows.annotate(before=before)[:MOST]
    ]
    return sorted(found, key=lambda each: (each.kind, each.name))


def _changed(kind: str, entity_id: str, before: Document | None, after: Document | None) -> Changed:
    document = after or before or {}
    name = str(document.get("name") or kind.replace("_", " "))
    if after is None:
        return Changed(kind=kind, entity_id=entity_id, name=name, what="removed")
    if before is None:
        return Changed(kind=kind, entity_id=entity_id, name=name, what="new")
    members = tuple(_members("", before, after))
    return Changed(kind=kind, entity_id=entity_id, name=name, what="changed", members=members)


def _members(where: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Every place that differs; rows with an id are compared by it, others as a whole."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after} - {"id"}):
            inside = f"{where} {name}".strip()
            yield from _members(inside, before.get(name), after.get(name))
    elif _have_ids(before) and _have_ids(after):
        then, now = ({row["id"]: row for row in rows} for rows in (before, after))
        for key in (*then, *(key for key in now if key not in then)):
            row = now.get(key) or then.get(key) or {}
            called = row.get("name") or row.get("sku") or ""
            yield from _members(f"{where} {called}".strip(), then.get(key), now.get(key))
        if list(then) != list(now) and set(then) == set(now):
            yield f"{where} order", None, None
    elif before != after:
        yield where, before, after


def _have_ids(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) and "id" in row for row in rows)
