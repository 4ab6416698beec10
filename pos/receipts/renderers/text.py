"""A paper as plain text of a fixed width, for paper, terminals and e-mail: the same paper, the same text. Pure."""

from collections.abc import Iterator
from typing import Final

from pos.receipts.document import ReceiptDocument
from pos.receipts.renderers.blocks import Link, Paper, Picture
from pos.receipts.renderers.layout import TextLine, laid_out, wrapped
from pos.receipts.renderers.receipt_blocks import receipt_paper

MEDIA_TYPE: Final = "text/plain"
DEFAULT_WIDTH: Final = 42
"""Columns of 80 mm paper in the usual font; 58 mm paper has 32."""


def render_text(*, document: ReceiptDocument, width: int = DEFAULT_WIDTH) -> str:
    """The receipt in lines of at most `width` columns, each ended by a line feed.

    Contains no control character but the line feed, whatever stands in names. Raises ValueError for a width
    below 24 columns.
    """
    return render_paper(paper=receipt_paper(document), width=width)


def render_paper(*, paper: Paper, width: int = DEFAULT_WIDTH) -> str:
    """Any paper in such lines; a link is its address, pictures are left out."""
    return "".join(f"{line}\n" for line in _lines(paper, width))


def _lines(paper: Paper, width: int) -> Iterator[str]:
    for piece in laid_out(paper=paper, width=width):
        match piece:
            case TextLine():
                yield piece.plain()
            case Link():
                yield ""
                yield from wrapped(text=piece.caption, width=width)
                if piece.is_address:
                    yield piece.url
            case Picture():
                continue
