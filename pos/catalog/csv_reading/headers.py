"""The header: which sheet a table is, which column is where, under the names merchants and their files use."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from pos.catalog.csv_reading.text import Record, records
from pos.catalog.csv_reading.types import RowProblem, unreadable
from pos.catalog.sheets.columns import Sheet
from pos.catalog.sheets.declared import BY_NAME, ITEMS, SHEETS

DELIMITERS = (";", ",", "\t")

_SEPARATOR_LINE = re.compile(r"sep=.", re.IGNORECASE)
_SAMPLE = 64 * 1024
_MAX_COLUMNS = 200
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands, in which line the header was, and what is wrong with it.

    `nameless` are the places without a title: nothing may stand below them.
    """

    sheet: Sheet
    delimiter: str
    line: int
    width: int
    places: dict[str, int]
    nameless: tuple[int, ...]
    problems: tuple[RowProblem, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every needed column is there, so that rows can be read at all."""
        return all(name in self.places for name in self.sheet.required)


def read_header(*, text: str, delimiter: str, sheet: Sheet | None = None) -> Header:
    """The header of a CSV file; `delimiter` is a character or `auto`. Raises `FileUnreadable` if there is none.

    `sheet` None: the sheet whose columns it names most of.
    """
    sample = text[:_SAMPLE]
    candidates = DELIMITERS if delimiter == "auto" else (delimiter,)
    firsts = [(mark, _first_record(text=sample, delimiter=mark)) for mark in candidates]
    found, mark, record = max(
        ((_likeness(record, sheet), mark, record) for mark, record in firsts), key=lambda one: one[0]
    )
    if not found[0] or record is None:
        columns = (sheet or ITEMS).names
        line, given = (record.line, mark.join(record.cells)[:80]) if record else (1, sample[:80])
        reason = f"the first line names no known column; the columns are {', '.join(columns)}"
        raise unreadable(reason, line=line, given=given)
    return header_of(record=record, delimiter=mark, sheet=sheet or sheet_of(record.cells))


def header_of(*, record: Record, delimiter: str, sheet: Sheet) -> Header:
    """The header that a record is. Raises `FileUnreadable` for one of very many cells."""
    if len(record.cells) > _MAX_COLUMNS:
        reason = f"the first line has {len(record.cells)} cells; at most {_MAX_COLUMNS} columns are read"
        raise unreadable(reason, line=record.line)
    places: dict[str, int] = {}
    problems: list[RowProblem] = []
    for place, title in enumerate(record.cells):
        name = known_titles(sheet).get(column_name(title))
        if name is None:
            reason = _unknown_reason(title, sheet)
        elif name in places:
            reason = f"the column {name} is here twice: {record.cells[places[name]]!r} and {title!r}"
        else:
            places[name] = place
            continue
        if title.strip():
            shown = title[:_LONGEST_TITLE]
            column = title.strip()[:_LONGEST_TITLE]
            problems.append(RowProblem(line=record.line, column=column, reason=reason, given=shown))
    problems += [
        RowProblem(line=record.line, column=name, reason="this column is needed but missing", given="")
        for name in sheet.required
        if name not in places
    ]
    nameless = tuple(place for place, title in enumerate(record.cells) if not title.strip())
    return Header(sheet, delimiter, record.line, len(record.cells), places, nameless, tuple(problems))


def sheet_of(titles: Sequence[str]) -> Sheet:
    """The sheet whose columns a header names most of; of equal ones a complete one, then the first."""
    return max(SHEETS, key=lambda sheet: (*_likeness_to(sheet, titles), sheet is ITEMS))


def named_sheet(name: str) -> Sheet | None:
    """The sheet a file or a tab is called after: `Price lists.csv` is `price_lists`."""
    return BY_NAME.get(column_name(name))


def column_name(title: str) -> str:
    """A title as columns are compared: `Art.-Nr. ` and `art_nr` are one."""
    return re.sub(r"[\s._-]+", "_", title.strip().casefold()).strip("_")


@cache
def known_titles(sheet: Sheet) -> Mapping[str, str]:
    """Every title a column of the sheet is found under."""
    columns = sheet.columns
    aliases = {alias: column.name for column in columns for alias in column.aliases}
    return aliases | {column.name: column.name for column in columns}


def is_separator_line(cells: Sequence[str], delimiter: str) -> bool:
    """The line `sep=;` that spreadsheets write for each other."""
    return _SEPARATOR_LINE.fullmatch(delimiter.join(cells).strip()) is not None


def _first_record(*, text: str, delimiter: str) -> Record | None:
    for record in records(text=text, delimiter=delimiter):
        if isinstance(record, Record) and not is_separator_line(record.cells, delimiter):
            return record
    return None


def _likeness(record: Record | None, sheet: Sheet | None) -> tuple[int, bool]:
    if record is None:
        return 0, False
    return _likeness_to(sheet or sheet_of(record.cells), record.cells)


def _likeness_to(sheet: Sheet, titles: Sequence[str]) -> tuple[int, bool]:
    """How many of its columns are named, and whether all it needs are."""
    known = known_titles(sheet)
    found = {known[name] for name in map(column_name, titles) if name in known}
    return len(found), found.issuperset(sheet.required)


def _unknown_reason(title: str, sheet: Sheet) -> str:
    known = known_titles(sheet)
    near = get_close_matches(column_name(title)[:_LONGEST_TITLE], known, n=1)
    if near:
        return f"there is no such column; did you mean {known[near[0]]}?"
    return f"there is no such column; the columns are {', '.join(sheet.names)}"
