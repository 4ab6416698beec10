"""Files of stock for tests: sent, looked at, applied."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from pos.catalog.csv_reading import CsvForm
from pos.inventory.models import StockLevel, StockMovement
from pos.stock_files.models import StockFile
from pos.stock_files.services import look_at_file, stage_file

AT = dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 7, 2, 8, 30, tzinfo=dt.UTC)
KEEPER = Actor(
    kind="employee",
    id=new_id(),
    name="Ayşe",
    permissions=frozenset({"stock.read", "stock.write", "stock.order", "stock.move"}),
)

COUNTER = replace(KEEPER, permissions=KEEPER.permissions | {"stock.count"})


def sent(kind: str, *lines: str, data: bytes | None = None, location: str | None = None) -> StockFile:
    """A file that was sent and looked at."""
    key = stage_file(
        data=data if data is not None else "\n".join(lines).encode(),
        file_name=f"{kind}.csv",
        kind=kind,
        form=CsvForm(),
        location_code=location,
        actor=COUNTER,
        at=AT,
    )
    look_at_file(file_id=key, actor=COUNTER, at=AT)
    return found(key)


def found(key: UUID) -> StockFile:
    """The file as it is."""
    record: StockFile = StockFile.objects.get(pk=key)
    return record


def told(record: StockFile) -> tuple[int, int, int, int]:
    """How many problems, new, changed and unchanged rows it has."""
    summary = record.summary
    return tuple(summary[name] for name in ("problem_count", "created", "changed", "unchanged"))  # type: ignore[return-value]


def problems(record: StockFile) -> list[tuple[int, str, str, str]]:
    """What is wrong: line, column, reason, given."""
    rows = record.rows.filter(outcome="problem").order_by("line", "id")
    return [(row.line, row.column, row.reason, row.given) for row in rows]


def on_hand() -> dict[str, str]:
    """What is on hand by SKU, without what is not."""
    rows = StockLevel.objects.select_related("variant").exclude(on_hand=0)
    return {row.variant.sku: plain(row.on_hand) for row in rows}


def moved(*fields: str) -> list[tuple[Any, ...]]:
    """All movements but settlings, in the order they were recorded."""
    rows = StockMovement.objects.exclude(kind="revaluation").order_by("id")
    return [
        tuple(plain(value) if isinstance(value, Decimal) else value for value in row)
        for row in rows.values_list("variant__sku", "kind", "quantity", *fields)
    ]


def plain(value: Decimal) -> str:
    """A number without needless zeros."""
    return format(value.normalize(), "f")
