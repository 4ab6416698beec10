"""Lock once, late, in order. Named lock helpers of the rooms are built on this one.

The order across tables is written in `docs/algorithms/locking.md`; within a table it is the primary key.
"""

import uuid
from collections.abc import Iterable
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def lock_rows(queryset: QuerySet[M], ids: Iterable[uuid.UUID]) -> list[M]:
    """Rows of `queryset` with these primary keys, locked FOR UPDATE in key order (no deadlock by order).

    Rows that do not exist are missing from the answer. Must run inside a transaction (Django raises).
    """
    wanted = sorted(set(ids))
    return list(queryset.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",)))


def lock_key(key: uuid.UUID) -> None:
    """Wait for whoever does something under this key, until the end of the transaction; before any other lock.

    For documents without a row of their own: the second caller then sees what the first one wrote under it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || %s, 0))", [str(key)]
        )
