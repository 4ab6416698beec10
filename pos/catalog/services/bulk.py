"""Many rows of one table in one statement: each column travels as one list, so that a row costs next to nothing.

The ORM words a placeholder for every value, which at a hundred thousand rows takes longer than the server does.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from pos.catalog.documents.rows import only, relations

BATCH: Final = 10_000
Row = tuple[Any, ...]


def upsert(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Collection[Row],
    *,
    kept: Collection[str] = ("id",),
) -> None:
    """Insert the rows, or bring those whose key is there to what they say, except for the columns `kept`."""
    names = [str(_field(model, name).column) for name in columns if name not in kept]
    changes = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in names)
    _send(model, columns, rows, f"ON CONFLICT (id) DO UPDATE SET {changes}")


def insert(model: type[models.Model], columns: Sequence[str], rows: Collection[Row]) -> None:
    """Insert the rows; all of them are new."""
    _send(model, columns, rows, "")


def park(model: type[models.Model], column: str, ids: Collection[UUID]) -> None:
    """Names may change places, and each must be free at every moment: until then the key is the name."""
    if ids:
        table, name = _quoted(model._meta.db_table), _quoted(column)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {name} = id::text WHERE id = ANY(%s::uuid[])",  # noqa: S608  names of models
                [list(ids)],
            )


def remove(model: type[models.Model], ids: Collection[UUID], *, by: str = "pk") -> None:
    """Delete rows with everything that goes with them. What protects them was asked before."""
    if not ids:
        return
    found = list(only(model, ids, by=by).values_list("pk", flat=True)) if by != "pk" else list(ids)
    if not found:
        return
    for relation in relations(model):
        if relation.on_delete is models.CASCADE:
            remove(relation.related_model, found, by=relation.field.name)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_quoted(model._meta.db_table)} WHERE id = ANY(%s::uuid[])",  # noqa: S608  a model's name
            [found],
        )


def _send(model: type[models.Model], columns: Sequence[str], rows: Collection[Row], clash: str) -> None:
    if not rows:
        return
    fields = [_field(model, name) for name in columns]
    forms = [_form(field) for field in fields]
    names = ", ".join(_quoted(str(field.column)) for field in fields)
    aliases = ", ".join(f"c{place}" for place in range(len(fields)))
    values = ", ".join(form.format(f"c{place}") for place, (form, _) in enumerate(forms))
    lists = ", ".join(["%s::text[]"] * len(fields))
    statement = (
        f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) SELECT {values} "  # noqa: S608  names of models
        f"FROM unnest({lists}) AS given ({aliases}) {clash}"
    )
    waiting = list(rows)
    with connection.cursor() as cursor:
        for start in range(0, len(waiting), BATCH):
            batch = list(zip(*waiting[start : start + BATCH], strict=True))
            texts = [_texts(column, write) for column, (_, write) in zip(batch, forms, strict=True)]
            cursor.execute(statement, texts)


def _texts(values: Iterable[Any], write: Callable[[Any], str]) -> list[str | None]:
    return [None if value is None else write(value) for value in values]


def _form(field: Any) -> tuple[str, Callable[[Any], str]]:
    """How a column is made of text, and how its values become text. No cast cuts: too long is an error."""
    if isinstance(field, ArrayField):
        return "ARRAY(SELECT jsonb_array_elements_text({}::jsonb))", _json
    if isinstance(field, models.JSONField):
        return "{}::jsonb", _json
    if isinstance(field, models.CharField | models.TextField):
        return "{}", str
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = "numeric" if isinstance(target, models.DecimalField) else target.db_type(connection)
    return f"{{}}::{kind}", str


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
