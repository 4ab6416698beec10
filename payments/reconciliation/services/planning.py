"""How the database goes about the large statements, whatever its statistics say of rows that came a moment ago."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection as database


@contextmanager
def joined_as_sets(*, by_index: bool = False) -> Iterator[None]:
    """No row-by-row loops until the end of the block; tables by an index if that is said. Inside a transaction."""
    # SET LOCAL ends with the transaction anyway; a statement that failed takes the transaction with it.
    ways = ("nestloop", "seqscan") if by_index else ("nestloop",)
    _switch(ways, "off")
    yield
    _switch(ways, "on")


def _switch(ways: tuple[str, ...], to: str) -> None:
    said = ", ".join(f"set_config('enable_{way}', %(to)s, true)" for way in ways)
    with database.cursor() as cursor:
        cursor.execute(f"SELECT {said}", {"to": to})


def array_of(values: Iterable[Any]) -> str:
    """The values as PostgreSQL writes an array, for `%s::text[]`; NUL, which it does not keep, is left out.

    It is one constant. Thousands of values in a list would be thousands of expressions to parse; and with an array
    that is no constant every row is compared member by member, which took most of the time.
    """
    return "{" + ",".join("NULL" if value is None else _quoted(str(value)) for value in values) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\x00", "").replace("\\", "\\\\").replace('"', '\\"') + '"'
