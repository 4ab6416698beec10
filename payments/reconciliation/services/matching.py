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
from payments.reconciliation.services.planning import found_by_index, joined_as_sets

BATCH: Final = 2_000
_JUDGE: Final = """
WITH batch AS MATERIALIZED (
    SELECT id, vendor_id, about, category, source, payment, gross_minor, currency, payout_id, booked_as
    FROM payments_settlementline WHERE connection_id = %(connection)s AND state = 'new' LIMIT %(limit)s
), attempt AS MATERIALIZED (
    SELECT id, vendor_id, state, captured_minor, currency, tender_type FROM payments_attempt
    WHERE connection_id = %(connection)s AND vendor_id = ANY(ARRAY(SELECT payment FROM batch))
        AND vendor_id <> ''
), refund AS MATERIALIZED (
    SELECT id, vendor_id, attempt_id, state, amount_minor FROM payments_gatewayrefund
    WHERE attempt_id = ANY(ARRAY(
        SELECT attempt.id FROM attempt JOIN batch ON batch.payment = attempt.vendor_id AND batch.about = 'refund'
    )) AND vendor_id <> ''
), dispute AS MATERIALIZED (
    SELECT id, vendor_id FROM payments_dispute WHERE connection_id = %(connection)s
        AND vendor_id = ANY(ARRAY(SELECT source FROM batch WHERE about = 'dispute'))
), listed AS MATERIALIZED (
    SELECT payment, about, CASE about WHEN 'refund' THEN source ELSE '' END AS source, sum(gross_minor) AS minor
    FROM payments_settlementline
    WHERE connection_id = %(connection)s AND payment = ANY(ARRAY(SELECT payment FROM batch)) AND payment <> ''
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
)
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
    END, vendor_id, about, category, source, payment, gross_minor, currency, payout_id, attempt_id,
    COALESCE(dispute_id, refund_id, attempt_id), attempt_state, refund_state, captured_minor, refund_minor,
    listed_minor, booked_as, CASE
        WHEN about = 'fee' THEN 'fees'
        WHEN about = 'dispute' THEN 'disputes'
        WHEN about = 'payment' AND attempt_state = 'captured' THEN 'tender:' || tender_type
        WHEN about = 'refund' AND refund_id IS NOT NULL THEN 'tender:' || tender_type
        ELSE 'payouts_unexplained'
    END
FROM known
"""
_WRITE: Final = """
UPDATE payments_settlementline AS line
SET state = CASE judged.verdict WHEN '' THEN 'matched' ELSE 'listed' END, attempt_id = judged.attempt_id,
    subject_id = judged.subject_id, key = judged.key,
    booked_as = CASE line.booked_as WHEN '' THEN '' ELSE judged.key END
FROM unnest(%(ids)s::uuid[], %(verdicts)s::text[], %(attempts)s::uuid[], %(subjects)s::uuid[], %(keys)s::text[])
    AS judged (id, verdict, attempt_id, subject_id, key)
WHERE line.id = judged.id
"""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A line with its verdict ("" when it agrees), and where it belongs."""

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
    judged = _read(claim)
    wrong = [line for line in judged if line.verdict]
    _write(judged)
    note(claim, [_found(line) for line in wrong])
    _move_on(claim, [line for line in judged if line.was_key and line.was_key != line.now_key])
    matched = len(judged) - len(wrong)
    kinds = Counter(line.verdict for line in wrong)
    add_counts(run, Counter({"judged": len(judged), "matched": matched, **kinds}))
    return len(judged)


def _read(claim: Claim) -> list[_Judged]:
    """The verdicts of a batch. Whole sets are joined, never row by row: nobody has analysed what was just listed,
    and a planner who believes it empty would read all of it for every line."""
    with joined_as_sets(), database.cursor() as cursor:
        cursor.execute(_JUDGE, {"connection": claim.connection.pk, "limit": BATCH})
        return [_Judged(*row) for row in cursor.fetchall()]


def _write(judged: list[_Judged]) -> None:
    columns = {
        "ids": [line.id for line in judged],
        "verdicts": [line.verdict for line in judged],
        "attempts": [line.attempt_id for line in judged],
        "subjects": [line.subject_id for line in judged],
        "keys": [line.now_key for line in judged],
    }
    with found_by_index(), database.cursor() as cursor:
        cursor.execute(_WRITE, columns)


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
