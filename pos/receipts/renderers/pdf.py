"""A paper as PDF: on A4 pages, or as one piece off a roll. The same paper is the same bytes. Pure.

Text is drawn in the fonts that come with Fynlo, in every script; paper in a language that is read from the right is
a mirror image.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from fynlo.core import typefaces
from fynlo.core.characters import printable
from fynlo.core.typefaces.runs import runs, runs_width
from pos.receipts.renderers.blocks import Paper
from pos.receipts.renderers.pdf_layout import PageLayout, Side, Strip, Word
from pos.receipts.renderers.scripts import is_mirrored

MEDIA_TYPE: Final = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSize:
    """A page; `height` None: as long as the paper needs."""

    width: float
    height: float | None
    margin: float
    size: float


PAGES: Final[Mapping[str, PageSize]] = MappingProxyType(
    {
        "a4": PageSize(width=A4[0], height=A4[1], margin=22 * mm, size=10.0),
        "80": PageSize(width=80 * mm, height=None, margin=4 * mm, size=8.5),
        "58": PageSize(width=58 * mm, height=None, margin=3 * mm, size=7.5),
    }
)
_WIDEST: Final = 150 * mm
_OTHER: Final[dict[Side, Side]] = {"left": "right", "right": "left", "middle": "middle"}
_FRAME: Final = 2.0


def render_pdf(*, paper: Paper, page: str = "a4") -> bytes:
    """The whole paper. Raises KeyError for a page that is not known."""
    return _Pages(paper, PAGES[page]).drawn()


class _Pages:
    def __init__(self, paper: Paper, page: PageSize) -> None:
        self.paper, self.page = paper, page
        self.width = min(page.width - 2 * page.margin, _WIDEST)
        self.left = (page.width - self.width) / 2
        self.is_mirrored = is_mirrored(paper.language)

    def drawn(self) -> bytes:
        layout = PageLayout(width=self.width, size=self.page.size, mark_room=self.paper.mark_room)
        strips = list(layout.strips(self.paper))
        length = sum(strip.height for strip in strips) + 2 * self.page.margin
        height = length if self.page.height is None else self.page.height
        out = io.BytesIO()
        with typefaces.drawing():
            canvas = Canvas(out, pagesize=(self.page.width, height), invariant=1)
            canvas.setTitle(printable(self.paper.title))
            canvas.setProducer("Fynlo")
            top = height - self.page.margin
            for strip in strips:
                if top - strip.height < self.page.margin - 1:
                    canvas.showPage()
                    top = height - self.page.margin
                self.strip(canvas, strip, top)
                top -= strip.height
            canvas.showPage()
            canvas.save()
        return out.getvalue()

    def strip(self, canvas: Canvas, strip: Strip, top: float) -> None:
        if strip.has_rule:
            canvas.setLineWidth(0.5)
            canvas.setDash(2, 2)
            middle = top - strip.height / 2
            canvas.line(self.left, middle, self.left + self.width, middle)
            canvas.setDash()
        if strip.has_frame:
            canvas.setLineWidth(1)
            canvas.rect(self.left, top - strip.height + _FRAME, self.width, strip.height - _FRAME)
        for word in strip.words:
            self.word(canvas, word, top - self.page.size * 1.05)
        centre = self.left + (self.width - strip.size[0]) / 2
        if strip.picture:
            canvas.drawImage(_flat(strip.picture), centre, top - strip.size[1], *strip.size)
        if strip.squares:
            _squares(canvas, strip, centre, top - (strip.height - strip.size[1]) / 2)

    def word(self, canvas: Canvas, word: Word, baseline: float) -> None:
        size, side = self.page.size, _OTHER[word.side] if self.is_mirrored else word.side
        x = self.left + (self.width - word.x if self.is_mirrored else word.x)
        taken = runs_width(word.text, size=size, is_bold=word.is_bold)
        x -= {"left": 0.0, "middle": taken / 2, "right": taken}[side]
        for run in runs(word.text, is_bold=word.is_bold, is_mirrored=self.is_mirrored):
            canvas.setFont(run.font, size)
            canvas.drawString(x, baseline + run.rise * size, run.text)
            x += typefaces.width(run.text, font=run.font, size=size)


def _flat(content: bytes) -> ImageReader:
    """A logo on white: printers have no transparency."""
    with Image.open(io.BytesIO(content)) as source:
        picture = source.convert("RGBA")
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return ImageReader(Image.alpha_composite(white, picture).convert("RGB"))


def _squares(canvas: Canvas, strip: Strip, left: float, top: float) -> None:
    side = strip.size[0] / len(strip.squares)
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for y, row in enumerate(strip.squares):
        for x, is_dark in enumerate(row):
            if is_dark:
                path.rect(left + x * side, top - (y + 1) * side, side, side)
    canvas.drawPath(path, stroke=0, fill=1)
