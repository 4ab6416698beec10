"""From documents to a plan: what would change, and every reason why it cannot. Reads, writes nothing.

Consistent only while the catalogue is locked, or as a preview.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.catalog.documents.batches import Batch, Change, Document, Key
from pos.catalog.documents.checking import Checked, check_documents
from pos.catalog.documents.choices import choice_problems
from pos.catalog.documents.crowding import crowding_problems
from pos.catalog.documents.holders import holder_problems
from pos.catalog.documents.reading import read_documents
from pos.catalog.documents.referring import missing_references
from pos.catalog.documents.trees import category_problems
from pos.catalog.documents.uses import use_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What applying documents would do. It can be done when there are no problems."""

    batch: Batch
    problems: tuple[FieldProblem, ...]

    @property
    def touched(self) -> set[Key]:
        """The documents that change."""
        return {change.key for change in self.batch.changes}


def plan_documents(
    *,
    documents: Sequence[tuple[str, Any]],
    removed: Collection[Key] = (),
    pointers: Sequence[str] | None = None,
) -> Plan:
    """What bringing the catalogue to `documents` and without `removed` means, with all problems at once.

    Problems are told at the place in `documents` (or at `pointers`), those of removals at `/removed/0`. A
    document that is as it was is no change; what is removed already, neither. The number of statements does
    not depend on the number of documents.
    """
    checked, problems = check_documents(documents=documents, pointers=pointers)
    problems += _said_twice(checked, removed)
    batch = _batch(checked, removed)
    for look in (
        missing_references,
        use_problems,
        holder_problems,
        category_problems,
        choice_problems,
        crowding_problems,
    ):
        problems += look(batch)
    return Plan(batch=batch, problems=tuple(problems))


def _batch(checked: Iterable[Checked], removed: Collection[Key]) -> Batch:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    stated = {(each.kind, each.id): each for each in checked}
    for kind, key in (*stated, *removed):
        wanted[kind].add(key)
    before: dict[Key, Document] = {}
    for kind, ids in wanted.items():
        found = read_documents(kind=kind, ids=ids)
        before.update({(kind, key): document for key, document in found.items()})
    changes = [
        Change(pointer=each.pointer, kind=each.kind, id=each.id, before=before.get(key), after=each.document)
        for key, each in stated.items()
        if before.get(key) != each.document
    ]
    changes += [
        Change(pointer=f"/removed/{place}", kind=key[0], id=key[1], before=before[key], after=None)
        for place, key in enumerate(removed)
        if key in before and key not in stated
    ]
    return Batch(changes=tuple(changes))


def _said_twice(checked: Iterable[Checked], removed: Collection[Key]) -> list[FieldProblem]:
    problems = []
    seen: set[Key] = set()
    for each in checked:
        key = (each.kind, each.id)
        if key in seen:
            problems.append(FieldProblem(f"{each.pointer}/id", "repeated", "This document is here twice."))
        seen.add(key)
    for place, key in enumerate(removed):
        where = f"/removed/{place}"
        if key in seen:
            problems.append(FieldProblem(where, "repeated", "This document is changed and removed at once."))
        if key[0] == "settings":
            problems.append(FieldProblem(where, "settings", "The settings are always there."))
    return problems
