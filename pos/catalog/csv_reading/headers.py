"""The header: which delimiter, which column is where, under the names merchants and their files use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pos.catalog.csv_reading.text import Record, records
from pos.catalog.csv_reading.types import FileUnreadable, RowProblem

REQUIRED = ("category", "item", "sku", "price", "tax_class")
OPTIONAL = ("variant", "barcode", "unit", "active", "description", "opening_stock")
COLUMNS = (*REQUIRED, *OPTIONAL)

ALIASES = {
    "category": ("kategorie", "warengruppe", "catégorie", "department", "group"),
    "item": ("artikel", "artikelname", "produkt", "product", "produit", "article", "name", "bezeichnung"),
    "variant": ("variante", "option", "size", "größe", "taille"),
    "sku": ("artikelnummer", "art_nr", "référence", "reference", "ref", "item_code", "product_code"),
    "barcode": ("barcodes", "ean", "gtin", "upc", "strichcode", "code_barres", "code_barre"),
    "price": ("preis", "verkaufspreis", "vk", "prix", "prix_ttc", "retail_price", "unit_price"),
    "tax_class": ("tax", "vat", "steuer", "steuerklasse", "mwst", "ust", "tva", "taxe"),
    "unit": ("einheit", "unité", "unite", "sold_by"),
    "active": ("aktiv", "actif", "enabled", "is_active"),
    "description": ("beschreibung", "details", "notes"),
    "opening_stock": ("stock", "bestand", "anfangsbestand", "quantity_on_hand", "stock_initial"),
}
DELIMITERS = (";", ",", "\t")

_KNOWN = {name: name for name in COLUMNS} | {
    alias: name for name, aliases in ALIASES.items() for alias in aliases
}
_SEPARATOR_LINE = re.compile(r"sep=.", re.IGNORECASE)
_SAMPLE = 64 * 1024
_MAX_COLUMNS = 200
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands, in which line the header was, and what is wrong with it.

    `nameless` are the places without a title: nothing may stand below them.
    """

    delimiter: str
    line: int
    width: int
    places: dict[str, int]
    nameless: tuple[int, ...]
    problems: tuple[RowProblem, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every needed column is there, so that rows can be read at all."""
        return all(name in self.places for name in REQUIRED)


def read_header(*, text: str, delimiter: str) -> Header:
    """The header of a file; `delimiter` is a character or `auto`. Raises `FileUnreadable` if there is none."""
    sample = text[:_SAMPLE]
    candidates = DELIMITERS if delimiter == "auto" else (delimiter,)
    firsts = [(mark, _first_record(text=sample, delimiter=mark)) for mark in candidates]
    found, mark, record = max(
        ((_known_count(record), mark, record) for mark, record in firsts), key=lambda one: one[0]
    )
    if not found or record is None:
        reason = f"the first line names no known column; the columns are {', '.join(COLUMNS)}"
        line, given = (record.line, mark.join(record.cells)[:80]) if record else (1, sample[:80])
        raise FileUnreadable(RowProblem(line=line, column="", reason=reason, given=given))
    if len(record.cells) > _MAX_COLUMNS:
        reason = f"the first line has {len(record.cells)} cells; at most {_MAX_COLUMNS} columns are read"
        raise FileUnreadable(RowProblem(line=record.line, column="", reason=reason, given=""))
    return _header(delimiter=mark, record=record)


def column_name(title: str) -> str:
    """A title as columns are compared: `Art.-Nr. ` and `art_nr` are one."""
    return re.sub(r"[\s._-]+", "_", title.strip().casefold()).strip("_")


def _header(*, delimiter: str, record: Record) -> Header:
    places: dict[str, int] = {}
    problems: list[RowProblem] = []
    for place, title in enumerate(record.cells):
        name = _KNOWN.get(column_name(title))
        if name is None:
            reason = _unknown_reason(title)
        elif name in places:
            reason = f"the column {name} is here twice: {record.cells[places[name]]!r} and {title!r}"
        else:
            places[name] = place
            continue
        if title.strip():
            problems.append(
                RowProblem(
                    line=record.line,
                    column=title.strip()[:_LONGEST_TITLE],
                    reason=reason,
                    given=title[:_LONGEST_TITLE],
                )
            )
    missing = [name for name in REQUIRED if name not in places]
    problems += [
        RowProblem(line=record.line, column=name, reason="this column is needed but missing", given="")
        for name in missing
    ]
    nameless = tuple(place for place, title in enumerate(record.cells) if not title.strip())
    return Header(delimiter, record.line, len(record.cells), places, nameless, tuple(problems))


def _first_record(*, text: str, delimiter: str) -> Record | None:
    """The first row with anything in it, past the `sep=;` line that spreadsheets write for each other."""
    for record in records(text=text, delimiter=delimiter):
        if isinstance(record, Record) and not _SEPARATOR_LINE.fullmatch(delimiter.join(record.cells).strip()):
            return record
    return None


def _known_count(record: Record | None) -> int:
    titles: Sequence[str] = record.cells if record else ()
    return len({column_name(title) for title in titles} & _KNOWN.keys())


def _unknown_reason(title: str) -> str:
    near = get_close_matches(column_name(title)[:_LONGEST_TITLE], _KNOWN, n=1)
    if near:
        meant = _KNOWN[near[0]]
        return f"there is no such column; did you mean {meant}?"
    return f"there is no such column; the columns are {', '.join(COLUMNS)}"
