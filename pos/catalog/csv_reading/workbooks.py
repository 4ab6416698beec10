"""XLSX workbooks: tabs in, records out, cell by cell as they are shown. Formulas are never taken for values.

What a few bytes could claim is bounded by count: texts, styles, tabs, elements.
Why this is no library's work: docs/decisions/0009-workbooks.md.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from pos.catalog.csv_reading.archives import WORKBOOK
from pos.catalog.csv_reading.cells import WrongCell
from pos.catalog.csv_reading.shown import (
    LONGEST_FORMAT,
    answer_shown,
    format_shown,
    index,
    number_shown,
    text_shown,
)
from pos.catalog.csv_reading.text import MAX_CELL, Record
from pos.catalog.csv_reading.types import unreadable
from pos.catalog.csv_reading.xml_parts import Attributes, Parts

MAX_LINE: Final = 1_048_576
MAX_COLUMN: Final = 256
MAX_TABS: Final = 100
MAX_STYLES: Final = 65_490
MAX_STRINGS: Final = 2_000_000
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_STRINGS: Final = "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"


def read_workbook(archive: zipfile.ZipFile) -> Iterator[tuple[str, Iterator[Record]]]:
    """Every tab by its name, with its records. Raises `FileUnreadable`."""
    book = _Book(archive)
    book.strings()
    book.formats()
    for name, part in book.tabs():
        yield name, _Tab(book).records(part)


class _Book:
    """The parts of a workbook beside its tabs."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.parts = Parts(archive)
        self.is_1904 = False
        self.texts: list[str] = []
        self.styles: list[str] = []

    def tabs(self) -> list[tuple[str, str]]:
        """Names and parts of the tabs, in order."""
        targets: dict[str, str] = {}
        tabs: list[tuple[str, str]] = []

        def relation(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        def sheet(name: str, attributes: Attributes) -> None:
            if name == "sheet":
                tabs.append((attributes.get("name", ""), attributes.get("id", "")))
                _at_most(MAX_TABS, len(tabs), "tabs")
            if name == "workbookPr":
                self.is_1904 = attributes.get("date1904", "0") in ("1", "true")

        self.parts.walk("xl/_rels/workbook.xml.rels", start=relation)
        self.parts.walk(WORKBOOK, start=sheet)
        found = [(name, _part(targets.get(key, ""))) for name, key in tabs]
        if len({part for _, part in found}) < len(found):
            raise unreadable("two tabs of the workbook are the same part; save it again")
        return found

    def strings(self) -> None:
        """Read the texts that cells share: each once, however many cells show it."""
        if _STRINGS not in self.parts.names:
            return
        state = _Text()

        def start(name: str, _attributes: Attributes) -> None:
            if name == "si":
                state.clear()
            state.enter(name)

        def end(name: str) -> None:
            state.leave(name)
            if name == "si":
                self.texts.append(text_shown(state.text))
                _at_most(MAX_STRINGS, len(self.texts), "texts")

        self.parts.walk(_STRINGS, start=start, end=end, text=state.add)

    def formats(self) -> None:
        """Read what the number format of each cell style does."""
        if _STYLES not in self.parts.names:
            return
        codes: dict[str, str] = {}
        keys: list[str] = []
        inside: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:LONGEST_FORMAT]
                _at_most(MAX_STYLES, len(codes), "number formats")
            if name == "xf" and inside and inside[-1] == "cellXfs":
                keys.append(attributes.get("numFmtId", "0"))
                _at_most(MAX_STYLES, len(keys), "styles")
            inside.append(name)

        self.parts.walk(_STYLES, start=start, end=lambda _name: inside.pop())
        shown = {key: format_shown(key, codes.get(key, "")) for key in keys}
        self.styles = [shown[key] for key in keys]


class _Text:
    """Gathers the text of `t` elements that is shown: not what says how it is pronounced."""

    def __init__(self) -> None:
        self.text = ""
        self._inside = False
        self._hidden = 0

    def clear(self) -> None:
        self.text = ""

    def enter(self, name: str) -> None:
        self._hidden += name == "rPh"
        self._inside = name == "t" and not self._hidden

    def leave(self, name: str) -> None:
        self._hidden -= name == "rPh"
        self._inside = False

    def add(self, text: str) -> None:
        if self._inside and len(self.text) <= MAX_CELL:
            self.text += text


class _Tab:
    """Reads the rows of one tab."""

    def __init__(self, book: _Book) -> None:
        self.book = book
        self.done: list[Record] = []
        self.line, self.column = 0, 0
        self.cells: dict[int, str] = {}
        self.attributes: Attributes = {}
        self.value, self.inside, self.formula = "", "", False
        self.inline = _Text()

    def records(self, part: str) -> Iterator[Record]:
        """The rows with anything in them, as their lines end. Raises `FileUnreadable`."""
        for _ in self.book.parts.steps(part, start=self.start, end=self.end, text=self.text):
            yield from self.done
            self.done.clear()

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self.attributes, self.value, self.formula = attributes, "", False
            self.inline.clear()
            self.column = _column(attributes.get("r", ""), self.column)
        elif name == "row":
            self.line = _line(attributes.get("r", ""), self.line)
            self.column = 0
            self.cells = {}
        elif name == "f":
            self.formula = True
        self.inside = name
        self.inline.enter(name)

    def text(self, text: str) -> None:
        if self.inside in ("v", "f") and len(self.value) <= MAX_CELL:
            self.value += text
        self.inline.add(text)

    def end(self, name: str) -> None:
        self.inline.leave(name)
        self.inside = ""
        if name == "c":
            shown = self._shown()
            if shown:
                self.cells[self.column] = shown
        elif name == "row" and self.cells:
            self.done.append(Record(self.line, self._list()))

    def _list(self) -> list[str]:
        last = max(self.cells)
        if last > MAX_COLUMN:
            stray = WrongCell(self.cells[last], f"stands beyond column {MAX_COLUMN}")
            self.cells = {place: cell for place, cell in self.cells.items() if place <= MAX_COLUMN}
            self.cells[MAX_COLUMN + 1] = stray
            last = MAX_COLUMN + 1
        return [self.cells.get(place, "") for place in range(1, last + 1)]

    def _shown(self) -> str:
        """The cell as a person sees it; what is no plain value is told when its column is read."""
        kind = self.attributes.get("t", "n")
        if self.formula:
            return WrongCell(f"={self.value}", "is a formula; copy the column and paste its values only")
        if kind == "e":
            return WrongCell(self.value, "is an error of the spreadsheet")
        if kind == "b":
            return answer_shown(self.value)
        if kind == "s":
            return self._shared()
        if kind in ("inlineStr", "str", "d"):
            return text_shown(self.inline.text if kind == "inlineStr" else self.value)
        return self._number() if self.value.strip() else ""

    def _shared(self) -> str:
        place = index(self.value)
        if not 0 <= place < len(self.book.texts):
            return WrongCell(self.value[:80], "is a text that the workbook does not have")
        return self.book.texts[place]

    def _number(self) -> str:
        style = index(self.attributes.get("s", ""))
        how = self.book.styles[style] if 0 <= style < len(self.book.styles) else ""
        return number_shown(self.value, how, is_1904=self.book.is_1904)


def _at_most(most: int, count: int, what: str) -> None:
    if count > most:
        raise unreadable(f"the workbook has more than {most} {what}; divide it")


def _part(target: str) -> str:
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return posixpath.normpath(path)


def _line(reference: str, before: int) -> int:
    line = index(reference) if reference else before + 1
    if not before < line <= MAX_LINE:
        raise unreadable("the workbook's rows are not numbered upwards; save it again")
    return line


def _column(reference: str, before: int) -> int:
    match = _REFERENCE.fullmatch(reference) if reference else None
    if match is None:
        return before + 1
    place = 0
    for letter in match[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place
