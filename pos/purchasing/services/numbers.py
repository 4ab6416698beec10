"""Numbers of papers: dense per series, given back by a rollback."""

from typing import Final

from django.db import connection

from fynlo.core.ids import new_id

ORDERS: Final = "PO"
RECEIPTS: Final = "GR"
RETURNS: Final = "SR"

_NEXT: Final = """
INSERT INTO pos_papernumber AS number (id, series, last) VALUES (%s, %s, 1)
ON CONFLICT (series) DO UPDATE SET last = number.last + 1 RETURNING last
"""


def next_number(*, series: str) -> str:
    """The next number of a series, such as `PO-00042`. Its row stays locked until COMMIT, so take it late."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [new_id(), series])
        (last,) = cursor.fetchone()
    return f"{series}-{last:05d}"
