"""A paper as an HTTP answer: as JSON, text, page, PDF or printer bytes, on the paper that was asked for."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse

from fynlo.api.errors import InvalidQuery
from fynlo.api.query import choice
from fynlo.api.renderers import dumps
from pos.receipts.document import ReceiptDocument
from pos.receipts.renderers import escpos, html, pdf, text
from pos.receipts.renderers.blocks import Paper
from pos.receipts.renderers.receipt_blocks import receipt_paper
from pos.receipts.renderers.sheet_blocks import sheet_paper
from pos.receipts.renderers.voucher_blocks import voucher_paper
from pos.receipts.sheets import SheetDocument
from pos.receipts.values import receipt_values, sheet_values
from pos.receipts.vouchers import VoucherDocument, voucher_values

FORMATS: Final = ("json", "text", "html", "pdf", "escpos")
WIDTHS: Final = {"58": 32, "80": text.DEFAULT_WIDTH}
"""Millimetres of paper and the columns on it."""
COLUMNS: Final = {"32": "58", "42": "80"}
Document = ReceiptDocument | SheetDocument | VoucherDocument
PARAMETERS: Final = frozenset({"format", "width", "columns"})


def answer(*, document: Document, query: Mapping[str, str]) -> HttpResponse:
    """The document in the `format` of the query (text unless said), on paper of its `width`.

    `columns` is an older way to say the width of text. A PDF is A4 unless it has a width. Raises `InvalidQuery`.
    """
    form, width = choice(query, "format", known=FORMATS) or "text", _width(query)
    if form == "json":
        return _answer(dumps(_values(document)), "application/json")
    paper = _paper(document)
    if form == "pdf":
        return _file(pdf.render_pdf(paper=paper, page=width or "a4"), pdf.MEDIA_TYPE, document.number, "pdf")
    if form == "html":
        return page(paper)
    if form == "escpos":
        data = escpos.render_escpos(paper=paper, profile=escpos.PROFILES[width or "80"])
        return _file(data, escpos.MEDIA_TYPE, document.number, "bin")
    made = text.render_paper(paper=paper, width=WIDTHS[width or "80"])
    return _answer(made.encode(), "text/plain; charset=utf-8")


def page(paper: Paper) -> HttpResponse:
    """The paper as a page that can do nothing and is found by nobody who does not have its address."""
    made = _answer(html.render_html(paper=paper).encode(), "text/html; charset=utf-8")
    made["Content-Security-Policy"] = html.POLICY
    made["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    made["Referrer-Policy"] = "no-referrer"
    return made


def _values(document: Document) -> dict[str, Any]:
    match document:
        case ReceiptDocument():
            return receipt_values(document)
        case SheetDocument():
            return sheet_values(document)
        case VoucherDocument():
            return voucher_values(document)


def _paper(document: Document) -> Paper:
    match document:
        case ReceiptDocument():
            return receipt_paper(document)
        case SheetDocument():
            return sheet_paper(document)
        case VoucherDocument():
            return voucher_paper(document)


def _width(query: Mapping[str, str]) -> str | None:
    width = choice(query, "width", known=WIDTHS)
    columns = choice(query, "columns", known=COLUMNS)
    if width is not None and columns is not None:
        raise InvalidQuery.of("columns", "invalid", "Say the width or the columns, not both.")
    return COLUMNS[columns] if columns is not None else width


def _file(data: bytes, media_type: str, name: str, ending: str) -> HttpResponse:
    made = _answer(data, media_type)
    plain = "".join(one if one.isascii() and (one.isalnum() or one == "-") else "_" for one in name)
    made["Content-Disposition"] = f'inline; filename="{plain or "receipt"}.{ending}"'
    return made


def _answer(data: bytes, media_type: str) -> HttpResponse:
    made = HttpResponse(data, content_type=media_type)
    made["X-Content-Type-Options"] = "nosniff"
    return made
