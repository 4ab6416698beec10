"""Rows of several tables in one statement, for the few places where every round trip is paid by a guest waiting.

`bulk_create` compiles its statement anew for each call and sends one per table. Here the text per table is
made once, and the tables of one fact (an order, its lines, its taxes) travel together. Foreign keys among
them hold, because PostgreSQL checks them at the end of the statement.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import orjson
from django.db import connection, models

from fynlo.core.models import TenantModel

# Types whose Python values the driver writes as they are; all others go through the field.
_PLAIN: Final = (
    models.UUIDField,
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.DecimalField,
    models.DateField,
    models.BooleanField,
    models.ForeignKey,
)


Statement = tuple[str, list[Any]]
"""Text with placeholders, and its parameters."""


def insert_rows(*tables: Sequence[TenantModel], last: Statement | None = None) -> None:
    """Insert the rows of each table (all of one model), the first table first; empty ones are left out.

    `last` is an UPDATE of other rows that goes with them, after them and in the same round trip.

    Runs in the caller's transaction. Raises IntegrityError like any insert, `WrongTenant` for rows of another
    schema. Values must be of the fields' own Python types: nothing is converted.
    """
    filled = [rows for rows in tables if rows]
    if not filled:
        return
    # The main statement runs first, then what stands beside it, the last one written first.
    first, *others = [_text_of(rows) for rows in filled]
    if last is not None:
        others.append(last)
    others.reverse()
    aside = ", ".join(f"with_{number} AS ({text})" for number, (text, _) in enumerate(others))
    values = [value for _, each in (*others, first) for value in each]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {aside} {first[0]}" if aside else first[0], values)
    for rows in filled:
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias


def _text_of(rows: Sequence[TenantModel]) -> Statement:
    """The statement of one table, and its parameters."""
    head, one, read = _insert_of(type(rows[0]))
    values: list[Any] = []
    for row in rows:
        row.check_schema()
        values += read(row)
    return f"{head} VALUES {', '.join([one] * len(rows))}", values


@cache
def _insert_of(model: type[TenantModel]) -> tuple[str, str, Callable[[TenantModel], list[Any]]]:
    """The statement's head, the placeholders of one row, and how a row's values are read."""
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    columns = ", ".join(quote(str(field.column)) for field in fields)
    writers = [(field.attname, _writer(field)) for field in fields]

    def read(row: TenantModel) -> list[Any]:
        return [getattr(row, name) if write is None else write(getattr(row, name)) for name, write in writers]

    head = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
    return head, f"({', '.join(['%s'] * len(fields))})", read


def _writer(field: Any) -> Callable[[Any], Any] | None:
    """What makes of a field's value what the driver writes; None when it is that already."""
    if isinstance(field, _PLAIN):
        return None
    if isinstance(field, models.JSONField) and field.encoder is None:
        return _json
    return lambda value: field.get_db_prep_save(value, connection)


def _json(value: Any) -> str | None:
    """Text for a column of type jsonb: as Django would write it, in a tenth of the time."""
    return None if value is None else orjson.dumps(value).decode()
