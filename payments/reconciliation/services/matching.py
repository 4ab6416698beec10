"""Every new line is held against our rows, thousands in one statement; what does not agree is listed.

A line of a payment belongs to the attempt with the vendor's name for it, a refund to ours of that attempt. All
lines about the same thing count together: a payment of 50 of which 10 was let go again is 40.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection as database

from fynlo.core.failpoints import reach
from payments.ledger.services import Posting, record_transfers
from payments.reconciliation import postings
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.services.claiming import Claim, add_counts
from payments.reconciliation.services.noting import Found, note

BATCH: Final = 2_000
_JUDGE: Final = """
WITH batch AS MATERIALIZED (
    SELECT id, vendor_id, about, category, source, payment, gross_minor, currency, payout_id, booked_as
    FROM payments_settlementline
    WHERE connection_id = %(connection)s AND state = 'new' ORDER BY id LIMIT %(limit)s
), known AS (
    SELECT batch.*, attempt.id AS attempt_id, attempt.state AS attempt_state, attempt.captured_minor,
        attempt.currency AS attempt_currency, attempt.tender_type, refund.id AS refund_id,
        refund.state AS refund_state, refund.amount_minor AS refund_minor, dispute.id AS dispute_id,
        CASE WHEN batch.about IN ('payment', 'refund') AND attempt.id IS NOT NULL THEN (
            SELECT sum(same.gross_minor) FROM payments_settlementline AS same
            WHERE same.connection_id = %(connection)s AND same.payment = batch.payment AND same.payment <> ''
                AND same.about = batch.about AND (batch.about = 'payment' OR same.source = batch.source)
        ) END AS listed_minor
    FROM batch
    LEFT JOIN payments_attempt AS attempt ON attempt.connection_id = %(connection)s
        AND attempt.vendor_id = batch.payment AND attempt.vendor_id <> ''
    LEFT JOIN payments_gatewayrefund AS refund ON batch.about = 'refund' AND refund.attempt_id = attempt.id
        AND refund.vendor_id = batch.source AND refund.vendor_id <> ''
    LEFT JOIN payments_dispute AS dispute ON batch.about = 'dispute' AND dispute.vendor_id = batch.source
        AND dispute.connection_id = %(connection)s
), judged AS (
    SELECT known.*, CASE
        WHEN about IN ('fee', 'payout', 'own') THEN ''
        WHEN about = 'adjustment' THEN 'adjustment'
        WHEN about = 'payment' AND attempt_id IS NULL THEN 'missing_here'
        WHEN about = 'payment' AND attempt_state <> 'captured' THEN 'status'
        WHEN about = 'payment' AND (listed_minor, currency) IS DISTINCT FROM (captured_minor, attempt_currency)
            THEN 'amount'
        WHEN about = 'payment' THEN ''
        WHEN about = 'refund' AND refund_id IS NULL THEN 'refund_missing_here'
        WHEN about = 'refund' AND refund_state IN ('failed', 'settled') AND listed_minor = 0 THEN ''
        WHEN about = 'refund' AND refund_state NOT IN ('pending', 'succeeded') THEN 'refund_status'
        WHEN about = 'refund' AND listed_minor = -refund_minor THEN ''
        WHEN about = 'refund' AND listed_minor = 0 THEN 'refund_status'
        WHEN about = 'refund' THEN 'refund_amount'
        WHEN about = 'dispute' AND dispute_id IS NULL THEN 'dispute_missing_here'
        WHEN about = 'dispute' THEN ''
        ELSE 'unknown_category'
    END AS verdict, CASE
        WHEN about = 'fee' THEN 'fees'
        WHEN about = 'dispute' THEN 'disputes'
        WHEN about = 'payment' AND attempt_state = 'captured' THEN 'tender:' || tender_type
        WHEN about = 'refund' AND refund_id IS NOT NULL THEN 'tender:' || tender_type
        ELSE 'payouts_unexplained'
    END AS now_key
    FROM known
), written AS (
    UPDATE payments_settlementline AS line
    SET state = CASE judged.verdict WHEN '' THEN 'matched' ELSE 'listed' END, attempt_id = judged.attempt_id,
        subject_id = COALESCE(judged.dispute_id, judged.refund_id, judged.attempt_id), key = judged.now_key,
        booked_as = CASE line.booked_as WHEN '' THEN '' ELSE judged.now_key END
    FROM judged WHERE line.id = judged.id
)
SELECT counted.*, judged.verdict, judged.vendor_id, judged.about, judged.category, judged.source,
    judged.payment, judged.gross_minor, judged.currency, judged.payout_id, judged.attempt_id,
    COALESCE(judged.dispute_id, judged.refund_id, judged.attempt_id), judged.attempt_state,
    judged.refund_state, judged.captured_minor, judged.refund_minor, judged.listed_minor, judged.booked_as,
    judged.now_key
FROM (SELECT count(*), count(*) FILTER (WHERE verdict = '') FROM judged) AS counted
LEFT JOIN judged ON judged.verdict <> '' OR (judged.booked_as <> '' AND judged.booked_as <> judged.now_key)
"""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A line that does not agree, or that belongs elsewhere than where it was booked."""

    verdict: str
    vendor_id: str
    about: str
    category: str
    source: str
    payment: str
    gross_minor: int
    currency: str
    payout_id: Any
    attempt_id: Any
    subject_id: Any
    attempt_state: str | None
    refund_state: str | None
    captured_minor: int | None
    refund_minor: int | None
    listed_minor: int | None
    was_key: str
    now_key: str


def match_lines(claim: Claim) -> None:
    """Judge whatever is new, a batch at a time, until nothing is."""
    while True:
        with claim.batch() as run:
            judged = _judge(claim, run)
        reach("reconcile.match_batch")
        if judged < BATCH:
            return


def _judge(claim: Claim, run: Reconciliation) -> int:
    """One batch: verdicts written, differences noted, booked lines moved on. Returns how many were judged."""
    with database.cursor() as cursor:
        cursor.execute(_JUDGE, {"connection": claim.connection.pk, "limit": BATCH})
        rows = cursor.fetchall()
    (count, matched), told = rows[0][:2], [_Judged(*row[2:]) for row in rows if row[2] is not None]
    wrong = [line for line in told if line.verdict]
    note(claim, [_found(line) for line in wrong])
    _move_on(claim, [line for line in told if line.was_key and line.was_key != line.now_key])
    add_counts(run, Counter({"judged": count, "matched": matched, **Counter(line.verdict for line in wrong)}))
    return int(count)


def _found(line: _Judged) -> Found:
    is_refund = line.about == "refund"
    ours = line.refund_minor if is_refund else line.captured_minor
    listed = line.gross_minor if line.listed_minor is None else int(line.listed_minor)
    named = {"payment": line.payment, "refund": line.source, "dispute": line.source}.get(line.about, "")
    return Found(
        kind=line.verdict,
        subject=named or line.vendor_id,
        ours=(line.refund_state if is_refund else line.attempt_state) or "",
        theirs=line.category,
        ours_minor=-ours if is_refund and ours is not None else ours,
        theirs_minor=listed,
        currency=line.currency,
        payout_id=line.payout_id,
        attempt_id=line.attempt_id,
        subject_id=line.subject_id,
    )


def _move_on(claim: Claim, lines: list[_Judged]) -> None:
    """Lines that were booked with their payout and turn out to belong elsewhere are booked there."""
    at = claim.clock()
    for line in lines:
        moves = postings.moved_on(was=line.was_key, now=line.now_key, gross_minor=line.gross_minor)
        record_transfers(
            postings=[
                Posting(debit=move.debit, credit=move.credit, amount_minor=move.amount_minor, kind="payout")
                for move in moves
            ],
            currency=line.currency,
            order_id=None,
            at=at,
            business_date=at.date(),
        )
