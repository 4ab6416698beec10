"""Whether what cards say is what happened to them, and what the books owe for them. Looked at every night."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from payments.credit.kinds import LIABILITY_KEYS

_ACTIVITIES: Final = """
SELECT account.id, account.balance_minor - account.overdrawn_minor, COALESCE(sum(activity.amount_minor), 0)::bigint
FROM payments_storedvalue AS account
LEFT JOIN payments_valueactivity AS activity ON activity.account_id = account.id
GROUP BY account.id
HAVING account.balance_minor - account.overdrawn_minor <> COALESCE(sum(activity.amount_minor), 0)
ORDER BY account.id
"""
_RESERVED: Final = """
SELECT account.id, account.reserved_minor, COALESCE(sum(kept.left_minor), 0)::bigint
FROM payments_storedvalue AS account
LEFT JOIN payments_valuereservation AS kept ON kept.account_id = account.id AND kept.state = 'open'
GROUP BY account.id
HAVING account.reserved_minor <> COALESCE(sum(kept.left_minor), 0)
ORDER BY account.id
"""
_BOOKS: Final = """
WITH owed AS (
    SELECT kind, sum(balance_minor - overdrawn_minor)::bigint AS owed FROM payments_storedvalue GROUP BY kind
), booked AS (
    SELECT key, sum(amount_minor)::bigint AS booked FROM (
        SELECT credit_key AS key, amount_minor FROM payments_transfer WHERE credit_key = %(key)s
        UNION ALL
        SELECT debit_key, -amount_minor FROM payments_transfer WHERE debit_key = %(key)s
    ) AS moved GROUP BY key
)
SELECT COALESCE((SELECT owed FROM owed WHERE kind = %(kind)s), 0), COALESCE((SELECT booked FROM booked), 0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueDifference:
    """What does not agree: `kept` on the accounts, `found` where it comes from. Without an account: of a kind."""

    what: str
    kept_minor: int
    found_minor: int
    account_id: UUID | None = None


def value_differences() -> list[ValueDifference]:
    """Accounts whose balance is not the sum of their activities, or whose reserved part is not that of their
    reservations, and kinds of value of which the books owe something else; four statements. Empty: all agrees.
    """
    found = [*_per_account("activities", _ACTIVITIES), *_per_account("reservations", _RESERVED)]
    for kind, key in LIABILITY_KEYS.items():
        with connection.cursor() as cursor:
            cursor.execute(_BOOKS, {"kind": kind, "key": key})
            owed, booked = cursor.fetchone()
        if owed != booked:
            found.append(ValueDifference(what=f"books of {kind}", kept_minor=owed, found_minor=booked))
    return found


def _per_account(what: str, statement: str) -> list[ValueDifference]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [
            ValueDifference(what=what, account_id=key, kept_minor=kept, found_minor=found)
            for key, kept, found in cursor.fetchall()
        ]
