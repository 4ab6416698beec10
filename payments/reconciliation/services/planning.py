"""How the database goes about the large statements, whatever its statistics say of rows that came a moment ago."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as database


@contextmanager
def joined_as_sets() -> Iterator[None]:
    """No row-by-row loops until the end of the block. Inside a transaction."""
    with _without("nestloop"):
        yield


@contextmanager
def found_by_index() -> Iterator[None]:
    """Rows by their keys only until the end of the block. Inside a transaction."""
    with _without("seqscan", "hashjoin", "mergejoin"):
        yield


@contextmanager
def _without(*ways: str) -> Iterator[None]:
    # SET LOCAL ends with the transaction anyway; a statement that failed takes the transaction with it.
    _switch(ways, "off")
    yield
    _switch(ways, "on")


def _switch(ways: tuple[str, ...], to: str) -> None:
    with database.cursor() as cursor:
        for way in ways:
            cursor.execute("SELECT set_config(%s, %s, true)", [f"enable_{way}", to])
