"""Money that was stated to have come or gone by a provider's way to pay, and that nobody was asked for.

Tills tell of it later, as it happened, and the provider knows nothing of it.
"""

from collections import Counter
from typing import Any, Final

from django.db import connection as database

from payments.reconciliation.services.claiming import Claim, add_counts
from payments.reconciliation.services.noting import Found, note

_PAID: Final = """
SELECT payment.id, payment.amount_minor, payment.currency
FROM payments_payment AS payment JOIN payments_tendertype AS way ON way.id = payment.tender_type_id
WHERE way.connection_id = %(connection)s AND way.channel <> 'manual' AND payment.at BETWEEN %(since)s AND %(until)s
    AND NOT EXISTS (SELECT FROM payments_attempt AS attempt WHERE attempt.id = payment.id)
"""
_GIVEN_BACK: Final = """
SELECT back.id, back.amount_minor - back.rounding_minor, back.currency
FROM payments_refund AS back JOIN payments_tendertype AS way ON way.id = back.tender_type_id
WHERE way.connection_id = %(connection)s AND way.channel <> 'manual' AND back.at BETWEEN %(since)s AND %(until)s
    AND back.amount_minor > back.rounding_minor
    AND NOT EXISTS (SELECT FROM payments_gatewayrefund AS sent WHERE sent.part_id = back.id)
"""


def compare_stated(claim: Claim) -> None:
    """Note payments and refunds that stand in the books under this account, and that it was never asked for."""
    times = {"connection": claim.connection.pk, "since": claim.since, "until": claim.started_at}
    with claim.batch() as run:
        found = [
            *_found("missing_there", _PAID, times, sign=1),
            *_found("refund_missing_there", _GIVEN_BACK, times, sign=-1),
        ]
        note(claim, found)
        add_counts(run, Counter(each.kind for each in found))


def _found(kind: str, query: str, times: dict[str, Any], *, sign: int) -> list[Found]:
    with database.cursor() as cursor:
        cursor.execute(query, times)
        rows = cursor.fetchall()
    return [
        Found(
            kind=kind,
            subject=str(key),
            ours="stated",
            ours_minor=sign * minor,
            currency=currency,
            subject_id=key,
        )
        for key, minor, currency in rows
    ]
