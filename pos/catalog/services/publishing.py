"""Publishing: what changed in the catalogue becomes the price book's next version, in the change's transaction.

A version is never changed. What it holds of a document is the newest entry up to its revision, so a change of
one item appends one entry, however large the catalogue is (docs/algorithms/price-book.md).
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.models import Model

from fynlo.core import clock
from fynlo.core.database import run_transaction
from fynlo.core.ids import new_id
from fynlo.events.log import append, unit_of_work
from pos.catalog.documents.reading import SETTINGS_ID, read_documents
from pos.catalog.models import (
    KINDS,
    THE_ONE,
    BarcodePattern,
    CatalogHead,
    Category,
    Item,
    Menu,
    ModifierGroup,
    PriceBookVersion,
    PriceList,
    Promotion,
    ServiceCharge,
    TaxClass,
)
from pos.catalog.queries.book import BookForSale, NoPriceBook, book_for_sale
from pos.catalog.services.book_entries import append_entries, raise_items, record_moves
from pos.catalog.services.search_texts import fold_names
from pos.catalog.services.writing import lock_catalog
from pos.events import CatalogBookPublished

Key = tuple[str, UUID]
"""A document: its kind and its id."""

FIRST_EFFECTIVE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""From when the first version is in force: before every sale, also one that a till has kept for long."""
MOST_ENTRIES_TOLD: Final = 20
MOST_BYTES_TOLD: Final = 32 * 1024
_BATCH: Final = 2000

_TABLES: Final[dict[str, type[Model]]] = {
    "tax_class": TaxClass,
    "category": Category,
    "modifier_group": ModifierGroup,
    "item": Item,
    "price_list": PriceList,
    "promotion": Promotion,
    "service_charge": ServiceCharge,
    "menu": Menu,
    "barcode_pattern": BarcodePattern,
}


def publish(*, touched: Collection[Key], cause: str, by: UUID | None, at: dt.datetime) -> int:
    """Append what differs in the `touched` documents as the next version, and return the catalogue's revision.

    Called last in the unit of work of the change, with the catalogue locked. Nothing differs: nothing is
    written or told. The version is in force from `at`, or from when the one before is, if that is later. The
    first version of a catalogue holds all of it and is in force from 2000 on.
    """
    before = lock_catalog()
    last = PriceBookVersion.objects.order_by("-revision").first()
    if last is None:
        fold_names()
    wanted = _by_kind(touched) if last is not None else _everything()
    news = _News(digest=last.digest if last else "")
    for kind in KINDS:
        for ids in _batches(wanted.get(kind, ())):
            documents = read_documents(kind=kind, ids=ids)
            stated = {key: documents.get(key) for key in ids}
            news.add(kind, append_entries(kind=kind, revision=before + 1, documents=stated), stated)
    if not news.count:
        return before
    if news.has_items:
        record_moves(revision=before + 1)
        raise_items(revision=before + 1)
    version_id = new_id()
    version = PriceBookVersion(
        id=version_id,
        revision=before + 1,
        effective_at=max(at, last.effective_at) if last else FIRST_EFFECTIVE,
        cause=cause[:80],
        entry_count=news.count,
        digest=news.digest,
        changed_by=by,
        rules_id=version_id if last is None or news.has_rules else last.rules_id or last.id,
    )
    version.save()
    CatalogHead.objects.filter(pk=THE_ONE).update(revision=version.revision)
    append(_fact(version, news, at=at))
    return version.revision


def ensure_book() -> None:
    """Publish the whole catalogue if it never was: merchants from before there were price books."""
    if PriceBookVersion.objects.exists():
        return

    def first() -> None:
        with unit_of_work():
            lock_catalog()
            if not PriceBookVersion.objects.exists():
                publish(touched=(), cause="first price book", by=None, at=clock.now())

    run_transaction(first)


def sale_book(
    *, variant_ids: Collection[UUID], at: dt.datetime, version_id: UUID | None = None
) -> BookForSale:
    """What `book_for_sale` answers; a merchant who has no price book yet gets the first one."""
    try:
        return book_for_sale(variant_ids=variant_ids, at=at, version_id=version_id)
    except NoPriceBook:
        ensure_book()
        return book_for_sale(variant_ids=variant_ids, at=at, version_id=version_id)


class _News:
    """What a version changes, gathered while it is written: its digest, and a few documents to tell."""

    def __init__(self, *, digest: str) -> None:
        self.count = 0
        self.has_rules = self.has_items = False
        self.told: list[dict[str, Any]] | None = []
        self._bytes = 0
        self._hash = hashlib.sha256(digest.encode())

    @property
    def digest(self) -> str:
        """SHA-256 of the digest before, then of each entry: kind, id and document, in the order of the book."""
        return self._hash.hexdigest()

    def add(self, kind: str, changed: Collection[UUID], documents: dict[UUID, Any]) -> None:
        """Take in the `changed` ones of the documents of one kind."""
        self.count += len(changed)
        if changed and kind == "item":
            self.has_items = True
        elif changed:
            self.has_rules = True
        for key in sorted(changed):
            text = orjson.dumps(documents[key], option=orjson.OPT_SORT_KEYS)
            self._hash.update(b"%s\x1f%s\x1f%s\n" % (kind.encode(), str(key).encode(), text))
            self._tell({"kind": kind, "id": str(key), "document": documents[key]}, len(text))

    def _tell(self, entry: dict[str, Any], size: int) -> None:
        if self.told is None:
            return
        self.told.append(entry)
        self._bytes += size
        if len(self.told) > MOST_ENTRIES_TOLD or self._bytes > MOST_BYTES_TOLD:
            self.told = None


def _by_kind(touched: Iterable[Key]) -> dict[str, set[UUID]]:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for kind, key in touched:
        wanted[kind].add(key)
    return wanted


def _everything() -> dict[str, set[UUID]]:
    found = {
        kind: set(table._default_manager.values_list("pk", flat=True)) for kind, table in _TABLES.items()
    }
    return {"settings": {SETTINGS_ID}, **found}


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    """The ids in order, some at a time: a large import does not hold all its documents at once."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _BATCH):
        yield ordered[start : start + _BATCH]


def _fact(version: PriceBookVersion, news: _News, *, at: dt.datetime) -> CatalogBookPublished:
    return CatalogBookPublished(
        entity_id=version.id,
        at=at,
        version_id=version.id,
        revision=version.revision,
        effective_at=version.effective_at,
        digest=version.digest,
        entry_count=version.entry_count,
        entries=None if news.told is None else tuple(news.told),
    )
