"""Labels as PDF: on sheets, from any label of the first one on, or one to a page of a roll. Pure."""

import io
from collections.abc import Sequence
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from fynlo.core import typefaces
from pos.labels.content import Copies
from pos.labels.errors import numbered
from pos.labels.formats import LabelFormat
from pos.labels.renderers.layout import POINT, Layout, laid_out

MEDIA_TYPE: Final = "application/pdf"


def render_pdf(*, labels: Sequence[Copies], on: LabelFormat, start: int = 1) -> bytes:
    """Pages with the labels, row by row from the `start`-th place of the first page (1 is the first) on.

    Each label is stored once, however many copies there are. Raises `DoesNotFit`, and ValueError for a place
    that the sheet does not have.
    """
    if not 1 <= start <= on.per_page:
        raise ValueError(f"the sheet has places 1 to {on.per_page}")
    layouts = [_laid_out(number, label, on) for number, label in enumerate(labels)]
    out = io.BytesIO()
    with typefaces.drawing():
        size = float(on.page_width) / POINT, float(on.page_height) / POINT
        canvas = Canvas(out, pagesize=size, invariant=1)
        canvas.setTitle("Labels")
        canvas.setProducer("Fynlo")
        for number, layout in enumerate(layouts):
            _define(canvas, f"label{number}", layout, on)
        _place(canvas, labels, on, start)
        canvas.save()
    return out.getvalue()


def _laid_out(number: int, label: Copies, on: LabelFormat) -> Layout:
    """Outside of `drawing`, since a QR code takes its time and others want to draw."""
    with numbered(number):
        return laid_out(label.content, width=float(on.width), height=float(on.height))


def _place(canvas: Canvas, labels: Sequence[Copies], on: LabelFormat, start: int) -> None:
    place = start - 1
    for number, label in enumerate(labels):
        for _ in range(label.count):
            if place == on.per_page:
                canvas.showPage()
                place = 0
            x, y = on.corner(place)
            bottom = on.page_height - y - on.height
            canvas.saveState()
            canvas.translate(float(x) / POINT, float(bottom) / POINT)
            canvas.doForm(f"label{number}")
            canvas.restoreState()
            place += 1
    canvas.showPage()


def _define(canvas: Canvas, name: str, layout: Layout, on: LabelFormat) -> None:
    """One label; nothing of it is drawn outside its edges."""
    width, height = float(on.width) / POINT, float(on.height) / POINT
    canvas.beginForm(name, 0, 0, width, height)
    edge = canvas.beginPath()
    edge.rect(0, 0, width, height)
    canvas.clipPath(edge, stroke=0, fill=0)
    canvas.setFillGray(0)
    for box in layout.boxes:
        bottom = height - (box.y + box.height) / POINT
        canvas.rect(box.x / POINT, bottom, box.width / POINT, box.height / POINT, stroke=0, fill=1)
    draws = {
        "left": canvas.drawString,
        "middle": canvas.drawCentredString,
        "right": canvas.drawRightString,
    }
    for text in layout.texts:
        canvas.setFont(text.font, text.size)
        draws[text.anchor](text.x / POINT, height - text.y / POINT, text.text)
    canvas.endForm()
