"""Everything a sale asks before it locks a row, in one round trip.

The database has it as one function (`sale_terms`), so it keeps the plans of all parts; each part says what the
room that owns it asks by itself, and `tests/pos/orders/test_sale_terms.py` compares them. What is rare (a version
without something sold, house accounts) is asked of those rooms as before.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from payments.ledger.accounts import chosen_accounts
from payments.tenders.queries import TenderTerms, terms_told
from pos.catalog.queries.book import BookForSale, book_told
from pos.inventory.queries.needs import StockNeeds, needs_told
from pos.registers.queries import RegisterPlace

_TERMS: Final = "SELECT sale_terms(%s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleTerms:
    """What a sale has to know. `book` is None where there is more to ask of the price book.

    `stopped` are the variants that are stopped here; `chart` has every account but those of house accounts.
    """

    place: RegisterPlace
    is_training: bool
    book: BookForSale | None
    tenders: Mapping[str, TenderTerms]
    stopped: frozenset[UUID]
    needs: StockNeeds
    chart: tuple[tuple[str, UUID, tuple[str, ...]], ...]

    def accounts(self, keys: Iterable[str]) -> dict[str, UUID]:
        """The accounts of these posting keys; keys that have none yet are missing."""
        return chosen_accounts(chart=self.chart, keys=keys)


def sale_terms(
    *,
    register_id: UUID,
    at: dt.datetime,
    price_book: UUID | None,
    variant_ids: Collection[UUID],
    modifier_ids: Collection[UUID],
    tender_types: Collection[str],
) -> SaleTerms | None:
    """What a sale of these things `at` this register has to know; None when there is no such register.

    `variant_ids` has what is sold and the components of combos, `tender_types` the codes of ways to pay.
    """
    asked: list[Any] = [
        register_id,
        at,
        price_book,
        list(variant_ids),
        list(modifier_ids),
        list(tender_types),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, asked)
        (text,) = cursor.fetchone()
    return None if text is None else _told(orjson.loads(text), variant_ids)


def _told(found: Mapping[str, Any], variant_ids: Collection[UUID]) -> SaleTerms:
    versions = [
        (UUID(key), revision, UUID(rules), stated) for key, revision, rules, stated in found["versions"] or ()
    ]
    return SaleTerms(
        place=_place(found["place"]),
        is_training=found["place"][-1],
        book=book_told(versions=versions, documents=found["items"] or (), variant_ids=variant_ids),
        tenders=terms_told(rows=((UUID(key), *row) for key, *row in found["tenders"] or ())),
        stopped=frozenset(map(UUID, found["stopped"] or ())),
        needs=needs_told(
            kept=[(UUID(key), policy, tracking) for key, policy, tracking in found["kept"] or ()],
            needs=map(_need, found["needs"] or ()),
        ),
        chart=tuple((code, UUID(key), tuple(keys)) for code, key, keys in found["accounts"] or ()),
    )


def _place(row: list[Any]) -> RegisterPlace:
    key, code, location_id, location_code, location_name, time_zone, cut_off, _ = row
    return RegisterPlace(
        id=UUID(key),
        code=code,
        location_id=UUID(location_id),
        location_code=location_code,
        location_name=location_name,
        time_zone=time_zone,
        cut_off=dt.time.fromisoformat(cut_off),
    )


def _need(row: list[Any]) -> tuple[Any, ...]:
    owner, effect, ingredient, numerator, denominator, replaced, via = row
    return (
        UUID(owner),
        effect,
        _key(ingredient),
        None if numerator is None else Decimal(numerator),
        None if denominator is None else Decimal(denominator),
        _key(replaced),
        [UUID(each) for each in via],
    )


def _key(value: str | None) -> UUID | None:
    return None if value is None else UUID(value)
