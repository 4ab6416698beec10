"""What a sheet is made of: columns, each with a kind of cell, and levels, each a place in a document. Pure."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pos.catalog.sheets.names import Names

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What cells are measured by: the merchant's currency and tax classes, and the file's decimal mark.

    `tax_classes` None: they are looked up later.
    """

    currency: str
    tax_classes: Collection[str] | None = None
    decimal_mark: str = ""


class Kind(ABC):
    """A kind of cell: how its text is read, what that stands for, and how it is written again.

    `read` knows only the text and raises `CellInvalid`; `resolve` turns words (a SKU, a category's path) into
    keys; `write` is the way back: `resolve(read(write(value)))` is `value`.
    """

    says: ClassVar[str] = "text"
    """What stands in the cell, for people."""
    is_number: ClassVar[bool] = False
    """Written as a number in a workbook."""
    is_decimal: ClassVar[bool] = False
    """Its cells tell which decimal mark a file has."""

    @abstractmethod
    def read(self, text: str, rules: Rules) -> Any:
        """What a cell says."""

    def resolve(self, value: Any, names: Names) -> Any:
        """The same as documents hold it."""
        del names
        return value

    def write(self, value: Any, names: Names) -> str:
        """The cell of what a document holds."""
        del names
        return "" if value is None else str(value)

    def merge(self, before: Any, after: Any) -> Any:
        """What is stored where `before` was and the file says `after`: the same, in the spelling there is."""
        del before
        return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a sheet. `at` is the member of the level's node it stands for (`rounding.scope`), None if the
    catalogue does not hold it. `level` counts from the document (0) downwards.

    A `dropped` member is left out of the document where the cell is empty.
    """

    name: str
    kind: Kind
    at: str | None
    level: int = 0
    required: bool = False
    key: bool = False
    dropped: bool = False
    aliases: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Nodes below a document: the list they are in (from the level above), and what a new one is made of."""

    at: str
    new: Mapping[str, Any] = field(default_factory=dict)
    has_id: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A table of the file; each is declared once, so it is equal to itself only.

    A row is a document of `kind`, or the deepest of its `levels`.
    `find` looks up the document a row means (None: there is none yet). Sheets whose rows cannot make documents
    have no `new`. `unfold` and `fold` bring documents to the form whose members the columns name, and back.
    """

    name: str
    title: str
    kind: str
    columns: tuple[Column, ...]
    find: Callable[[Mapping[str, Any], Names], str | None]
    levels: tuple[Level, ...] = ()
    new: Mapping[str, Any] | None = None
    unfold: Callable[[Document], Document] | None = None
    fold: Callable[[Document], Document] | None = None
    order: Callable[[Document, Names], Any] | None = None
    missing: str = "there is no such thing"

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the order in which they are written."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns a file must have."""
        return tuple(column.name for column in self.columns if column.required)

    def at_level(self, level: int) -> tuple[Column, ...]:
        """The columns of one level."""
        return tuple(column for column in self.columns if column.level == level)


def fresh(template: Mapping[str, Any]) -> dict[str, Any]:
    """A node made of a template, whose lists and objects are empty: a deep copy would cost ten times as much."""
    return {
        name: type(value)() if isinstance(value, list | dict) else value for name, value in template.items()
    }


def get(node: Mapping[str, Any], at: str) -> Any:
    """The member of a node at a path such as `rounding.scope`; None where it is left out."""
    if "." not in at:
        return node.get(at)
    value: Any = node
    for step in at.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value


def put(node: dict[str, Any], at: str, value: Any) -> None:
    """Set the member at a path; what is missing on the way is made."""
    if "." not in at:
        node[at] = value
        return
    *way, last = at.split(".")
    for step in way:
        if not isinstance(node.get(step), dict):
            node[step] = {}
        node = node[step]
    node[last] = value


def drop(node: dict[str, Any], at: str) -> None:
    """Leave out the member at a path."""
    *way, last = at.split(".")
    for step in way:
        inner = node.get(step)
        if not isinstance(inner, dict):
            return
        node = inner
    node.pop(last, None)
