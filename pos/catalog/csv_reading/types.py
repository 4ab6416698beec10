"""What a catalogue file is read into: rows, and problems that name line, column, reason and what was given."""

from dataclasses import dataclass
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
