"""Cells made of cells: objects, rows, one of several, and what is picked out of a table."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from fynlo.backoffice.sheets.cells import (
    NOTHING,
    Cell,
    Names,
    Problems,
    Unreadable,
    known_ids,
    texts,
    typed_text,
)


class Object(Cell):
    """Members with names of their own. With `optional`, one that says nothing is null."""

    kind = "object"

    def __init__(
        self, name: str, title: str, cells: Sequence[Cell], *, optional: bool = False, **more: Any
    ) -> None:
        super().__init__(name, title, **more)
        self.cells, self.optional, self.blank = tuple(cells), optional, None

    def spec(self) -> dict[str, Any]:
        """With its cells."""
        made = super().spec()
        del made["blank"]
        return made | {"cells": [cell.spec() for cell in self.cells]}

    def show(self, value: Any) -> Any:
        """Every member."""
        return {cell.name: cell.show_in(value or {}) for cell in self.cells}

    def read(self, given: Any, pointer: str, problems: Problems) -> Any:
        """Every member that is asked for."""
        row = given if isinstance(given, dict) else {}
        made: dict[str, Any] = {}
        for cell in self.cells:
            if cell.when is None or str(row.get(cell.when[0])) in cell.when[1]:
                cell.read_in(row, made, pointer, problems)
        return None if self.optional and not made else made

    def names(self, given: Any, found: Names) -> None:
        """Those of its cells."""
        for cell in self.cells if isinstance(given, dict) else ():
            cell.names(given.get(cell.name), found)

    def members(self) -> Iterator[Cell]:
        """Its cells, and those of which one is chosen."""
        for cell in self.cells:
            yield cell
            if isinstance(cell, Either):
                yield from cell.parts

    def lines(self, shown: Any, indent: str = "") -> Iterator[str]:
        """A heading, and its cells under it."""
        below = indent + "    " if self.title else indent
        inside = [line for cell in self.cells for line in cell.lines((shown or {}).get(cell.name), below)]
        if inside and self.title:
            yield f"{indent}{self.title}:"
        yield from inside


class Rows(Cell):
    """Any number of the same. `plain` is a table of short lines; `fixed` rows only change places."""

    kind = "rows"

    def __init__(
        self,
        name: str,
        title: str,
        cells: Sequence[Cell] | Cell,
        *,
        add: str = "Add",
        plain: bool = False,
        ordered: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(name, title, **more)
        self.row = cells if isinstance(cells, Cell) else Object("", "", cells)
        self.add, self.plain, self.ordered, self.blank = add, plain, ordered, []

    def spec(self) -> dict[str, Any]:
        """With the cells of a row."""
        more = {"add": self.add, "plain": self.plain, "ordered": self.ordered, "row": self.row.spec()}
        return super().spec() | more

    def show(self, value: Any) -> Any:
        """Every row."""
        return [self.row.show(row) for row in value or ()]

    def read(self, given: Any, pointer: str, problems: Problems) -> Any:
        """Every row; one that cannot be read leaves a gap that its problem names."""
        if not isinstance(given, list):
            problems.append((pointer, "A list is expected."))
            return NOTHING
        read = [self.row.read(row, f"{pointer}/{place}", problems) for place, row in enumerate(given)]
        return [row for row in read if row is not NOTHING]

    def names(self, given: Any, found: Names) -> None:
        """Those of its rows."""
        for row in given if isinstance(given, list) else ():
            self.row.names(row, found)

    def members(self) -> Iterator[Cell]:
        """The cells of a row."""
        return self.row.members()

    def lines(self, shown: Any, indent: str = "") -> Iterator[str]:
        """A heading, and its rows under it."""
        below = indent + "    " if self.title else indent
        inside: list[str] = []
        for number, row in enumerate(shown or (), start=1):
            first, *rest = [
                line.strip() if not at else line for at, line in enumerate(self.row.lines(row, below))
            ] or [""]
            inside += [f"{below}{number}. {first}", *rest]
        if inside and self.title:
            yield f"{indent}{self.title}:"
        yield from inside


class Pairs(Rows):
    """Rows that are stored as lists of their cells' values: `[["17:00", "19:00"]]`. No rows are left out."""

    def show(self, value: Any) -> Any:
        """Each value under its name."""
        names = [cell.name for cell in self.row.members()]
        return [dict(zip(names, pair, strict=False)) for pair in value or ()]

    def read(self, given: Any, pointer: str, problems: Problems) -> Any:
        """Lists again."""
        rows = super().read(given, pointer, problems)
        return NOTHING if rows is NOTHING or not rows else [list(row.values()) for row in rows]


class Either(Cell):
    """Exactly one of several members of the row it stands in."""

    kind = "either"

    def __init__(self, name: str, title: str, parts: Sequence[Cell], **more: Any) -> None:
        super().__init__(name, title, **more)
        self.parts, self.blank = tuple(parts), None

    def spec(self) -> dict[str, Any]:
        """With its parts."""
        made = super().spec()
        del made["blank"]
        return made | {"parts": [part.spec() for part in self.parts]}

    def show_in(self, row: dict[str, Any]) -> Any:
        """The member that is given."""
        part = next((part for part in self.parts if row.get(part.name) is not None), self.parts[0])
        return {"which": part.name, "value": part.show_in(row)}

    def read_in(self, row: dict[str, Any], made: dict[str, Any], pointer: str, problems: Problems) -> None:
        """The chosen member, which is needed."""
        given = row.get(self.name)
        chosen = given if isinstance(given, dict) else {"which": self.parts[0].name, "value": ""}
        part = next((part for part in self.parts if part.name == chosen.get("which")), self.parts[0])
        value = part.read(chosen.get("value"), f"{pointer}/{part.name}", problems)
        if value is not NOTHING:
            made[part.name] = value
        elif f"{pointer}/{part.name}" not in {where for where, _ in problems}:
            problems.append((f"{pointer}/{part.name}", "This field is required."))

    def lines(self, shown: Any, indent: str = "") -> Iterator[str]:
        """The chosen one."""
        shown = shown or {}
        for part in self.parts:
            if part.name == shown.get("which"):
                yield from part.lines(shown.get("value"), indent)


class Pick(Cell):
    """The id of a row of `target`, found by searching. An empty one is null."""

    kind = "pick"

    def __init__(self, name: str, title: str, target: str, **more: Any) -> None:
        super().__init__(name, title, **more)
        self.target = target

    def spec(self) -> dict[str, Any]:
        """With where to search."""
        return super().spec() | {"target": self.target}

    def value(self, given: Any) -> Any:
        """The id."""
        text = typed_text(given)
        if self.needed and not text:
            raise Unreadable("This field is required.")
        if text and not _is_id(text):
            raise Unreadable("Choose one of those that the search finds.")
        return text or None

    def names(self, given: Any, found: Names) -> None:
        """Its id."""
        found.setdefault(self.target, set()).update(known_ids([given]))


class Picks(Pick):
    """The ids of some rows of `target`; of tags, the tags themselves. None at all is left out."""

    kind = "picks"

    def __init__(self, name: str, title: str, target: str, **more: Any) -> None:
        super().__init__(name, title, target, **more)
        self.blank = []

    def show(self, value: Any) -> list[str]:
        """The ids."""
        return list(value or ())

    def value(self, given: Any) -> Any:
        """The ids."""
        chosen = texts(given)
        if self.target != "tag" and not all(map(_is_id, chosen)):
            raise Unreadable("Choose some of those that the search finds.")
        return chosen or NOTHING

    def names(self, given: Any, found: Names) -> None:
        """Its ids."""
        found.setdefault(self.target, set()).update(known_ids(given if isinstance(given, list) else ()))


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
