"""Writing the books: transfers are appended, accounts are made when they are first needed.

Both run inside the caller's unit of work, as its last writes before the feed (`docs/algorithms/locking.md`).
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from fynlo.core.ids import new_id
from payments.ledger.accounts import planned
from payments.ledger.models import Account

# The join finds both accounts by code; a posting whose account is missing is left out and shows in RETURNING.
_INSERT = """
INSERT INTO payments_transfer
    (id, debit_id, credit_id, amount_minor, currency, kind, order_id, payment_id, at, business_date)
SELECT new.id, debit.id, credit.id, new.amount_minor, %(currency)s, new.kind, %(order_id)s, new.payment_id,
    %(at)s, %(business_date)s
FROM unnest(%(ids)s::uuid[], %(debits)s::text[], %(credits)s::text[], %(amounts)s::bigint[],
    %(kinds)s::text[], %(payment_ids)s::uuid[]) AS new (id, debit, credit, amount_minor, kind, payment_id)
JOIN payments_account AS debit ON debit.code = new.debit
JOIN payments_account AS credit ON credit.code = new.credit
RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """Move `amount_minor` (above zero) from the account `credit` to the account `debit`; both are codes."""

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
) -> None:
    """Append one transfer per posting, in one statement; missing accounts are made first (two more).

    Raises `UnknownAccount` for a code that no chart has.
    """
    rows = {new_id(): posting for posting in postings}
    facts = {"currency": currency, "order_id": order_id, "at": at, "business_date": business_date}
    waiting = _insert(rows, facts)
    if not waiting:
        return
    ensure_accounts(codes={code for posting in waiting.values() for code in (posting.debit, posting.credit)})
    if _insert(waiting, facts):
        raise RuntimeError("accounts vanished while transfers were written")


def ensure_accounts(*, codes: Iterable[str]) -> None:
    """Make the accounts that are missing, in the order of their codes, so that two writers never cross."""
    plans = [planned(code) for code in sorted(set(codes))]
    rows = [Account(code=plan.code, name=plan.name, kind=plan.kind) for plan in plans]
    Account.objects.bulk_create(rows, ignore_conflicts=True)


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
        cursor.execute(_INSERT, {**facts, **columns})
        written = {row[0] for row in cursor.fetchall()}
    return {key: posting for key, posting in rows.items() if key not in written}
