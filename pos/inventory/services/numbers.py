"""Numbers of stock's documents."""

from typing import Final

from django.db import connection

from fynlo.core.ids import new_id

COUNT: Final = "count"
TRANSFER: Final = "transfer"

_NEXT: Final = """
INSERT INTO pos_stocknumber AS number (id, kind, last) VALUES (%s, %s, 1)
ON CONFLICT (kind) DO UPDATE SET last = number.last + 1 RETURNING last
"""


def take_number(*, kind: str) -> int:
    """The next number of a `kind` of document, dense: a rollback gives it back. Locks its row until COMMIT."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [new_id(), kind])
        return int(cursor.fetchone()[0])
