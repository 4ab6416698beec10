"""The end of a run: what was a difference and agrees now is resolved by itself; the run says what it found."""

from collections import Counter
from typing import Any, Final

from django.db import connection as database

from payments.reconciliation import states
from payments.reconciliation.models import Difference
from payments.reconciliation.services.claiming import Claim, add_counts
from payments.reconciliation.services.comparing import LEFT

# Every line that did not agree was judged again, so what was not seen agrees. The others are asked for themselves.
_AGREES: Final = """
UPDATE payments_difference AS known
SET state = 'resolved', action = 'agrees', resolved_at = %(at)s, resolved_by = '', reason = ''
WHERE known.connection_id = %(connection)s AND known.state = 'open' AND CASE
    WHEN known.kind = ANY(%(of_lines)s) THEN known.seen_run IS DISTINCT FROM %(run)s
    WHEN known.kind = 'missing_there' THEN known.subject IN (
        SELECT payment FROM payments_settlementline
        WHERE connection_id = %(connection)s AND about = 'payment' AND payment <> '' AND payment = ANY(ARRAY(
            SELECT subject FROM payments_difference
            WHERE connection_id = %(connection)s AND state = 'open' AND kind = 'missing_there')))
    WHEN known.kind = 'refund_missing_there' THEN known.subject IN (
        SELECT source FROM payments_settlementline
        WHERE connection_id = %(connection)s AND about = 'refund' AND source = ANY(ARRAY(
            SELECT subject FROM payments_difference
            WHERE connection_id = %(connection)s AND state = 'open' AND kind = 'refund_missing_there')))
    WHEN known.kind = 'unsettled' THEN NOT EXISTS (
        SELECT FROM payments_attempt AS attempt WHERE attempt.id = known.attempt_id
            AND <left> > 0)
    WHEN known.kind = 'payout_sum' THEN EXISTS (
        SELECT FROM payments_payout AS payout
        WHERE payout.id = known.payout_id AND payout.unexplained_minor = 0)
    ELSE false
END
""".replace("<left>", LEFT)
OF_LINES: Final = (
    "missing_here",
    "status",
    "amount",
    "refund_missing_here",
    "refund_status",
    "refund_amount",
    "dispute_missing_here",
    "unknown_category",
    "adjustment",
)
"""Kinds of difference that a line of a listing makes."""


def close_run(claim: Claim) -> None:
    """Resolve what agrees, and finish."""
    at = claim.clock()
    with claim.batch() as run:
        with database.cursor() as cursor:
            facts: dict[str, Any] = {"connection": claim.connection.pk, "run": claim.run_id, "at": at}
            cursor.execute(_AGREES, facts | {"of_lines": list(OF_LINES)})
            agreed = cursor.rowcount
        mine = Difference.objects.filter(connection=claim.connection, state=states.OPEN)
        add_counts(run, Counter({"agreed": agreed}))
        run.counts["open"] = mine.count()
        run.state, run.finished_at = states.RUN.after(run.state, "finish"), at
        run.trouble = ""
