"""Changing the catalogue by documents: any number of any kind, all of them or none."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.events.log import current_txn
from pos.catalog.documents.batches import Document, Key
from pos.catalog.documents.planning import plan_documents
from pos.catalog.documents.reading import read_documents
from pos.catalog.errors import DocumentInUse, DocumentsRefused
from pos.catalog.models import KINDS
from pos.catalog.services.document_rows import write_batch
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import write

_NEEDED = frozenset({"in_use", "sold_before"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of a change: the catalogue's revision after it, and the documents that changed.

    `txn` is the unit of work that did it: its events are in the feed once it is committed.
    """

    revision: int
    changed: tuple[Key, ...]
    txn: UUID | None


def apply_documents(
    *,
    documents: Sequence[tuple[str, Any]],
    removed: Collection[Key] = (),
    pointers: Sequence[str] | None = None,
) -> set[Key]:
    """Bring the tables to `documents` and delete `removed`; returns the keys of what changed.

    Called inside a unit of work with the catalogue locked; the caller publishes. A document replaces the one
    of its id as a whole, and one that is as it was changes nothing. Raises `DocumentsRefused` with every problem
    of every document at its pointer (`/3/variants/0/sku`; removals at `/removed/0`), and `DocumentInUse` when
    all that is wrong is that something removed is needed.
    """
    plan = plan_documents(documents=documents, removed=removed, pointers=pointers)
    refuse_documents(plan.problems)
    write_batch(plan.batch)
    return plan.touched


def save_documents(
    *,
    documents: Sequence[tuple[str, Any]],
    removed: Collection[Key] = (),
    actor: Actor,
    at: dt.datetime,
    cause: str,
) -> Saved:
    """Apply documents and publish the price book's next version, in one unit of work.

    Raises what `apply_documents` does, and `Forbidden` without `catalog.write`.
    """

    def change() -> Saved:
        touched = apply_documents(documents=documents, removed=removed)
        return _published(touched, cause=cause, actor=actor, at=at)

    return write(actor, change)


def put_document(
    *,
    kind: str,
    document_id: UUID,
    document: Any,
    actor: Actor,
    at: dt.datetime,
    matches: Callable[[Document | None], None],
) -> Saved:
    """Make one document what is stated, or delete it when `document` is None.

    `matches` looks at the document as it is, under the lock, and raises when the caller knows an older one; it
    is not asked when the document is already what is stated, so that a repeat whose answer was lost succeeds.
    Problems point into the document itself (`/variants/0/sku`). Raises what `save_documents` does.
    """

    def change() -> Saved:
        if document is None:
            plan = plan_documents(documents=(), removed=[(kind, document_id)])
        else:
            plan = plan_documents(documents=[(kind, document)], pointers=[""])
        if document is None or plan.problems or plan.batch.changes:
            matches(read_documents(kind=kind, ids=[document_id]).get(document_id))
        refuse_documents(
            FieldProblem(each.pointer.removeprefix("/removed/0"), each.code, each.detail)
            for each in plan.problems
        )
        write_batch(plan.batch)
        cause = f"{kind} {'removed' if document is None else 'saved'}"
        return _published(plan.touched, cause=cause, actor=actor, at=at)

    return write(actor, change)


def refuse_documents(problems: Iterable[FieldProblem]) -> None:
    """Raise the named refusal of `problems`, if there are any."""
    found = tuple(problems)
    if not found:
        return
    refusal = DocumentInUse if all(problem.code in _NEEDED for problem in found) else DocumentsRefused
    more = f" ({len(found) - 1} more problems.)" if len(found) > 1 else ""
    raise refusal(found[0].detail + more, errors=found)


def _published(touched: set[Key], *, cause: str, actor: Actor, at: dt.datetime) -> Saved:
    revision = publish(touched=touched, cause=cause, by=actor.id, at=at)
    changed = sorted(touched, key=lambda key: (KINDS.index(key[0]), key[1]))
    return Saved(revision=revision, changed=tuple(changed), txn=current_txn())
