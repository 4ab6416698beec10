"""A paper to a supplier as PDF: as many pages as it needs, each with its head, the columns' titles and its number.

The same document is the same bytes. Texts are cleaned and cropped to their places here; what the font cannot show
is a box (`fynlo.core.typefaces`). Pure.
"""

import io
from typing import Final

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

from fynlo.core import typefaces
from pos.purchasing.documents import PurchaseDocument
from pos.purchasing.renderers.pdf_heads import head_strips, running_strips
from pos.purchasing.renderers.pdf_rows import Columns, row_block, sum_block, title_strip
from pos.purchasing.renderers.sheet_layout import SMALL, Block, Page, Strip, Words, filled, text_strips
from pos.purchasing.renderers.words import Words as Language
from pos.purchasing.renderers.words import words_for

MEDIA_TYPE: Final = "application/pdf"
MARGIN: Final = 48.0
FOOT: Final = 30.0
"""Points at the bottom of the body for the page's number."""
_PAPERS: Final = {"a4": A4, "letter": LETTER}
_GAP: Final = 10.0


def render_pdf(*, document: PurchaseDocument) -> bytes:
    """The whole paper. Raises KeyError for a paper size or a kind that is not known."""
    return _Paper(document).drawn()


class _Paper:
    """One document on its pages."""

    def __init__(self, document: PurchaseDocument) -> None:
        self.document = document
        self.language: Language = words_for(document.language)
        self.size: tuple[float, float] = _PAPERS[document.paper]
        self.width = self.size[0] - 2 * MARGIN
        self.height = self.size[1] - 2 * MARGIN - FOOT
        self.columns = Columns.of(self.width)

    def drawn(self) -> bytes:
        out = io.BytesIO()
        with typefaces.drawing():
            pages = self.pages()
            canvas = Canvas(out, pagesize=self.size, invariant=1)
            canvas.setTitle(f"{self.title} {typefaces.shown(self.document.number)}")
            canvas.setAuthor(typefaces.shown(self.document.merchant.name))
            canvas.setProducer("Fynlo")
            for number, page in enumerate(pages, start=1):
                self.draw(canvas, page, number, len(pages))
                canvas.showPage()
            canvas.save()
        return out.getvalue()

    @property
    def title(self) -> str:
        return self.language.titles[self.document.kind]

    def pages(self) -> list[Page]:
        blocks: list[tuple[Block, bool]] = [
            (row_block(number, line, self.columns, self.language, self.document.currency), True)
            for number, line in enumerate(self.document.lines, start=1)
        ]
        if self.document.has_prices or self.document.extras:
            blocks.append((sum_block(self.document, self.columns, self.language), False))
        if self.document.note:
            title = Words(x=0, text=self.language.note, font=typefaces.BOLD)
            strips = text_strips(self.document.note, room=self.width)
            blocks.append(
                (Block(strips=(Strip(height=_GAP), Strip(height=_GAP, words=(title,)), *strips)), False)
            )
        return filled(
            blocks,
            first_room=self.height - sum(strip.height for strip in self.first()),
            room=self.height - sum(strip.height for strip in self.later()),
            titles=title_strip(self.columns, self.language, self.document.currency).height,
        )

    def first(self) -> tuple[Strip, ...]:
        return head_strips(self.document, self.language, self.width)

    def later(self) -> tuple[Strip, ...]:
        return running_strips(self.document, self.language, self.width)

    def draw(self, canvas: Canvas, page: Page, number: int, count: int) -> None:
        strips = list(self.first() if number == 1 else self.later())
        if page.has_table:
            strips.append(title_strip(self.columns, self.language, self.document.currency))
        top = self.size[1] - MARGIN
        for strip in (*strips, *page.strips):
            self.draw_strip(canvas, strip, top)
            top -= strip.height
        text = self.language.page.format(number=number, count=count)
        place = Words(x=self.width, text=text, size=SMALL, is_right=True)
        self.draw_words(canvas, place, MARGIN)
        who = typefaces.shown(self.document.merchant.name)
        foot = typefaces.cropped(who, font=typefaces.REGULAR, size=SMALL, room=self.width * 0.7)
        self.draw_words(canvas, Words(x=0, text=foot, size=SMALL), MARGIN)

    def draw_strip(self, canvas: Canvas, strip: Strip, top: float) -> None:
        if strip.has_rule:
            canvas.setLineWidth(0.5)
            canvas.line(MARGIN, top, MARGIN + self.width, top)
        for words in strip.words:
            self.draw_words(canvas, words, top - words.size * 1.05)

    def draw_words(self, canvas: Canvas, words: Words, baseline: float) -> None:
        canvas.setFont(words.font, words.size)
        place = canvas.drawRightString if words.is_right else canvas.drawString
        place(MARGIN + words.x, baseline, words.text)
