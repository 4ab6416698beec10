"""Barcode patterns: made, changed, and put in another order. The first active one that fits a code decides."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from pos.catalog.documents.reading import read_documents
from pos.catalog.services.documents import put_document, save_documents

_KIND = "barcode_pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternDraft:
    """A barcode pattern as it shall be."""

    id: UUID
    name: str
    pattern: str
    position: int
    is_active: bool


def save_pattern(*, draft: PatternDraft, actor: Actor, at: dt.datetime) -> None:
    """Make the pattern, or bring it to what is stated.

    Raises `DocumentsRefused` with problems at `/name`, `/pattern`, `/position`, and `Forbidden`.
    """
    document = {
        "id": str(draft.id),
        "name": draft.name,
        "pattern": draft.pattern,
        "position": draft.position,
        "is_active": draft.is_active,
    }
    put_document(
        kind=_KIND, document_id=draft.id, document=document, actor=actor, at=at, matches=_as_it_comes
    )


def order_patterns(*, ids: Sequence[UUID], actor: Actor, at: dt.datetime) -> None:
    """Put the patterns into the order of `ids`; those that are not named come behind, as they were.

    Raises `NotFound` for one that is not there, and `Forbidden` without `catalog.write`.
    """
    actor.require("catalog.write")
    found = read_documents(kind=_KIND)
    if not found.keys() >= set(ids):
        raise NotFound("There is no such pattern.")
    named = list(dict.fromkeys(ids))
    rest = sorted(found.keys() - set(named), key=lambda key: (found[key]["position"], key))
    documents: list[tuple[str, Any]] = [
        (_KIND, {**found[key], "position": place}) for place, key in enumerate([*named, *rest])
    ]
    save_documents(documents=documents, actor=actor, at=at, cause="barcode patterns ordered")


def _as_it_comes(_before: Any) -> None:
    """A form states the whole pattern, so what was there before does not matter."""
