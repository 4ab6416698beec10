"""Every format by name. To add one: a module beside these, and a line here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from payments.ledger.entries import Entry
from payments.ledger.exports import datev, fec, generic_csv, quickbooks, xero
from payments.ledger.exports.base import ExportFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: its lines, its file, and why some books cannot be written in it."""

    lines: Callable[[Iterable[Entry], ExportFacts], Iterator[str]]
    filename: Callable[[ExportFacts], str]
    encoding: str
    media_type: str
    problem: Callable[[ExportFacts], str | None] = lambda _facts: None
    as_recorded: bool = False


FORMATS: Final[Mapping[str, Format]] = {
    "csv": Format(
        lines=generic_csv.lines,
        filename=generic_csv.filename,
        encoding=generic_csv.ENCODING,
        media_type="text/csv; charset=utf-8",
    ),
    "datev": Format(
        lines=datev.lines,
        filename=datev.filename,
        encoding=datev.ENCODING,
        media_type="text/csv; charset=windows-1252",
        problem=datev.problem,
    ),
    "fec": Format(
        lines=fec.lines,
        filename=fec.filename,
        encoding=fec.ENCODING,
        media_type="text/plain; charset=iso-8859-15",
        problem=fec.problem,
        as_recorded=True,
    ),
    "quickbooks": Format(
        lines=quickbooks.lines,
        filename=quickbooks.filename,
        encoding=quickbooks.ENCODING,
        media_type="text/plain; charset=windows-1252",
    ),
    "xero": Format(
        lines=xero.lines,
        filename=xero.filename,
        encoding=xero.ENCODING,
        media_type="text/csv; charset=utf-8",
    ),
}
