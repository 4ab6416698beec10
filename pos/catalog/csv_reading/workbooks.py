"""XLSX workbooks: tabs in, records out, cell by cell as they are shown. Formulas are never taken for values.

Numbers come with the fifteen digits a spreadsheet shows, so that 0.1 is `0.1`; dates as local times. The XML is
read as a stream, and a document type declaration, which could define entities, ends the reading.
"""

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final
from xml.parsers import expat

from pos.catalog.csv_reading.archives import WORKBOOK, unpack
from pos.catalog.csv_reading.cells import PlainNumber, WrongCell
from pos.catalog.csv_reading.text import MAX_CELL, Record
from pos.catalog.csv_reading.types import unreadable

MAX_LINE: Final = 1_048_576
MAX_COLUMN: Final = 256
_DIGITS: Final = 15
_BUILT_IN_DATES: Final = frozenset((*range(14, 23), *range(45, 48)))
_DATE_SIGNS: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ZEROS: Final = re.compile(r"0+")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EPOCHS: Final = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001  wall clock
_CHUNK: Final = 1 << 20

Attributes = dict[str, str]


def read_workbook(archive: zipfile.ZipFile) -> Iterator[tuple[str, Iterator[Record]]]:
    """Every tab by its name, with its records. Raises `FileUnreadable`."""
    book = _Book(archive)
    strings = book.strings()
    formats = book.formats()
    for name, part in book.tabs():
        yield name, _Tab(strings, formats, is_1904=book.is_1904).records(unpack(archive, part))


class _Book:
    """The parts of a workbook beside its tabs."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.is_1904 = False
        self.parts = set(archive.namelist())

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
            if name == "workbookPr":
                self.is_1904 = attributes.get("date1904", "0") in ("1", "true")

        parse(unpack(self.archive, "xl/_rels/workbook.xml.rels"), start=relation)
        parse(unpack(self.archive, WORKBOOK), start=sheet)
        return [(name, _part(targets.get(key, ""))) for name, key in tabs]

    def strings(self) -> list[str]:
        """The texts that cells share."""
        if "xl/sharedStrings.xml" not in self.parts:
            return []
        found: list[str] = []
        state = _Text()

        def start(name: str, _attributes: Attributes) -> None:
            if name == "si":
                state.clear()
            state.enter(name)

        def end(name: str) -> None:
            state.leave(name)
            if name == "si":
                found.append(state.text)

        parse(unpack(self.archive, "xl/sharedStrings.xml"), start=start, end=end, text=state.add)
        return found

    def formats(self) -> list[str]:
        """The number format of each cell style: `date`, zeros to fill up to, or nothing special."""
        if "xl/styles.xml" not in self.parts:
            return []
        codes: dict[str, str] = {}
        styles: list[str] = []
        inside: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            if name == "xf" and inside and inside[-1] == "cellXfs":
                styles.append(attributes.get("numFmtId", "0"))
            inside.append(name)

        parse(unpack(self.archive, "xl/styles.xml"), start=start, end=lambda _name: inside.pop())
        return [_format(key, codes.get(key, "")) for key in styles]


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

    def __init__(self, strings: list[str], formats: list[str], *, is_1904: bool) -> None:
        self.strings, self.formats, self.is_1904 = strings, formats, is_1904
        self.done: list[Record] = []
        self.line, self.column = 0, 0
        self.cells: dict[int, str] = {}
        self.attributes: Attributes = {}
        self.value, self.inside, self.formula = "", "", False
        self.inline = _Text()

    def records(self, data: bytes) -> Iterator[Record]:
        """The rows with anything in them, as their lines end."""
        for _ in _steps(data, start=self.start, end=self.end, text=self.text):
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
            return "yes" if self.value.strip() == "1" else "no"
        if kind in ("inlineStr", "s", "str", "d"):
            return self._text(kind)
        return self._number() if self.value.strip() else ""

    def _text(self, kind: str) -> str:
        if kind != "s":
            return _checked(self.inline.text if kind == "inlineStr" else self.value)
        place = int(self.value) if self.value.isascii() and self.value.isdigit() else -1
        if not 0 <= place < len(self.strings):
            return WrongCell(self.value, "is a text that the workbook does not have")
        return _checked(self.strings[place])

    def _number(self) -> str:
        style = self.attributes.get("s", "")
        how = self.formats[int(style)] if style.isdigit() and int(style) < len(self.formats) else ""
        try:
            number = Decimal(f"{float(self.value):.{_DIGITS}g}")
        except (ValueError, ArithmeticError):
            return WrongCell(self.value[:40], "is no number")
        if not number.is_finite() or abs(number) >= Decimal(10) ** _DIGITS:
            return WrongCell(
                self.value[:40], "is a number too large to be shown in full; format the column as text"
            )
        if how == "date":
            return _date(number, is_1904=self.is_1904)
        plain = f"{number.normalize():f}"
        return PlainNumber(plain.zfill(len(how)) if how else plain)


def parse(
    data: bytes,
    *,
    start: Callable[[str, Attributes], Any] | None = None,
    end: Callable[[str], Any] | None = None,
    text: Callable[[str], Any] | None = None,
) -> None:
    """Walk a whole XML part. Raises `FileUnreadable`."""
    for _ in _steps(data, start=start, end=end, text=text):
        pass


def _steps(
    data: bytes,
    *,
    start: Callable[[str, Attributes], Any] | None = None,
    end: Callable[[str], Any] | None = None,
    text: Callable[[str], Any] | None = None,
) -> Iterator[None]:
    """Walk an XML part a piece at a time, under local names."""

    def refuse(*_: Any) -> None:
        raise unreadable("the workbook declares a document type, which no spreadsheet does; it is not read")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    if start is not None:
        parser.StartElementHandler = lambda name, attributes: start(
            name.rsplit(" ", 1)[-1], {key.rsplit(" ", 1)[-1]: value for key, value in attributes.items()}
        )
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rsplit(" ", 1)[-1])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for begin in range(0, len(data), _CHUNK):
            parser.Parse(data[begin : begin + _CHUNK], False)  # noqa: FBT003
            yield
        parser.Parse(b"", True)  # noqa: FBT003
        yield
    except expat.ExpatError as error:
        raise unreadable(f"the workbook is damaged: {expat.errors.messages[error.code]}") from None


def _checked(text: str) -> str:
    if len(text) > MAX_CELL:
        return WrongCell(text[:80], f"has more than {MAX_CELL} characters")
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _part(target: str) -> str:
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return posixpath.normpath(path)


def _line(reference: str, before: int) -> int:
    if not reference:
        return before + 1
    if not reference.isascii() or not reference.isdigit() or not before < int(reference[:8]) <= MAX_LINE:
        raise unreadable("the workbook's rows are not numbered upwards; save it again")
    return int(reference)


def _column(reference: str, before: int) -> int:
    match = _REFERENCE.fullmatch(reference) if reference else None
    if match is None:
        return before + 1
    place = 0
    for letter in match[1]:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place


def _format(key: str, code: str) -> str:
    shown = _LITERAL.sub("", code.partition(";")[0])
    if (key.isdigit() and int(key) in _BUILT_IN_DATES and not code) or _DATE_SIGNS.search(shown):
        return "date"
    return code if _ZEROS.fullmatch(code) else ""


def _date(days: Decimal, *, is_1904: bool) -> str:
    if not 0 <= days < 2958466:  # noqa: PLR2004  the year 10000
        return WrongCell(str(days), "is no date")
    moment = _EPOCHS[is_1904] + dt.timedelta(seconds=round(days * 86400))
    return moment.isoformat(sep=" ", timespec="minutes" if moment.second == 0 else "seconds")
