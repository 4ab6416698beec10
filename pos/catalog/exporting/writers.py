"""The bytes of an export: CSV, a ZIP of CSV files, or an XLSX workbook. Nothing in them depends on the clock."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from pos.catalog.csv_reading.cells import PlainNumber

Table = tuple[str, Sequence[str], Iterable[Sequence[str]]]
"""A sheet: its name, its titles, its rows."""

_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)
_PERMISSIONS: Final = 0o644 << 16
_CHUNK: Final = 1 << 16
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLAIN: Final = 'fontId="0" fillId="0" borderId="0"'
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf numFmtId="0" {_PLAIN}/></cellStyleXfs>'
    f'<cellXfs count="2"><xf numFmtId="0" {_PLAIN} xfId="0"/>'
    f'<xf numFmtId="49" {_PLAIN} xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
"""Style 1 is text (format 49), so that a spreadsheet does not make numbers of codes that are typed over."""


def write_csv(out: BinaryIO, table: Table) -> None:
    """One sheet: UTF-8 with its mark, comma, every cell in quotes, lines end as RFC 4180 says."""
    _, titles, rows = table
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(titles)
    writer.writerows(rows)
    text.flush()
    text.detach()


def write_zip(out: BinaryIO, tables: Iterable[Table]) -> None:
    """A CSV file for each sheet."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            with _entry(archive, f"{table[0]}.csv") as entry:
                write_csv(entry, table)


def write_workbook(out: BinaryIO, tables: Iterable[Table]) -> None:
    """A tab for each sheet. Cells are texts or numbers, said explicitly; there is no formula anywhere."""
    names: list[str] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, titles, rows) in enumerate(tables, start=1):
            names.append(name)
            with _entry(archive, f"xl/worksheets/sheet{number}.xml") as entry:
                for chunk in _chunks(_tab(titles, rows)):
                    entry.write(chunk)
        for path, text in _frame(names):
            with _entry(archive, path) as entry:
                entry.write(text.encode())


@contextmanager
def _entry(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    info = zipfile.ZipInfo(name, date_time=_BEGINNING)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system, info.external_attr = 3, _PERMISSIONS
    with archive.open(info, "w", force_zip64=True) as entry:
        yield entry  # type: ignore[misc]


def _tab(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    yield "<sheetData>"
    letters = [_letters(place) for place in range(1, len(titles) + 1)]
    yield _row(1, titles, letters)
    for line, row in enumerate(rows, start=2):
        yield _row(line, row, letters)
    yield "</sheetData></worksheet>"


def _row(line: int, cells: Sequence[str], letters: Sequence[str]) -> str:
    made = "".join(
        _cell(f"{letter}{line}", cell) for letter, cell in zip(letters, cells, strict=True) if cell
    )
    return f'<row r="{line}">{made}</row>'


def _cell(place: str, cell: str) -> str:
    if isinstance(cell, PlainNumber):
        return f'<c r="{place}"><v>{cell}</v></c>'
    text = escape(cell.replace("_x", "_x005F_x"))
    return f'<c r="{place}" s="1" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(place: int) -> str:
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    gathered, size = [], 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What makes tabs a workbook."""
    numbers = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{overrides}</Types>'
        ),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    tabs = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{tabs}</sheets></workbook>',
    )
    parts = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'
