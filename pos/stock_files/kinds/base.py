"""What every kind of file does, and the words that files name things by."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fynlo.core.actors import Actor
from pos.catalog.csv_reading import Row, RowProblem
from pos.catalog.sheets.columns import Sheet
from pos.purchasing.packs import Goods
from pos.purchasing.queries.goods import goods_by_id
from pos.registers.models import Location
from pos.stock_files.models import StockFile, StockFileRow

R = TypeVar("R")
CREATED, CHANGED, UNCHANGED, PROBLEM = "created", "changed", "unchanged", "problem"
OUTCOMES: Final = (PROBLEM, CREATED, CHANGED, UNCHANGED)
WRITING: Final = (CREATED, CHANGED)
_FIND: Final = """
SELECT asked.sku, variant.id FROM unnest(%s::text[]) AS asked (sku)
JOIN pos_variant AS variant ON upper(variant.sku) = upper(asked.sku)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a row would do. `plan` is what applying needs, `before` what is there, `changes` both for people."""

    line: int
    key: str
    name: str
    outcome: str
    plan: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None
    changes: Sequence[Mapping[str, str]] = ()
    location_id: UUID | None = None
    variant_id: UUID | None = None


@dataclass(slots=True, kw_only=True)
class FileContext:
    """What is known while a file is worked on. `seen` is a kind's own memory between pieces."""

    file: StockFile
    currency: str
    actor: Actor
    at: dt.datetime
    columns: frozenset[str] = frozenset()
    location_code: str | None = None
    seen: dict[Any, Any] = field(default_factory=dict)
    _places: dict[str, Location] | None = None

    @property
    def places(self) -> dict[str, Location]:
        """Locations by their codes; read once."""
        if self._places is None:
            self._places = {place.code.casefold(): place for place in Location.objects.order_by("code")}
        return self._places

    def location(self, row: Row) -> Location | RowProblem:
        """The location a row names, or the file's, or the only one."""
        known = ", ".join(place.code for place in self.places.values()) or "none yet"
        code = row["location"] or self.location_code or ""
        if not code and len(self.places) == 1:
            return next(iter(self.places.values()))
        found = self.places.get(code.casefold())
        if found is not None:
            return found
        reason = (
            f"there is no such location; the locations are {known}"
            if code
            else f"say at which location; the locations are {known}"
        )
        return problem(row, "location", reason, code)


class StockKind(ABC):
    """A kind of file. `plan` looks, `apply` and `revert` write; each gets rows in pieces and costs a fixed
    number of statements a piece. It runs in a transaction of the caller: of all rows, or of a `batch` of them.
    """

    sheet: ClassVar[Sheet]
    permissions: ClassVar[tuple[str, ...]] = ("stock.write",)
    order: ClassVar[tuple[str, ...]] = ("line", "id")
    """How rows come to `apply` and `revert`: in the order in which what they write is locked."""

    batch: ClassVar[int | None] = None
    """Rows in a transaction, of a kind that locks what a sale needs; then `order` is location, variant, line."""

    writes: ClassVar[tuple[str, ...]] = WRITING
    """The outcomes whose rows come to `apply`."""

    @property
    def name(self) -> str:
        """What the kind is called."""
        return self.sheet.name

    @abstractmethod
    def plan(self, rows: Sequence[Row], context: FileContext) -> Iterator[Planned | RowProblem]:
        """What each row would do, and everything that is wrong with it."""

    @abstractmethod
    def apply(self, rows: Iterator[StockFileRow], context: FileContext) -> None:
        """Do what was planned. Raises `StockFileOutdated` where something else changed it since."""

    @abstractmethod
    def revert(self, rows: Iterator[StockFileRow], context: FileContext, *, force: bool) -> list[str]:
        """Bring back what was before; returns what had to stay. Raises `ChangedSince` unless `force`."""

    @abstractmethod
    def export(self, *, location_id: UUID | None, currency: str) -> Iterator[list[str]]:
        """The rows of an export, in the order of the sheet's columns."""


def find_goods(skus: Collection[str]) -> dict[str, Goods]:
    """Variants by their SKUs as they were asked for, whatever the case; three statements."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [list(set(skus))])
        found = dict(cursor.fetchall())
    known = goods_by_id(ids=found.values())
    return {sku: known[key] for sku, key in found.items() if key in known}


def problem(row: Row, column: str, reason: str, given: object = "") -> RowProblem:
    """What is wrong with a cell of a row."""
    return RowProblem(line=row.line, column=column, reason=reason, given=str(given)[:200])


def no_variant(row: Row) -> RowProblem:
    """The SKU names nothing."""
    return problem(row, "sku", "there is no variant with this SKU", row["sku"])


def changes_of(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], names: Sequence[str]
) -> list[dict[str, str]]:
    """What differs, for people."""
    was = before or {}
    return [
        {"column": name, "before": _shown(was.get(name)), "after": _shown(after.get(name))}
        for name in names
        if _shown(was.get(name)) != _shown(after.get(name))
    ]


def in_pieces(queryset: QuerySet[Any], size: int) -> Iterator[Any]:
    """The rows of a queryset in its order, few at a time in memory: their keys first, then the rows by these.

    Cursors of the server would need a session of their own, which a pool of connections does not give.
    """
    keys = list(queryset.values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        wanted = keys[start : start + size]
        found = queryset.model.objects.in_bulk(wanted)
        yield from (found[key] for key in wanted)


def pieces(rows: Iterator[R], size: int) -> Iterator[list[R]]:
    """Rows some at a time."""
    while piece := list(islice(rows, size)):
        yield piece


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " | ".join(str(each) for each in value)
    return str(value)
