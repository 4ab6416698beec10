"""A paper to a supplier as a CSV file (RFC 4180) that a program reads: the same columns whatever the language.

UTF-8 with its mark, every cell in quotes; points in numbers, amounts in major units. What a spreadsheet would
calculate is written so that it does not (`pos.catalog.exporting`). Pure.
"""

import io
from collections.abc import Iterator
from typing import Final

from fynlo.core.characters import printable
from fynlo.core.money import Money, format_money
from pos.catalog.exporting.rows import guarded
from pos.catalog.exporting.writers import write_csv
from pos.pricing.decimals import plain_decimal
from pos.purchasing.documents import DocumentAmount, PurchaseDocument, PurchaseDocumentLine
from pos.purchasing.renderers.words import exact_major

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
COLUMNS: Final = (
    "document",
    "number",
    "date",
    "deliver_on",
    "supplier",
    "customer_number",
    "row",
    "supplier_code",
    "sku",
    "description",
    "packs",
    "pack",
    "pack_size",
    "unit",
    "quantity",
    "pack_price",
    "amount",
    "currency",
    "note",
)


def render_csv(*, document: PurchaseDocument) -> bytes:
    """One row for each line (`row` is its number) and one for each amount beside them (`row` is empty)."""
    out = io.BytesIO()
    write_csv(out, (document.number, COLUMNS, _rows(document)))
    return out.getvalue()


def _rows(document: PurchaseDocument) -> Iterator[list[str]]:
    head = [
        document.kind,
        _text(document.number),
        document.written_on.isoformat(),
        document.deliver_on.isoformat() if document.deliver_on else "",
        _text(document.supplier.name),
        _text(document.customer_number),
    ]
    for number, line in enumerate(document.lines, start=1):
        yield [*head, str(number), *_line(line, document.currency)]
    for extra in document.extras:
        yield [*head, "", *_extra(extra, document.currency)]


def _line(line: PurchaseDocumentLine, currency: str) -> list[str]:
    price, amount = line.pack_price_minor, line.amount_minor
    return [
        _text(line.supplier_code),
        _text(line.sku),
        _text(line.description),
        plain_decimal(line.packs),
        _text(line.pack_name),
        plain_decimal(line.pack_size),
        _text(line.unit),
        plain_decimal(line.quantity),
        "" if price is None else exact_major(price, currency),
        "" if amount is None else format_money(Money(amount, currency)),
        currency,
        _text(line.note),
    ]


def _extra(extra: DocumentAmount, currency: str) -> list[str]:
    amount = format_money(Money(extra.amount_minor, currency))
    return ["", "", _text(extra.name), "", "", "", "", "", "", amount, currency, ""]


def _text(text: str) -> str:
    """One printable line that no spreadsheet calculates."""
    return guarded(printable(text))
