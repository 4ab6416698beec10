"""Bringing documents back to what the price book says they were. What was sold meanwhile cannot go: it is switched
off instead, and told.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from pos.catalog.documents.planning import plan_documents
from pos.catalog.documents.reading import read_documents
from pos.catalog.documents.rows import among
from pos.catalog.errors import ChangedSince
from pos.catalog.models import BookEntry
from pos.catalog.services.document_rows import write_batch
from pos.catalog.services.documents import refuse_documents
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import write

Key = tuple[str, UUID]
Document = dict[str, Any]

SHOWN: Final = 20
_ROUNDS: Final = 10
_NEEDED: Final = frozenset({"in_use", "sold_before"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came of it: the revision, how many documents changed, and what stays because it is needed."""

    revision: int
    document_count: int
    kept: tuple[str, ...]


def restore_documents(
    *, before: int, after: int, actor: Actor, at: dt.datetime, force: bool, cause: str
) -> Restored:
    """Bring every document that revision `after` changed to what it was at revision `before`.

    Raises `ChangedSince` when a later revision changed one of them too, unless `force`.
    """
    return write(actor, lambda: _restore(before, after, actor=actor, at=at, force=force, cause=cause))


def _restore(before: int, after: int, *, actor: Actor, at: dt.datetime, force: bool, cause: str) -> Restored:
    touched = _touched(after) if after > before else {}
    if not force:
        _refuse_changed(touched, after)
    plan = _Restoring(touched, before)
    changed = plan.settle()
    revision = publish(touched=changed, cause=cause, by=actor.id, at=at)
    return Restored(revision=revision, document_count=len(changed), kept=tuple(plan.kept))


class _Restoring:
    """Tries what was before, and gives way where something else needs what would go."""

    def __init__(self, touched: dict[str, set[UUID]], before: int) -> None:
        self.documents: dict[Key, Document] = {}
        self.removed: dict[Key, None] = {}
        self.kept: list[str] = []
        for kind, ids in touched.items():
            found = _documents_at(kind, ids, before)
            for key in sorted(ids):
                document = found.get(key)
                if document is None:
                    self.removed[kind, key] = None
                else:
                    self.documents[kind, key] = document

    def settle(self) -> set[Key]:
        """Write the nearest there is to what was before; returns what changed."""
        for _ in range(_ROUNDS):
            stated = list(self.documents)
            plan = plan_documents(
                documents=[(kind, self.documents[kind, key]) for kind, key in stated],
                removed=list(self.removed),
            )
            needed = [problem for problem in plan.problems if problem.code in _NEEDED]
            if not needed:
                refuse_documents(plan.problems)
                write_batch(plan.batch)
                return plan.touched
            self._give_way(needed, stated, list(self.removed))
        refuse_documents(plan.problems)
        return set()

    def _give_way(self, needed: Iterable[FieldProblem], stated: list[Key], removed: list[Key]) -> None:
        for problem in needed:
            first, second, *_ = [*problem.pointer.removeprefix("/").split("/"), ""]
            if first == "removed":
                self._keep(removed[int(second)])
            else:
                self._keep_variants(stated[int(first)])

    def _keep(self, key: Key) -> None:
        """Something that the import made stays; an item is no longer sold."""
        if key not in self.removed:
            return
        kind, id_ = key
        document = read_documents(kind=kind, ids=[id_])[id_]
        del self.removed[key]
        self.kept.append(name_of(kind, document))
        if kind != "item":
            return
        variants = [{**variant, "is_active": False} for variant in document["variants"]]
        alone: Document = {"modifier_groups": [], "combo": None, "list_prices": [], "image_ids": []}
        self.documents[key] = {**document, **alone, "is_active": False, "variants": variants}
        self._keep_category(document["category_id"])
        self._keep_tax_class(document["tax_class"])

    def _keep_category(self, category: str | None) -> None:
        while category is not None:
            key = ("category", UUID(category))
            if key not in self.removed:
                return
            document = read_documents(kind="category", ids=[key[1]])[key[1]]
            del self.removed[key]
            self.kept.append(name_of("category", document))
            category = document["parent_id"]

    def _keep_tax_class(self, code: str) -> None:
        for key in [key for key in self.removed if key[0] == "tax_class"]:
            document = read_documents(kind="tax_class", ids=[key[1]])[key[1]]
            if document["code"] == code:
                del self.removed[key]
                self.kept.append(name_of("tax_class", document))

    def _keep_variants(self, key: Key) -> None:
        """Variants that the import added to an item and that were sold stay, switched off."""
        document, there = self.documents[key], read_documents(kind="item", ids=[key[1]])[key[1]]
        known = {variant["id"] for variant in document["variants"]}
        added = [variant for variant in there["variants"] if variant["id"] not in known]
        off = [{**variant, "is_active": False} for variant in added]
        self.documents[key] = {**document, "variants": [*document["variants"], *off]}
        self.kept += [f"variant {variant['sku']}" for variant in added]


def name_of(kind: str, document: Document) -> str:
    """`item Espresso`: a document as people know it."""
    return f"{kind.replace('_', ' ')} {document.get('name', '')}".strip()


def _touched(revision: int) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    rows = BookEntry.objects.filter(revision=revision).values_list("kind", "entity_id")
    for kind, key in rows.iterator(chunk_size=10_000):
        found[kind].add(key)
    return found


def _refuse_changed(touched: dict[str, set[UUID]], after: int) -> None:
    """What changed since and was not brought back meanwhile is not simply taken back."""
    found: list[str] = []
    for kind, ids in touched.items():
        later = BookEntry.objects.filter(among("entity_id", ids), kind=kind, revision__gt=after)
        newest = later.order_by("entity_id", "-revision").distinct("entity_id")
        now = dict(newest.values_list("entity_id", "document"))
        then = _documents_at(kind, now, after)
        for key, document in now.items():
            if document != then.get(key):
                found.append(name_of(kind, document or then.get(key) or {}))
    if found:
        found.sort()
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        names = ", ".join(found[:SHOWN]) + more
        raise ChangedSince(f"Something else changed since: {names}.", changed=found[:SHOWN], count=len(found))


def _documents_at(kind: str, ids: Collection[UUID], revision: int) -> dict[UUID, Document | None]:
    """The documents of a kind as they were at a revision; those that were not there yet are missing."""
    rows = (
        BookEntry.objects.filter(among("entity_id", ids), kind=kind, revision__lte=revision)
        .order_by("entity_id", "-revision")
        .distinct("entity_id")
    )
    return dict(rows.values_list("entity_id", "document").iterator(chunk_size=2_000))
