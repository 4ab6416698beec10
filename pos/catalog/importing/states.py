"""What an import compares and what it decides."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from pos.catalog.csv_reading import RowProblem
from pos.catalog.sheets.names import Names, Path

Document = dict[str, Any]
Key = tuple[str, str]
"""A document: its kind and its id as text."""
Load = Callable[[str, Collection[str]], dict[str, Document]]
"""The documents of a kind with these ids, as copies that may be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The catalogue there is: what its things are called, and how their documents are fetched."""

    names: Names
    load: Load


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One cell of a row that will be another, as both are written in files."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """What becomes of one row: `outcome` is created, changed or unchanged.

    `key` are the cells by which it is known again, `name` what it is called besides. `node_id` is the id of
    what it stands for (a variant, a category), if that has one.
    """

    sheet: str
    line: int
    key: str
    name: str
    outcome: str
    node_id: str | None = None
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """Everything to write, and `problems` that forbid writing any of it.

    `documents` are the new and changed ones. `categories` are the paths made along the way, parents first.
    `emptied` are items whose variants all move elsewhere; they are switched off.
    """

    rows: tuple[RowPlan, ...]
    documents: tuple[tuple[str, Document], ...]
    categories: tuple[Path, ...]
    emptied: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    place_of: Callable[[Document, str], "Place"] = field(repr=False)

    def count(self, outcome: str) -> int:
        """How many rows are created, changed or unchanged."""
        return sum(row.outcome == outcome for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The cell that a member of a document came from. Line 0: from no row of the file."""

    sheet: str = ""
    line: int = 0
    column: str = ""
    given: str = ""
