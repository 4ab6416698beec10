"""A statement as PDF, A4: head, one line per entry with the balance after it, as many pages as it needs. Pure.

The same statement is the same bytes. What the font cannot show is a box (`fynlo.core.typefaces`).
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from fynlo.core import typefaces
from fynlo.core.money import Money, format_money
from payments.credit.statements import CHARGE, PAYMENT, REFUND, Statement

MEDIA_TYPE: Final = "application/pdf"
MARGIN: Final = 48.0
LINE: Final = 15.0
SIZE: Final = 9.0
TITLE: Final = 15.0
ROWS: Final = 42
"""Lines on a page below its head."""
_WORDS: Final = {CHARGE: "Charge", PAYMENT: "Payment", REFUND: "Refund"}


@dataclass(frozen=True, slots=True)
class _Row:
    """Date, what it was, amount, balance."""

    date: str
    what: str
    amount: str
    balance: str
    is_bold: bool = False


def render_pdf(*, statement: Statement, merchant: str) -> bytes:
    """The whole statement."""
    rows = list(_rows(statement))
    pages = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    out = io.BytesIO()
    with typefaces.drawing():
        canvas = Canvas(out, pagesize=A4, invariant=1)
        canvas.setTitle(f"Statement {typefaces.shown(statement.code)}")
        canvas.setAuthor(typefaces.shown(merchant))
        canvas.setProducer("Fynlo")
        for number, page in enumerate(pages, start=1):
            _draw(canvas, statement, merchant, page, number, len(pages))
            canvas.showPage()
        canvas.save()
    return out.getvalue()


def _rows(statement: Statement) -> Iterator[_Row]:
    def amount(minor: int) -> str:
        return format_money(Money(minor, statement.currency))

    yield _Row(
        statement.first.isoformat(), "Balance before", "", amount(statement.opening_minor), is_bold=True
    )
    for line in statement.lines:
        entry = line.entry
        words = [_WORDS[entry.kind], entry.tender, entry.reference]
        yield _Row(
            entry.business_date.isoformat(),
            " · ".join(word for word in words if word),
            amount(entry.amount_minor),
            amount(line.balance_minor),
        )
    yield _Row("", "Charged", amount(statement.charged_minor), "")
    yield _Row("", "Paid", amount(-statement.paid_minor), "")
    yield _Row(statement.last.isoformat(), "To pay", "", amount(statement.closing_minor), is_bold=True)


def _draw(
    canvas: Canvas, statement: Statement, merchant: str, rows: Sequence[_Row], number: int, count: int
) -> None:
    width, height = A4
    top = height - MARGIN - TITLE
    _left(canvas, MARGIN, top, f"Statement of account {statement.code}", typefaces.BOLD, TITLE, width)
    head = [merchant, statement.name, statement.contact, f"{statement.first} – {statement.last}"]
    for text in [each for each in head if each]:
        top -= LINE
        _left(canvas, MARGIN, top, text, typefaces.REGULAR, SIZE, width - 2 * MARGIN)
    top -= LINE / 2
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, top, width - MARGIN, top)
    for row in rows:
        top -= LINE
        font = typefaces.BOLD if row.is_bold else typefaces.REGULAR
        _left(canvas, MARGIN, top, row.date, font, SIZE, 70)
        _left(canvas, MARGIN + 75, top, row.what, font, SIZE, width - 2 * MARGIN - 245)
        _right(canvas, width - MARGIN - 85, top, row.amount, font)
        _right(canvas, width - MARGIN, top, row.balance, font)
    foot = f"{statement.currency} · {number} / {count}"
    _right(canvas, width - MARGIN, MARGIN / 2, foot, typefaces.REGULAR)


def _left(canvas: Canvas, x: float, y: float, text: str, font: str, size: float, room: float) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x, y, typefaces.cropped(typefaces.shown(text), font=font, size=size, room=room))


def _right(canvas: Canvas, x: float, y: float, text: str, font: str) -> None:
    canvas.setFont(font, SIZE)
    canvas.drawRightString(x, y, text)
