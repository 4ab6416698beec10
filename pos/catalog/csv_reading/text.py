"""From bytes to text to records: which encoding, which line a record starts in, quotes that do not close."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from pos.catalog.csv_reading.types import FileUnreadable, RowProblem, unreadable

MAX_BYTES = 64 * 1024 * 1024
MAX_CELL = 32_767
"""Characters in one cell: as many as a workbook can hold."""

_OTHER_FORMATS = (
    (b"\xd0\xcf\x11\xe0", "this is an old Excel workbook; save it as XLSX or CSV first"),
    (b"%PDF", "this is a PDF, not a CSV file"),
    (b"\x1f\x8b", "this file is compressed; unpack it first"),
)
_UTF16_SAMPLE = 4096


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one row and the line it starts in; quoted line breaks make it span several."""

    line: int
    cells: list[str]


def decode(*, data: bytes, encoding: str) -> tuple[str, str]:
    """The text of a file and the encoding it was found in. Raises `FileUnreadable`.

    UTF-8 and UTF-16 are recognised by their mark or their form; what is neither is Windows-1252.
    """
    _refuse_other_formats(data)
    if encoding == "auto":
        encoding = _recognised(data)
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
    except UnicodeDecodeError as error:
        raise _undecodable(data=data, encoding=encoding, at=error.start) from None


def records(*, text: str, delimiter: str) -> Iterator[Record | RowProblem]:
    """The rows of a text, empty ones left out; a row whose quotes are wrong comes as its problem."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RowProblem(line=line, column="", reason=_quote_reason(str(error)), given="")
            continue
        if any(len(cell) > MAX_CELL for cell in cells):
            yield RowProblem(line=line, column="", reason=_quote_reason("field larger"), given="")
        elif any(cell.strip() for cell in cells):
            yield Record(line, cells)


def _refuse_other_formats(data: bytes) -> None:
    if not data.strip():
        raise unreadable("the file is empty")
    if len(data) > MAX_BYTES:
        raise unreadable(f"the file has {len(data)} bytes; at most {MAX_BYTES} are read")
    reason = next((reason for start, reason in _OTHER_FORMATS if data.startswith(start)), "")
    if reason:
        raise unreadable(reason)


def _recognised(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_UTF16_SAMPLE]
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if max(high, low) > len(sample) // 6:
        return "utf-16-be" if high > low else "utf-16-le"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8" if _is_mostly_utf8(data) else "cp1252"
    return "utf-8"


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether a damaged UTF-8 file would be misread as Windows-1252: `cafÃ©` instead of an error."""
    lenient = data.decode("utf-8", errors="replace")
    bad = lenient.count("\ufffd")
    good = sum(map("\x7f".__lt__, lenient)) - bad
    return good > bad


def _undecodable(*, data: bytes, encoding: str, at: int) -> FileUnreadable:
    name = {"cp1252": "Windows-1252"}.get(encoding, encoding.upper())
    given = data[at : at + 1].hex()
    line = data[:at].count(b"\n") + 1
    reason = f"the byte {given} is not {name}; save the file as UTF-8"
    return unreadable(reason, line=line)


def _quote_reason(message: str) -> str:
    if "field larger" in message:
        return f"a cell has more than {MAX_CELL} characters; is a closing quote missing?"
    if "expected after" in message:
        return 'text follows a closing quote; inside quoted text, a quote is written twice ("")'
    return "a quoted text begins here and does not end"
