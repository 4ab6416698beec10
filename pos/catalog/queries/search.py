"""Finding a variant by what somebody types or scans: barcode, SKU, name, also with typing errors.

From sure to unsure, and only as far as needed: the code as it is, the words as written, words that look alike.
Every step reads through an index (`pos_variant_search`: trigrams of `pos.catalog.searching.search_text`).
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from pos.catalog.barcodes import spellings
from pos.catalog.scheduled import price_at
from pos.catalog.searching import fold

Found = dict[UUID, tuple[tuple[Any, ...], str]]
"""Rows by variant, and by what each was found."""

ENOUGH: Final = 5
"""With fewer hits than this the words are also taken for misspelled ones."""
LOOKS_ALIKE: Final = ("0.5", "0.35")
"""Word similarities: what a wrong letter leaves of a word; of a short one, only when nothing else is found."""
_CANDIDATES: Final = 500
"""So many misspelled ones are compared: measuring likeness takes longer than finding them."""
_SHORT: Final = 2

_COLUMNS: Final = """
SELECT variant.id, variant.item_id, item.name, variant.name, variant.sku, item.unit, variant.price_minor,
    variant.scheduled_prices, item.category_id, variant.is_active AND item.is_active
FROM pos_variant AS variant JOIN pos_item AS item ON item.id = variant.item_id
"""
_ALIKE: Final = """
WITH alike AS MATERIALIZED (
    SELECT id AS key, {likeness} AS likeness FROM pos_variant WHERE {tests} LIMIT %s
)"""
_ONLY_ALIKE: Final = "JOIN alike ON alike.key = variant.id WHERE true"
_LIKEST: Final = (
    " ORDER BY alike.likeness DESC, length(variant.search_text), item.name, variant.position, variant.sku"
    " LIMIT %s"
)
# The comparison that the index serves reads its threshold from a setting; both hold until the transaction ends.
# A planner that has not counted a freshly imported catalogue yet would read all of it.
_SETTINGS: Final = (
    "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true), "
    "set_config('enable_seqscan', 'off', true)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A variant that was found, and by what: `barcode`, `sku`, `name` or `similar`.

    `price_minor` is the list price at the moment of the search, per `unit`.
    """

    variant_id: UUID
    item_id: UUID
    item_name: str
    variant_name: str
    sku: str
    unit: str
    price_minor: int
    category_id: UUID
    is_active: bool
    found_by: str


def search_variants(
    *, text: str, at: dt.datetime, limit: int = 20, only_active: bool = False
) -> list[SearchHit]:
    """The best `limit` variants for `text`, the surest first; at most five questions, whatever the size.

    Words may come in any order, and the last letters may be missing. An empty text finds nothing. `at` is the
    wall clock of the shop, which decides about scheduled prices.
    """
    words = fold(text).split()
    if not words:
        return []
    found = _by_code(text.strip(), only_active)
    _add(found, _by_words(words, limit, only_active))
    for likeness, wanted in zip(LOOKS_ALIKE, (min(ENOUGH, limit), 1), strict=True):
        if len(found) < wanted:
            _add(found, _alike(words, likeness, limit, only_active))
    return [_hit(row, found_by, at) for row, found_by in list(found.values())[:limit]]


def _by_code(code: str, only_active: bool) -> Found:
    barcodes = _COLUMNS + (
        "JOIN pos_barcode AS barcode ON barcode.variant_id = variant.id WHERE barcode.code = ANY(%s)"
    )
    skus = _COLUMNS + "WHERE upper(variant.sku) = upper(%s)"
    switch = _active(only_active)
    found = _hits(barcodes + switch, [list(spellings(code.replace(" ", "")))], "barcode")
    return found | {key: hit for key, hit in _hits(skus + switch, [code], "sku").items() if key not in found}


def _by_words(words: Sequence[str], limit: int, only_active: bool) -> Found:
    """Variants that have all `words`: as beginnings of words, or (three letters and more) anywhere."""
    tests, values = _written(words)
    text = " ".join(words)
    order = (
        " ORDER BY variant.search_text NOT LIKE %s, variant.search_text NOT LIKE %s, "
        "length(variant.search_text), item.name, variant.position, variant.sku LIMIT %s"
    )
    return _hits(
        f"{_COLUMNS} WHERE {' AND '.join(tests)}{_active(only_active)}{order}",
        [*values, f"{text}%", f"% {text}%", limit],
        "name",
    )


def _written(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The tests, and their values, that each of `words` stands there as it is written."""
    tests, values = [], []
    for word in words:
        if len(word) <= _SHORT:
            tests.append("(search_text LIKE %s OR search_text LIKE %s)")
            values += [f"{word}%", f"% {word}%"]
        else:
            tests.append("search_text LIKE %s")
            values.append(f"%{word}%")
    return tests, values


def _alike(words: Sequence[str], likeness: str, limit: int, only_active: bool) -> Found:
    """Variants with a word that looks like each of `words`, the most alike first; numbers are as they are."""
    certain = [word for word in words if len(word) <= _SHORT or word.isdecimal()]
    unsure = [word for word in words if word not in certain]
    if not unsure:
        return {}
    tests, values = _written(certain)
    statement = _ALIKE.format(
        likeness=" + ".join(["word_similarity(%s, search_text)"] * len(unsure)),
        tests=" AND ".join([*["search_text %%> %s"] * len(unsure), *tests]),
    )
    statement += _COLUMNS + _ONLY_ALIKE + _active(only_active) + _LIKEST
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SETTINGS, [likeness])
        return _hits(statement, [*unsure, *unsure, *values, _CANDIDATES, limit], "similar")


def _add(found: Found, more: Found) -> None:
    """Behind what was found surely, what was found less surely."""
    for key, hit in more.items():
        found.setdefault(key, hit)


def _active(only_active: bool) -> str:
    return " AND variant.is_active AND item.is_active" if only_active else ""


def _hits(statement: str, values: Sequence[Any], found_by: str) -> Found:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0]: (row, found_by) for row in cursor.fetchall()}


def _hit(row: tuple[Any, ...], found_by: str, at: dt.datetime) -> SearchHit:
    variant_id, item_id, item_name, variant_name, sku, unit, price_minor, planned, category_id, is_active = (
        row
    )
    return SearchHit(
        variant_id=variant_id,
        item_id=item_id,
        item_name=item_name,
        variant_name=variant_name,
        sku=sku,
        unit=unit,
        price_minor=price_at(price_minor=price_minor, scheduled=json.loads(planned), at=at),
        category_id=category_id,
        is_active=is_active,
        found_by=found_by,
    )
