"""Writing the books: transfers are appended, accounts are made when they are first needed.

Both run inside the caller's unit of work, as its last writes before the feed (`docs/algorithms/locking.md`).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from payments.ledger.accounts import planned, standard_code, wider_keys
from payments.ledger.models import Account, Transfer

# Every key comes with the wider ones that may stand for it, narrowest first, and last the code of its standard
# account (rank `last`). A posting whose account is missing is left out and shows in RETURNING.
_FOUND = """
WITH wanted AS (
    SELECT * FROM unnest(%(keys)s::text[], %(names)s::text[], %(ranks)s::int[]) AS each (key, name, rank)
), chart AS (
    SELECT code::text AS name, true AS by_code, id FROM payments_account WHERE code = ANY(%(names)s::varchar[])
    UNION ALL
    SELECT mapped.key, false, account.id
    FROM payments_account AS account, unnest(account.posting_keys) AS mapped (key)
    WHERE account.posting_keys && %(names)s::varchar[]
), found AS (
    SELECT DISTINCT ON (wanted.key) wanted.key, chart.id
    FROM wanted JOIN chart ON chart.name = wanted.name AND chart.by_code = (wanted.rank = %(last)s)
    ORDER BY wanted.key, wanted.rank
)
"""
_RESOLVE = f"{_FOUND} SELECT key, id FROM found"  # noqa: S608  our own text
_INSERT = (
    _FOUND
    + """
INSERT INTO payments_transfer
    (id, debit_id, credit_id, debit_key, credit_key, amount_minor, currency, kind, order_id, payment_id,
    register_id, at, business_date)
SELECT new.id, debit.id, credit.id, new.debit, new.credit, new.amount_minor, %(currency)s, new.kind,
    %(order_id)s, new.payment_id, %(register_id)s, %(at)s, %(business_date)s
FROM unnest(%(ids)s::uuid[], %(debits)s::text[], %(credits)s::text[], %(amounts)s::bigint[],
    %(kinds)s::text[], %(payment_ids)s::uuid[]) AS new (id, debit, credit, amount_minor, kind, payment_id)
JOIN found AS debit ON debit.key = new.debit
JOIN found AS credit ON credit.key = new.credit
RETURNING id
"""
)
_LAST: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Move `amount_minor` (above zero) from `credit` to `debit`; both are posting keys."""

    debit: str
    credit: str
    amount_minor: int
    kind: str
    payment_id: UUID | None = None


def record_transfers(
    *,
    postings: Sequence[Posting],
    currency: str,
    order_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
    register_id: UUID | None = None,
) -> None:
    """Append one transfer per posting, in one statement; missing accounts are made first (two more).

    Raises `UnknownAccount` for a key that no chart has.
    """
    rows = {new_id(): posting for posting in postings}
    facts = {
        "currency": currency,
        "order_id": order_id,
        "register_id": register_id,
        "at": at,
        "business_date": business_date,
    }
    waiting = _insert(rows, facts)
    if not waiting:
        return
    ensure_accounts(codes=map(standard_code, _keys(waiting.values())))
    if _insert(waiting, facts):
        raise RuntimeError("accounts vanished while transfers were written")


def resolve_accounts(keys: Iterable[str]) -> dict[str, UUID]:
    """The account of each posting key, in one statement; missing standard accounts are made first (two more).

    May be read before the transaction that books. An account is never deleted, so an answer stays good to
    book with: when the chart is changed in between, the transfers go where they would have gone a moment
    earlier, all of them, and their keys say what they are. Raises `UnknownAccount`.
    """
    wanted = set(keys)
    found = _resolve(wanted)
    if found.keys() != wanted:
        ensure_accounts(codes=map(standard_code, wanted - found.keys()))
        found = _resolve(wanted)
    return found


def transfer_rows(
    *,
    postings: Sequence[Posting],
    accounts: Mapping[str, UUID],
    currency: str,
    order_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
    register_id: UUID | None = None,
) -> list[Transfer]:
    """The rows `record_transfers` would write, for whoever inserts them with others; `resolve_accounts` first."""
    return [
        Transfer(
            debit_id=accounts[posting.debit],
            credit_id=accounts[posting.credit],
            debit_key=posting.debit,
            credit_key=posting.credit,
            amount_minor=posting.amount_minor,
            currency=currency,
            kind=str(posting.kind),
            order_id=order_id,
            payment_id=posting.payment_id,
            register_id=register_id,
            at=at,
            business_date=business_date,
        )
        for posting in postings
    ]


def ensure_accounts(*, codes: Iterable[str]) -> None:
    """Make the accounts that are missing, in the order of their codes, so that two writers never cross."""
    plans = [planned(code) for code in sorted(set(codes))]
    rows = [Account(code=plan.code, name=plan.name, kind=plan.kind) for plan in plans]
    Account.objects.bulk_create(rows, ignore_conflicts=True)


def _keys(postings: Iterable[Posting]) -> set[str]:
    return {key for posting in postings for key in (posting.debit, posting.credit)}


def _wanted(keys: Iterable[str]) -> dict[str, Any]:
    """The parameters of `_FOUND`: each key with its wider ones and its standard account."""
    rows = [
        (key, name, rank)
        for key in sorted(keys)
        for rank, name in [*enumerate(wider_keys(key)), (_LAST, standard_code(key))]
    ]
    return {
        "keys": [key for key, _, _ in rows],
        "names": [name for _, name, _ in rows],
        "ranks": [rank for _, _, rank in rows],
        "last": _LAST,
    }


def _resolve(keys: Iterable[str]) -> dict[str, UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_RESOLVE, _wanted(keys))
        return dict(cursor.fetchall())


def _insert(rows: dict[UUID, Posting], facts: Mapping[str, Any]) -> dict[UUID, Posting]:
    """Insert what has both accounts; the answer is the rest."""
    if not rows:
        return {}
    postings = list(rows.values())
    columns: dict[str, Any] = {
        "ids": list(rows),
        "debits": [posting.debit for posting in postings],
        "credits": [posting.credit for posting in postings],
        "amounts": [posting.amount_minor for posting in postings],
        "kinds": [str(posting.kind) for posting in postings],
        "payment_ids": [posting.payment_id for posting in postings],
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {**facts, **columns, **_wanted(_keys(postings))})
        written = {row[0] for row in cursor.fetchall()}
    return {key: posting for key, posting in rows.items() if key not in written}
