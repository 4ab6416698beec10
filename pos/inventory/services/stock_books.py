"""Stock's value in the ledger: every change of a level is booked in the transaction that changes it.

`record_movements` and settling call this; nobody else has to remember it. What is booked is decided in
`pos.inventory.stock_accounts`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

import structlog
from django.db import connection

from fynlo.core.clock import business_date
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.ledger.accounts import COST_OF_GOODS, STOCK_OPENING
from payments.ledger.models import Transfer
from payments.ledger.services import Posting, record_transfers
from pos.inventory.stock_accounts import MOST, sides
from pos.registers.models import Location

COST: Final = "cost"
STOCK: Final = "stock"
FROM_BEFORE: Final = "stock_from_before"

log = structlog.get_logger("pos.inventory")

# One statement sees one moment: a level and its transfers are written in one transaction.
_UNBOOKED: Final = """
SELECT (SELECT COALESCE(sum(LEAST(GREATEST(round(value_minor), -%(most)s), %(most)s)), 0) FROM pos_stocklevel),
    (SELECT COALESCE(sum(CASE WHEN debit_key = 'inventory' THEN amount_minor ELSE -amount_minor END), 0)
        FROM payments_transfer WHERE debit_key = 'inventory' OR credit_key = 'inventory')
"""


def book_stock(
    *, amounts: Mapping[str, int], at: dt.datetime, business_date: dt.date, order_id: UUID | None = None
) -> None:
    """Book what stock became worth more (below zero: less), by posting key against `inventory`."""
    postings = [
        Posting(
            debit=debit,
            credit=credit,
            amount_minor=abs(amount),
            kind=COST if key == COST_OF_GOODS else STOCK,
        )
        for key, amount in sorted(amounts.items())
        if amount
        for debit, credit in [sides(key=key, amount_minor=amount)]
    ]
    if postings:
        record_transfers(
            postings=postings,
            currency=current_tenant().currency,
            order_id=order_id,
            at=at,
            business_date=business_date,
        )


def book_settled(*, booked: Iterable[tuple[UUID, Mapping[str, int]]], at: dt.datetime) -> None:
    """Book what settling found, by location and posting key.

    It is booked on the day it became known, not on the day of the movement: a period that was handed to the
    accountant stays as it was.
    """
    by_place: dict[UUID, dict[str, int]] = {}
    for location_id, amounts in booked:
        sums = by_place.setdefault(location_id, {})
        for key, amount in amounts.items():
            sums[key] = sums.get(key, 0) + amount
    moved = {key: sums for key, sums in by_place.items() if any(sums.values())}
    if not moved:
        return
    places = {place.pk: place for place in Location.objects.filter(pk__in=moved)}
    for location_id, sums in sorted(moved.items()):
        place = places[location_id]
        day = business_date(at=at, time_zone=place.time_zone, cut_off=place.cut_off)
        book_stock(amounts=sums, at=at, business_date=day)


def check_stock_books(*, at: dt.datetime) -> int:
    """What of the levels' worth the books do not have; told to the log. Part of the nightly audit.

    Stock that is older than the account (from before stock was booked) is booked once, against `stock_opening`;
    after that a difference is a fault of the software or of the database, and nothing is booked to hide it.
    """
    with unit_of_work():
        missing = unbooked_minor()
        place = Location.objects.order_by("code").first()
        if not missing or place is None:
            return missing
        if Transfer.objects.filter(kind=FROM_BEFORE).exists():
            log.error("stock_books_differ", difference_minor=missing)
            return missing
        debit, credit = sides(key=STOCK_OPENING, amount_minor=missing)
        opening = Posting(debit=debit, credit=credit, amount_minor=abs(missing), kind=FROM_BEFORE)
        day = business_date(at=at, time_zone=place.time_zone, cut_off=place.cut_off)
        record_transfers(
            postings=[opening], currency=current_tenant().currency, order_id=None, at=at, business_date=day
        )
        log.info("stock_from_before_booked", amount_minor=missing)
    return 0


def unbooked_minor() -> int:
    """What all levels are worth in the books, less what `inventory` says."""
    with connection.cursor() as cursor:
        cursor.execute(_UNBOOKED, {"most": MOST})
        worth, booked = cursor.fetchone()
    return int(worth) - int(booked)
