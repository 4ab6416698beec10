"""What a catalogue file is read into: rows, and problems that name line, column, reason and what was given."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

UNITS = ("each", "kg", "g", "l", "ml", "m")

WHOLE_FILE = 0
"""The line of a problem that belongs to no line."""
_UNKEPT: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """How the file is written, where the merchant knows better than detection."""

    encoding: Literal["auto", "utf-8", "cp1252"] = "auto"
    delimiter: Literal["auto", ",", ";", "tab"] = "auto"
    decimal: Literal["auto", ".", ","] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why a row cannot be imported. Lines count from 1, the header included; `column` is a header name.

    `sheet` is told where a file has several.
    """

    line: int
    column: str
    reason: str
    given: str
    sheet: str = ""

    def __post_init__(self) -> None:
        """What no text can hold (NUL, halves of pairs) is shown as U+FFFD, so that problems can be kept."""
        for name in ("column", "reason", "given", "sheet"):
            text = getattr(self, name)
            if _UNKEPT.search(text):
                object.__setattr__(self, name, _UNKEPT.sub("\ufffd", text))

    def __str__(self) -> str:
        sheet = f"{self.sheet}, " if self.sheet and self.line else f"{self.sheet}: " if self.sheet else ""
        column = f", {self.column}" if self.column else ""
        where = f"line {self.line}{column}: " if self.line else ""
        given = f" (given: {self.given!r})" if self.given else ""
        return f"{sheet}{where}{self.reason}{given}"


class FileUnreadable(Exception):
    """The file cannot be read past one place; carries the problem."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def unreadable(reason: str, *, line: int = WHOLE_FILE, given: str = "") -> FileUnreadable:
    """The error of a file that ends here."""
    return FileUnreadable(RowProblem(line=line, column="", reason=reason, given=given))


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


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is right by itself: the line it starts in, and what each column of its sheet says there.

    A column the file does not have says what an empty cell says.
    """

    line: int
    cells: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells[column]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRows:
    """The rows of one sheet. What it has no column for is not said by it."""

    sheet: str
    rows: tuple[Row, ...]
    columns: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFile:
    """A whole file. Import nothing while `problem_count` is above zero; `problems` are its first thousand.

    The rows of `sheets` are those that are right by themselves, for a preview. `encoding` and `delimiter` are
    those of the (last) CSV file in it.
    """

    sheets: tuple[SheetRows, ...]
    problems: tuple[RowProblem, ...]
    problem_count: int
    encoding: str = ""
    delimiter: str = ""

    def sheet(self, name: str) -> SheetRows:
        """The sheet of that name, empty if the file has none."""
        empty = SheetRows(sheet=name, rows=(), columns=frozenset())
        return next((sheet for sheet in self.sheets if sheet.sheet == name), empty)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the sheet of items, which most files are about."""
        return self.sheet("items").rows

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the sheet of items."""
        return self.sheet("items").columns

    @property
    def row_count(self) -> int:
        """How many rows there are in all sheets."""
        return sum(len(sheet.rows) for sheet in self.sheets)
