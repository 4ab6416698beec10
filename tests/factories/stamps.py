"""What was made once is stamped again: the statements that wrote it, sent to the server in one round trip.

Thousands of tests begin with the same rows. The first one of a process makes them with the project's services;
what those wrote is kept as text, word for word, and written again for the next test that finds the merchant's
schema as the first one did. So a stamp passes the same constraints and triggers, and only saves asking.

A stamp is used where the test's transaction will be rolled back, every table it writes to holds what it held when
the stamp was cut, and the clock has not gone on by more than two minutes; anywhere else the rows are made anew.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db import connection

from fynlo.core import clock
from fynlo.core.tenancy import TenantLike, current_schema, tenant_context

T = TypeVar("T")
MOST_AGE: Final = dt.timedelta(minutes=2)
# What the models read. A SELECT written by hand may call a function that writes, or stand before a write.
_KEEPS_NOTHING: Final = ('SELECT "', "SELECT 1 AS", "SELECT COUNT", "SAVEPOINT", "RELEASE", "SET ")
_WRITES: Final = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\b")
_WRITTEN: Final = re.compile(rb'(?:INSERT INTO|UPDATE|DELETE FROM) "?([a-z_]+)"?')


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The statements, what every table held before and after, and what `make` gave back."""

    text: bytes
    tables: list[str]
    before: dict[str, str]
    after: dict[str, str]
    made: Any
    at: dt.datetime


class Unstampable(RuntimeError):
    """What was to be stamped writes to another schema than the merchant's, or in a way that is not understood:
    its stamp left other rows.
    """


_stamps: dict[Hashable, _Stamp] = {}
_proven: set[Hashable] = set()
"""Those that were compared with what was made, row for row: the first use of every stamp of a process."""


def stamped(tenant: TenantLike, name: str, make: Callable[[], T]) -> T:
    """What `make()` gives, in the context of `tenant`; its rows are written by a stamp where there is one.

    `make` may read nothing but the tenant and the tables it writes to. Raises `Unstampable`.
    """
    with tenant_context(tenant):
        if not _is_rolled_back():
            return make()
        schema = str(current_schema())
        key = (name, schema, tenant.name, tenant.time_zone, tenant.country, tenant.currency)
        stamp = _stamps.get(key)
        if stamp is None or abs(clock.now() - stamp.at) > MOST_AGE:
            stamp = _stamps[key] = _cut(schema, make)
        elif _contents(stamp.tables) == {table: stamp.before[table] for table in stamp.tables}:
            _press(stamp, is_proven=key in _proven)
            _proven.add(key)
        else:
            return make()
    return copy.deepcopy(stamp.made, _keeping(tenant))


def _is_rolled_back() -> bool:
    """Whether this is inside a test's own transaction, and in no other block that the test opened in it."""
    blocks = connection.atomic_blocks
    return bool(blocks) and getattr(blocks[-1], "_from_testcase", False)


def _cut(schema: str, make: Callable[[], Any]) -> _Stamp:
    """Make it once, and keep what was written."""
    names, at = _tables(schema), clock.now()
    before = _contents(names)
    writes: list[bytes] = []
    with _recorded(schema, writes):
        made = make()
    text = b";\n".join(writes)
    written = {match.decode() for match in _WRITTEN.findall(text)} & set(names)
    return _Stamp(text, sorted(written), before, _contents(names), made, at)


def _press(stamp: _Stamp, *, is_proven: bool) -> None:
    """Write the rows; they are compared with those that were made unless that was done before."""
    everything = [] if is_proven else list(stamp.before)
    # A test may have written to tables that the stamp does not touch.
    touched = [table for table, digest in _contents(everything).items() if digest == stamp.before[table]]
    with connection.cursor() as cursor:
        cursor.execute(stamp.text)
    different = [table for table, digest in _contents(touched).items() if digest != stamp.after[table]]
    if different:
        raise Unstampable(f"a stamp left other rows in {different}")


def _recorded(schema: str, writes: list[bytes]) -> AbstractContextManager[None]:
    def record(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        result = execute(sql, params, many, context)
        if _WRITES.search(sql) or not sql.lstrip().startswith(_KEEPS_NOTHING):
            if many or current_schema() != schema:
                raise Unstampable(f"in {current_schema()}, many: {many}: {sql}")
            writes.append(context["cursor"].query)
        return result

    return connection.execute_wrapper(record)


def _tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        return [name for (name,) in cursor.fetchall()]


def _contents(tables: list[str]) -> dict[str, str]:
    """A digest of every row of these tables; empty where there is none."""
    if not tables:
        return {}
    parts = [
        f"(SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{table}\" t)"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts))
        return dict(zip(tables, cursor.fetchone(), strict=True))


def _keeping(tenant: TenantLike) -> dict[int, Any]:
    """A memo for `deepcopy`: the merchant stays the same object, everything else is the test's own."""
    return {id(tenant): tenant}
