"""The other way round: what was captured here and the vendor does not list, and what belongs to no order yet.

Batches of attempts are taken along the index of when they were captured; how far it came is the run's cursor.
"""

import datetime as dt
from collections import Counter
from typing import Any, Final
from uuid import UUID

from django.db import connection as database

from fynlo.core.failpoints import reach
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.services.claiming import Claim, add_counts
from payments.reconciliation.services.noting import Found, note
from payments.reconciliation.services.planning import joined_as_sets

BATCH: Final = 5_000
LISTED_WITHIN: Final = dt.timedelta(days=1)
"""A vendor may take so long until a payment stands on its balance."""
_NOWHERE: Final = UUID(int=0)

_ATTEMPTS: Final = """
WITH batch AS MATERIALIZED (
    SELECT id, vendor_id, captured_at, captured_minor, refunded_minor, currency, settled_at
    FROM payments_attempt
    WHERE connection_id = %(connection)s AND captured_at <= %(until)s
        AND (captured_at, id) > (%(after)s, %(after_id)s)
    ORDER BY captured_at, id LIMIT %(limit)s
), listed AS MATERIALIZED (
    SELECT DISTINCT payment FROM payments_settlementline
    WHERE connection_id = %(connection)s AND payment = ANY(ARRAY(SELECT vendor_id FROM batch)) AND payment <> ''
        AND about = 'payment'
), judged AS (
    SELECT batch.*, captured_at <= %(listed_until)s AND listed.payment IS NULL AS is_missing,
        settled_at IS NULL AND refunded_minor < captured_minor AS is_unsettled
    FROM batch LEFT JOIN listed ON listed.payment = batch.vendor_id
)
SELECT counted.*, judged.id, judged.vendor_id, judged.captured_minor, judged.refunded_minor, judged.currency,
    judged.is_missing, judged.is_unsettled
FROM (
    SELECT count(*), max(captured_at), (array_agg(id ORDER BY captured_at DESC, id DESC))[1] FROM judged
) AS counted
LEFT JOIN LATERAL (SELECT * FROM judged WHERE is_missing OR is_unsettled) AS judged ON true
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
        with joined_as_sets(), database.cursor() as cursor:
            cursor.execute(_ATTEMPTS, _times(claim) | {"after": after, "after_id": after_id})
            rows = cursor.fetchall()
        count, last, last_id = rows[0][:3]
        found = [each for row in rows if row[3] is not None for each in _found(*row[3:])]
        note(claim, found)
        add_counts(run, Counter({"ours": count, **Counter(each.kind for each in found)}))
        if count:
            run.cursor = {"after": last.isoformat(), "id": str(last_id)}
    return bool(count == BATCH)


def _cursor(run: Reconciliation, claim: Claim) -> tuple[dt.datetime, UUID]:
    if not run.cursor:
        return claim.since, _NOWHERE
    return dt.datetime.fromisoformat(run.cursor["after"]), UUID(run.cursor["id"])


def _found(
    attempt_id: UUID,
    vendor_id: str,
    captured: int,
    refunded: int,
    currency: str,
    is_missing: bool,
    is_unsettled: bool,
) -> list[Found]:
    facts: dict[str, Any] = {"currency": currency, "attempt_id": attempt_id, "subject_id": attempt_id}
    found = []
    if is_missing:
        found.append(
            Found(kind="missing_there", subject=vendor_id or str(attempt_id), ours_minor=captured, **facts)
        )
    if is_unsettled:
        found.append(
            Found(kind="unsettled", subject=str(attempt_id), ours_minor=captured - refunded, **facts)
        )
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
