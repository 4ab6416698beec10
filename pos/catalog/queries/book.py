"""The price book as a sale needs it: the version it was made at, and what that version says of what is sold."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.catalog.queries.book_items import BookedItem, Document, items_at, items_told
from pos.catalog.queries.house_rules import BookedModifier, HouseRules, house_rules
from pos.pricing.book import Book
from pos.pricing.types import RoundingPolicy

# Every sale asks this. Versions are in force in the order of their revisions, so the newest that holds decides.
_VERSIONS: Final = """
SELECT id, revision, COALESCE(rules_id, id), id = %(stated)s FROM pos_pricebookversion
WHERE id = %(stated)s OR revision = COALESCE(
    (SELECT max(revision) FROM pos_pricebookversion WHERE effective_at <= %(at)s),
    (SELECT min(revision) FROM pos_pricebookversion)
)
ORDER BY revision
"""


class NoPriceBook(LookupError):
    """The merchant has no price book yet; `pos.catalog.services.publishing.ensure_book` makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedVariant:
    """What a version says of a variant. Prices are per `unit`; `is_active` is its own switch and the item's."""

    id: UUID
    item_id: UUID
    item_name: str
    variant_name: str
    sku: str
    unit: str
    tax_class: str
    is_active: bool
    has_open_price: bool
    kitchen_name: str

    @property
    def name(self) -> str:
        """What is printed on the receipt: `Espresso, double`."""
        return f"{self.item_name}, {self.variant_name}" if self.variant_name else self.item_name


@dataclass(frozen=True, slots=True, kw_only=True)
class BookForSale:
    """A version of the price book, as far as a cart needs it.

    `is_superseded`: a newer version was in force when the sale was made. `book` has the items of the cart
    and all house rules that are active. Unknown variants are missing from `variants` and from the book; those
    of `later` are newer than the version and there as they were first published.
    """

    version_id: UUID
    revision: int
    is_superseded: bool
    book: Book
    variants: Mapping[UUID, BookedVariant]
    later: frozenset[UUID]
    modifiers: Mapping[UUID, BookedModifier]
    rounding: RoundingPolicy
    cash_increment: int


@dataclass(frozen=True, slots=True)
class _Version:
    id: UUID
    revision: int
    rules_id: UUID
    is_superseded: bool


def book_for_sale(
    *, variant_ids: Collection[UUID], at: dt.datetime, version_id: UUID | None = None
) -> BookForSale:
    """The price book for a cart with these variants (components of combos among them), sold `at`.

    It is the version `version_id` if there is such a one (the till says which it sold from), else the one in
    force at `at`: a sale made offline at 10:00 has 10:00's prices whenever it arrives. At most three
    statements, whatever the cart; one more for a variant that is newer than the version, which then counts
    as it was first published. Raises `NoPriceBook` for a merchant whose catalogue was never published.
    """
    version = _version(at, version_id)
    items = items_at(variant_ids=variant_ids, revision=version.revision)
    return _for_sale(version, items, variant_ids)


def book_told(
    *,
    versions: Sequence[tuple[UUID, int, UUID, bool | None]],
    documents: Iterable[Document],
    variant_ids: Collection[UUID],
) -> BookForSale | None:
    """The same from what was read along with other things: rows of `_VERSIONS`, and documents of items.

    None where there is more to ask: no version at all, or a variant that none of the documents has. One statement
    the first time a process meets a version's house rules.
    """
    items = items_told(documents=documents, variant_ids=variant_ids) if versions else None
    return None if items is None else _for_sale(_chosen(versions), items, variant_ids)


def _for_sale(version: _Version, items: Sequence[BookedItem], variant_ids: Collection[UUID]) -> BookForSale:
    rules = house_rules(rules_id=version.rules_id, revision=version.revision)
    return BookForSale(
        version_id=version.id,
        revision=version.revision,
        is_superseded=version.is_superseded,
        book=_book(rules, items),
        variants=dict(_variants(items, set(variant_ids))),
        later=frozenset(UUID(key) for item in items for key in item.later),
        modifiers=rules.modifiers,
        rounding=rules.rounding,
        cash_increment=rules.cash_increment,
    )


def _version(at: dt.datetime, stated: UUID | None) -> _Version:
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, {"stated": stated, "at": at})
        rows: Sequence[tuple[UUID, int, UUID, bool | None]] = cursor.fetchall()
    if not rows:
        raise NoPriceBook("the catalogue was never published")
    return _chosen(rows)


def _chosen(rows: Sequence[tuple[UUID, int, UUID, bool | None]]) -> _Version:
    chosen = next((row for row in rows if row[3]), rows[-1])
    newest = rows[-1][1]
    return _Version(id=chosen[0], revision=chosen[1], rules_id=chosen[2], is_superseded=newest > chosen[1])


def _book(rules: HouseRules, items: Iterable[BookedItem]) -> Book:
    """The house rules with these items; of the category tree only the branches they hang on."""
    priced = tuple(item.priced for item in items)
    branches = {item.category_id for item in priced if item.category_id is not None}
    return replace(rules.book, items=priced, categories=rules.branches(branches))


def _variants(items: Iterable[BookedItem], wanted: set[UUID]) -> Iterable[tuple[UUID, BookedVariant]]:
    for item in items:
        document = item.document
        for variant in document["variants"]:
            key = UUID(variant["id"])
            if key in wanted:
                yield key, _booked(key, document, variant)


def _booked(key: UUID, item: Mapping[str, Any], variant: Mapping[str, Any]) -> BookedVariant:
    return BookedVariant(
        id=key,
        item_id=UUID(item["id"]),
        item_name=item["name"],
        variant_name=variant["name"],
        sku=variant["sku"],
        unit=item["unit"],
        tax_class=item["tax_class"],
        is_active=item["is_active"] and variant["is_active"],
        has_open_price=item["has_open_price"],
        kitchen_name=item["kitchen_name"],
    )
