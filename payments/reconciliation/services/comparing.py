"""The other way round: what was captured here and the vendor does not list, and what belongs to no order yet.

Batches of attempts are taken along the index of when they were captured; how far it came is the run's cursor.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection as database

from fynlo.core.failpoints import reach
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.services.claiming import Claim, add_counts
from payments.reconciliation.services.noting import Found, note
from payments.reconciliation.services.planning import array_of, joined_as_sets

BATCH: Final = 5_000
LISTED_WITHIN: Final = dt.timedelta(days=1)
"""A vendor may take so long until a payment stands on its balance."""
_NOWHERE: Final = UUID(int=0)

LEFT: Final = """CASE
    WHEN attempt.settled_at IS NULL THEN attempt.captured_minor - attempt.refunded_minor
    WHEN attempt.details ? 'beyond_minor' THEN (attempt.details ->> 'beyond_minor')::bigint
    WHEN attempt.details ? 'kept_as_credit' THEN 0
    WHEN attempt.purpose NOT IN ('order', 'value_sale', 'house_payment') THEN 0
    WHEN attempt.purpose = 'order' AND attempt.order_id IS NULL THEN 0
    WHEN EXISTS (
        SELECT FROM payments_payment AS payment
        WHERE payment.id = attempt.id AND payment.order_id IS NOT DISTINCT FROM attempt.order_id
    ) THEN 0
    ELSE attempt.captured_minor - attempt.refunded_minor
END"""
"""What of an attempt belongs to nothing: not put to its order (or card, or account) yet, beyond what that owed, or
put to it without a payment of it."""
_ATTEMPTS: Final = """
SELECT id, vendor_id, captured_at, captured_minor, refunded_minor, currency,
    <left>
FROM payments_attempt AS attempt
WHERE connection_id = %(connection)s AND captured_at <= %(until)s
    AND (captured_at, id) > (%(after)s, %(after_id)s)
ORDER BY captured_at, id LIMIT %(limit)s
""".replace("<left>", LEFT)
# What is looked for comes as a constant: see `array_of`.
_LISTED: Final = """
SELECT payment FROM payments_settlementline
WHERE connection_id = %(connection)s AND payment = ANY(%(payments)s::text[]) AND payment <> ''
    AND about = 'payment'
"""
_REFUNDS: Final = """
SELECT refund.id, refund.vendor_id, refund.amount_minor, refund.currency, refund.attempt_id
FROM payments_gatewayrefund AS refund JOIN payments_attempt AS attempt ON attempt.id = refund.attempt_id
WHERE attempt.connection_id = %(connection)s AND refund.state = 'succeeded' AND refund.id > %(after_id)s
    AND refund.done_at BETWEEN %(since)s AND %(listed_until)s
    AND NOT EXISTS (
        SELECT FROM payments_settlementline AS line WHERE line.connection_id = %(connection)s
            AND line.payment = attempt.vendor_id AND line.payment <> '' AND line.about = 'refund'
            AND line.source = refund.vendor_id
    )
ORDER BY refund.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class _Ours:
    """A captured attempt; `left_minor` of it belongs to nothing: it is not put to its order yet, is more than that
    owed, or was put to it without a payment of it."""

    id: UUID
    vendor_id: str
    captured_at: dt.datetime
    captured_minor: int
    refunded_minor: int
    currency: str
    left_minor: int


def compare_ours(claim: Claim) -> None:
    """Note attempts and refunds that the vendor does not list, and money that is not put to an order."""
    has_more = True
    while has_more:
        has_more = _attempts(claim)
        reach("reconcile.compare_batch")
    after = _NOWHERE
    while found := _refunds(claim, after):
        after = found


def _times(claim: Claim) -> dict[str, Any]:
    return {
        "connection": claim.connection.pk,
        "since": claim.since,
        "until": claim.started_at,
        "listed_until": claim.started_at - LISTED_WITHIN,
        "limit": BATCH,
    }


def _attempts(claim: Claim) -> bool:
    """One batch; whether there may be another."""
    with claim.batch() as run:
        after, after_id = _cursor(run, claim)
        times = _times(claim)
        with database.cursor() as cursor:
            cursor.execute(_ATTEMPTS, times | {"after": after, "after_id": after_id})
            rows = [_Ours(*row) for row in cursor.fetchall()]
            payments = array_of(row.vendor_id for row in rows if row.vendor_id)
            cursor.execute(_LISTED, times | {"payments": payments})
            listed = {row[0] for row in cursor.fetchall()}
        late = times["listed_until"]
        found = [
            each
            for row in rows
            for each in _found(row, is_missing=row.captured_at <= late and row.vendor_id not in listed)
        ]
        note(claim, found)
        add_counts(run, Counter({"ours": len(rows), **Counter(each.kind for each in found)}))
        if rows:
            run.cursor = {"after": rows[-1].captured_at.isoformat(), "id": str(rows[-1].id)}
    return len(rows) == BATCH


def _cursor(run: Reconciliation, claim: Claim) -> tuple[dt.datetime, UUID]:
    if not run.cursor:
        return claim.since, _NOWHERE
    return dt.datetime.fromisoformat(run.cursor["after"]), UUID(run.cursor["id"])


def _found(row: _Ours, *, is_missing: bool) -> list[Found]:
    facts: dict[str, Any] = {"currency": row.currency, "attempt_id": row.id, "subject_id": row.id}
    found = []
    if is_missing:
        subject = row.vendor_id or str(row.id)
        found.append(Found(kind="missing_there", subject=subject, ours_minor=row.captured_minor, **facts))
    if row.left_minor > 0:
        found.append(Found(kind="unsettled", subject=str(row.id), ours_minor=row.left_minor, **facts))
    return found


def _refunds(claim: Claim, after: UUID) -> UUID | None:
    with claim.batch() as run:
        with joined_as_sets(), database.cursor() as cursor:
            cursor.execute(_REFUNDS, _times(claim) | {"after_id": after})
            rows = cursor.fetchall()
        found = [
            Found(
                kind="refund_missing_there",
                subject=vendor_id or str(key),
                ours_minor=-amount,
                currency=currency,
                attempt_id=attempt_id,
                subject_id=key,
            )
            for key, vendor_id, amount, currency, attempt_id in rows
        ]
        note(claim, found)
        add_counts(run, Counter(each.kind for each in found))
    return rows[-1][0] if len(rows) == BATCH else None
