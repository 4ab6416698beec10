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
from payments.reconciliation.ports import business_day
from payments.reconciliation.services.claiming import Claim, add_counts
from payments.reconciliation.services.noting import Found, note
from payments.reconciliation.services.planning import array_of, joined_as_sets

BATCH: Final = 5_000
_BATCH: Final = """
SELECT id::text, payment, CASE about WHEN 'dispute' THEN source END FROM payments_settlementline
WHERE connection_id = %(connection)s AND state = 'new' ORDER BY id LIMIT %(limit)s
"""
# What is looked for comes as constants: see `array_of`.
_JUDGE: Final = """
WITH batch AS MATERIALIZED (
    SELECT id, vendor_id, about, category, source, payment, gross_minor, currency, payout_id, booked_as
    FROM payments_settlementline WHERE id = ANY(%(ids)s::uuid[])
), attempt AS MATERIALIZED (
    SELECT id, vendor_id, state, captured_minor, currency, tender_type FROM payments_attempt
    WHERE connection_id = %(connection)s AND vendor_id = ANY(%(payments)s::text[]) AND vendor_id <> ''
), refund AS MATERIALIZED (
    SELECT id, vendor_id, attempt_id, state, amount_minor FROM payments_gatewayrefund
    WHERE attempt_id = ANY(ARRAY(
        SELECT attempt.id FROM attempt JOIN batch ON batch.payment = attempt.vendor_id AND batch.about = 'refund'
    )) AND vendor_id <> ''
    UNION ALL  -- what failed and was sent again as a new request: its lines are of the one before
    SELECT refund.id, step.detail ->> 'was', refund.attempt_id, 'failed', refund.amount_minor
    FROM payments_attemptstep AS step
    JOIN payments_gatewayrefund AS refund ON refund.id = (step.detail ->> 'refund')::uuid
    WHERE step.attempt_id = ANY(ARRAY(
        SELECT attempt.id FROM attempt JOIN batch ON batch.payment = attempt.vendor_id AND batch.about = 'refund'
    )) AND step.verb = 'retry' AND step.detail ->> 'was' <> ''
), dispute AS MATERIALIZED (
    SELECT id, vendor_id FROM payments_dispute WHERE connection_id = %(connection)s
        AND vendor_id = ANY(%(disputes)s::text[])
), listed AS MATERIALIZED (
    SELECT payment, about, CASE about WHEN 'refund' THEN source ELSE '' END AS source, sum(gross_minor) AS minor
    FROM payments_settlementline
    WHERE connection_id = %(connection)s AND payment = ANY(%(payments)s::text[]) AND payment <> ''
        AND about IN ('payment', 'refund')
    GROUP BY 1, 2, 3
), known AS (
    SELECT batch.*, attempt.id AS attempt_id, attempt.state AS attempt_state, attempt.captured_minor,
        attempt.currency AS attempt_currency, attempt.tender_type, refund.id AS refund_id,
        refund.state AS refund_state, refund.amount_minor AS refund_minor, dispute.id AS dispute_id,
        CASE WHEN attempt.id IS NOT NULL THEN listed.minor END AS listed_minor
    FROM batch
    LEFT JOIN attempt ON attempt.vendor_id = batch.payment
    LEFT JOIN refund ON refund.attempt_id = attempt.id AND refund.vendor_id = batch.source
        AND batch.about = 'refund'
    LEFT JOIN dispute ON dispute.vendor_id = batch.source AND batch.about = 'dispute'
    LEFT JOIN listed ON listed.payment = batch.payment AND listed.about = batch.about
        AND listed.source = CASE batch.about WHEN 'refund' THEN batch.source ELSE '' END
), judged AS MATERIALIZED (
    SELECT id, CASE
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
    END AS verdict, vendor_id, about, category, source, payment, gross_minor, currency, payout_id, attempt_id,
        COALESCE(dispute_id, refund_id, attempt_id) AS subject_id, attempt_state, refund_state, captured_minor,
        refund_minor, listed_minor, booked_as AS was_key, CASE
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
        subject_id = judged.subject_id, key = judged.now_key,
        booked_as = CASE line.booked_as WHEN '' THEN '' ELSE judged.now_key END
    FROM judged WHERE line.id = judged.id AND line.id = ANY(%(ids)s::uuid[])
)
SELECT * FROM judged WHERE verdict <> '' OR was_key NOT IN ('', now_key)
"""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A line with its verdict ("" when it agrees), where it was booked and where it belongs."""

    id: Any
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
    count, odd = _read_and_write(claim)
    wrong = [line for line in odd if line.verdict]
    note(claim, [_found(line) for line in wrong])
    _move_on(claim, [line for line in odd if line.was_key not in ("", line.now_key)])
    kinds = Counter(line.verdict for line in wrong)
    add_counts(run, Counter({"judged": count, "matched": count - len(wrong), **kinds}))
    return count


def _read_and_write(claim: Claim) -> tuple[int, list[_Judged]]:
    """How many lines were judged, and those of them that need more than their verdict.

    Whole sets are joined, never row by row: nobody has analysed what was just listed, and a planner who believes it
    empty would read all of it for every line.
    """
    with joined_as_sets(by_index=True), database.cursor() as cursor:
        cursor.execute(_BATCH, {"connection": claim.connection.pk, "limit": BATCH})
        batch = cursor.fetchall()
        facts: dict[str, Any] = {
            "connection": claim.connection.pk,
            "ids": array_of(row[0] for row in batch),
            "payments": array_of({row[1] for row in batch if row[1]}),
            "disputes": array_of(row[2] for row in batch if row[2]),
        }
        cursor.execute(_JUDGE, facts)
        return len(batch), [_Judged(*row) for row in cursor.fetchall()]


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
    if not lines:
        return
    at = claim.clock()
    day = business_day(at=at)
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
            business_date=day,
        )
