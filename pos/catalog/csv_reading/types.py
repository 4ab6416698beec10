"""What a catalogue file is read into: rows, and problems that name line, column, reason and what was given."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

UNITS = ("each", "kg", "g", "l", "ml", "m")

WHOLE_FILE = 0
"""The line of a problem that belongs to no line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """How the file is written, where the merchant knows better than detection."""

    encoding: Literal["auto", "utf-8", "cp1252"] = "auto"
    delimiter: Literal["auto", ",", ";", "tab"] = "auto"
    decimal: Literal["auto", ".", ","] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why a row cannot be imported. Lines count from 1, the header included; `column` is a header name."""

    line: int
    column: str
    reason: str
    given: str

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        where = f"line {self.line}{column}: " if self.line else ""
        given = f" (given: {self.given!r})" if self.given else ""
        return f"{where}{self.reason}{given}"


class FileUnreadable(Exception):
    """The file cannot be read past one place; carries the problem."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(slots=True)
class Problems:
    """Counts all problems and keeps the first by line: a broken file may have a million of them."""

    limit: int
    count: int = 0
    _kept: list[RowProblem] = field(default_factory=list)

    def add(self, problems: Iterable[RowProblem]) -> None:
        """Take in more problems, of any lines."""
        for problem in problems:
            self.count += 1
            self._kept.append(problem)
            if len(self._kept) > 2 * self.limit:
                self._kept = self._in_order()

    def first(self) -> tuple[RowProblem, ...]:
        """The first problems of the file, ordered by line."""
        return tuple(self._in_order())

    def _in_order(self) -> list[RowProblem]:
        return sorted(self._kept, key=lambda problem: problem.line)[: self.limit]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogRow:
    """One variant as the file states it, typed and checked.

    `category` is the path from the root. `variant` is empty for an item that has only one. `price_minor` is
    per `unit`, with or without tax as the tax class says. `opening_stock` counts in `unit`.
    """

    line: int
    category: tuple[str, ...]
    item: str
    variant: str
    sku: str
    barcodes: tuple[str, ...]
    price_minor: int
    tax_class: str
    unit: str
    is_active: bool
    description: str
    opening_stock: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFile:
    """A whole file. Import nothing while `problem_count` is above zero; `problems` are its first thousand.

    `rows` are those that are right by themselves, for a preview. `columns` are the columns the file has: what
    it has no column for is not said by it.
    """

    rows: tuple[CatalogRow, ...]
    problems: tuple[RowProblem, ...]
    problem_count: int
    encoding: str
    delimiter: str
    columns: frozenset[str]
