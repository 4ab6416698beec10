"""Blocks on paper of a fixed number of columns: lines of texts at their places. Pure.

The same lines become plain text and printer bytes; a printer draws those that it has no letters for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fynlo.core.characters import columns, graphemes, printable
from pos.receipts.renderers.blocks import (
    Block,
    Gap,
    Grid,
    Heading,
    Link,
    Pair,
    Paper,
    Paragraph,
    Picture,
    Rule,
    Watermark,
)

INDENT: Final = 2
NARROWEST: Final = 24
Side = Literal["left", "right", "middle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A text in the columns from `start` up to `end`, at one side of them or in the middle."""

    start: int
    end: int
    text: str
    side: Side = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """One line of paper."""

    texts: tuple[Placed, ...] = ()
    is_bold: bool = False
    is_rule: bool = False

    def plain(self) -> str:
        """The line as text, without blanks at its end."""
        made, at = "", 0
        for placed in self.texts:
            spare = max(0, placed.end - placed.start - columns(placed.text))
            before = {"left": 0, "right": spare, "middle": spare // 2}[placed.side]
            made += " " * (placed.start + before - at) + placed.text
            at = columns(made)
        return made.rstrip()


Piece = TextLine | Picture | Link


def laid_out(*, paper: Paper, width: int) -> Iterator[Piece]:
    """The paper in lines of `width` columns; pictures and links as they are. Raises ValueError below 24."""
    if width < NARROWEST:
        raise ValueError(f"a receipt needs {NARROWEST} columns, not {width}")
    made = _Layout(width=width, mark_room=paper.mark_room)
    for block in paper.blocks:
        yield from made.pieces(block)


def wrapped(*, text: str, width: int) -> list[str]:
    """The words of a text in lines of at most `width` columns; a longer word is divided between graphemes."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text=printable(text), width=width):
        joined = f"{line} {piece}" if line else piece
        if columns(joined) <= width:
            line = joined
            continue
        lines.append(line)
        line = piece
    return [*lines, line] if line else lines


def with_amount(*, text: str, amount: str, width: int) -> list[str]:
    """A text at the left and an amount at the right of its first line, or below a text that leaves no room."""
    pair = Pair(text=text, value=amount)
    return [line.plain() for line in _Layout(width=width, mark_room=0).pair(pair)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    width: int
    mark_room: int

    def pieces(self, block: Block) -> Iterator[Piece]:
        match block:
            case Heading() | Watermark():
                yield from self.heading(block)
            case Paragraph():
                start = block.indent * INDENT
                for text in wrapped(text=block.text, width=self.width - start):
                    yield self.line(Placed(start=start, end=self.width, text=text))
            case Pair():
                yield from self.pair(block)
            case Grid():
                yield from self.grid(block)
            case Rule():
                rule = Placed(start=0, end=self.width, text="-" * self.width)
                yield TextLine(texts=(rule,), is_rule=True)
            case Gap():
                yield TextLine()
            case Picture() | Link():
                yield block

    def heading(self, block: Heading | Watermark) -> Iterator[TextLine]:
        is_bold = isinstance(block, Watermark) or block.is_bold
        for text in wrapped(text=block.text, width=self.width):
            yield self.line(Placed(start=0, end=self.width, text=text, side="middle"), is_bold=is_bold)

    def pair(self, block: Pair) -> Iterator[TextLine]:
        """A text too long for its line goes on below; a value too long to stand beside gets its own line."""
        start, end = block.indent * INDENT, self.width
        marks: tuple[Placed, ...] = ()
        if self.mark_room and block.is_marked:
            end -= self.mark_room + 1
            marks = (Placed(start=end + 1, end=self.width, text=block.mark),) if block.mark else ()
        amount = printable(block.value)
        value = Placed(start=start, end=end, text=amount, side="right")
        room = end - start - columns(amount) - 1
        if room < (self.width - start) // 3:
            for text in wrapped(text=block.text, width=self.width - start):
                yield self.line(Placed(start=start, end=self.width, text=text), is_bold=block.is_bold)
            yield self.line(value, *marks, is_bold=block.is_bold)
            return
        first, *rest = wrapped(text=block.text, width=room) or [""]
        value = Placed(start=end - columns(amount), end=end, text=amount, side="right")
        name = Placed(start=start, end=start + room, text=first)
        yield self.line(name, value, *marks, is_bold=block.is_bold)
        for text in rest:
            yield self.line(Placed(start=start, end=start + room, text=text), is_bold=block.is_bold)

    def grid(self, block: Grid) -> Iterator[TextLine]:
        """Cells in columns; where they do not fit, one below the other."""
        cells = [[printable(cell) for cell in row] for row in block.rows]
        ends = _ends(cells, self.width)
        if ends is not None:
            for row in cells:
                yield self.line(*_row(row, ends))
            return
        head, *rows = cells
        for name, *amounts in rows:
            for text in wrapped(text=name, width=self.width):
                yield self.line(Placed(start=0, end=self.width, text=text))
            for label, amount in zip(head[1:], amounts, strict=True):
                yield from self.pair(Pair(text=label, value=amount, is_marked=False))

    @staticmethod
    def line(*texts: Placed, is_bold: bool = False) -> TextLine:
        return TextLine(texts=texts, is_bold=is_bold)


def _ends(cells: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """Where the columns of a table end. None if they do not fit."""
    widths = [max(columns(row[place]) for row in cells) for place in range(len(cells[0]))]
    gaps = len(widths) - 1
    spare = width - sum(widths) - gaps
    if spare < 0:
        return None
    widths = [widths[0] + spare % gaps, *(one + spare // gaps for one in widths[1:])]
    return [sum(widths[: place + 1]) + place for place in range(len(widths))]


def _row(row: Sequence[str], ends: Sequence[int]) -> Iterator[Placed]:
    starts = [0, *(end + 1 for end in ends)]
    for place, text in enumerate(row):
        side: Side = "right" if place else "left"
        yield Placed(start=starts[place], end=ends[place], text=text, side=side)


def _pieces(*, text: str, width: int) -> Iterator[str]:
    """Words, those wider than a line divided."""
    for word in text.split(" "):
        piece = ""
        for grapheme in graphemes(word):
            if piece and columns(piece + grapheme) > width:
                yield piece
                piece = ""
            piece += grapheme
        if piece:
            yield piece
