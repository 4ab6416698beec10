"""Blocks of a paper on pages: strips of texts at their places, in points. Pure."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image

from fynlo.core.characters import printable
from fynlo.core.typefaces.runs import page_lines, runs_width
from pos.labels.symbols.choosing import QR, Code, dots_of
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

Side = Literal["left", "right", "middle"]
_LEADING: Final = 1.35
_GAP: Final = 6.0
_LOGO_HEIGHT: Final = 60.0
_QR_SIDE: Final = 84.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A text that begins, ends or has its middle at `x`."""

    x: float
    text: str
    side: Side = "left"
    is_bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Something across the page. `picture` is a logo's file, `squares` the rows of a QR code."""

    height: float
    words: tuple[Word, ...] = ()
    has_rule: bool = False
    has_frame: bool = False
    picture: bytes = b""
    size: tuple[float, float] = (0.0, 0.0)
    squares: tuple[tuple[bool, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLayout:
    """How wide a page's text may be, and how large its letters are."""

    width: float
    size: float
    mark_room: int

    def strips(self, paper: Paper) -> Iterator[Strip]:
        """The whole paper, from top to bottom."""
        for block in paper.blocks:
            yield from self._block(block)

    @property
    def _line(self) -> float:
        return self.size * _LEADING

    def _block(self, block: Block) -> Iterator[Strip]:
        match block:
            case Heading():
                yield from self._middle(block.text, is_bold=block.is_bold)
            case Watermark():
                for strip in self._middle(block.text, is_bold=True):
                    yield Strip(height=strip.height, words=strip.words, has_frame=True)
            case Paragraph():
                left = block.indent * self.size
                for text in page_lines(block.text, size=self.size, room=self.width - left):
                    yield Strip(height=self._line, words=(Word(x=left, text=text),))
            case Pair():
                yield from self._pair(block)
            case Grid():
                yield from self._grid(block)
            case Rule():
                yield Strip(height=_GAP, has_rule=True)
            case Gap():
                yield Strip(height=self._line)
            case Picture():
                yield self._picture(block)
            case Link():
                rows = tuple(map(tuple, dots_of(Code(symbol=QR, data=block.url, text=""))))
                yield Strip(height=_QR_SIDE + 2 * _GAP, squares=rows, size=(_QR_SIDE, _QR_SIDE))
                yield from self._middle(block.caption, is_bold=False)

    def _middle(self, text: str, *, is_bold: bool) -> Iterator[Strip]:
        for line in page_lines(text, size=self.size, room=self.width, is_bold=is_bold):
            word = Word(x=self.width / 2, text=line, side="middle", is_bold=is_bold)
            yield Strip(height=self._line, words=(word,))

    def _pair(self, block: Pair) -> Iterator[Strip]:
        left, right = block.indent * self.size, self.width
        marks: tuple[Word, ...] = ()
        if self.mark_room and block.is_marked:
            right -= self.size * (0.75 * self.mark_room + 0.3)
            marks = (Word(x=right + self.size * 0.3, text=block.mark),) if block.mark else ()
        value = Word(x=right, text=printable(block.value), side="right", is_bold=block.is_bold)
        taken = runs_width(block.value, size=self.size, is_bold=block.is_bold)
        room = right - left - taken - self.size
        has_room = room >= (self.width - left) / 3
        lines = page_lines(
            block.text, size=self.size, room=room if has_room else self.width - left, is_bold=block.is_bold
        )
        words: list[tuple[Word, ...]] = [
            (Word(x=left, text=line, is_bold=block.is_bold),) for line in lines
        ] or [()]
        if has_room:
            yield Strip(height=self._line, words=(*words[0], value, *marks))
            words = words[1:]
        for line in words:
            yield Strip(height=self._line, words=line)
        if not has_room:
            yield Strip(height=self._line, words=(value, *marks))

    def _grid(self, block: Grid) -> Iterator[Strip]:
        cells = [[printable(cell) for cell in row] for row in block.rows]
        widths = [
            max(runs_width(row[place], size=self.size) for row in cells) + self.size * 0.8
            for place in range(len(cells[0]))
        ]
        numbers = widths[1:]
        room = self.width - sum(numbers)
        if room < self.width / 3:
            yield from self._stacked(cells)
            return
        if widths[0] < room:
            numbers = [one + (room - widths[0]) / (len(numbers) + 1) for one in numbers]
            room = self.width - sum(numbers)
        ends = [room + sum(numbers[: place + 1]) for place in range(len(numbers))]
        for name, *amounts in cells:
            first, *rest = page_lines(name, size=self.size, room=room) or [""]
            words = [Word(x=end, text=one, side="right") for end, one in zip(ends, amounts, strict=True)]
            yield Strip(height=self._line, words=(Word(x=0, text=first), *words))
            for line in rest:
                yield Strip(height=self._line, words=(Word(x=0, text=line),))

    def _stacked(self, cells: list[list[str]]) -> Iterator[Strip]:
        head, *rows = cells
        for name, *amounts in rows:
            for line in page_lines(name, size=self.size, room=self.width):
                yield Strip(height=self._line, words=(Word(x=0, text=line),))
            for label, amount in zip(head[1:], amounts, strict=True):
                yield from self._pair(Pair(text=label, value=amount, is_marked=False))

    def _picture(self, block: Picture) -> Strip:
        with Image.open(io.BytesIO(block.content)) as source:
            scale = min(self.width * 0.6 / source.width, _LOGO_HEIGHT / source.height)
            size = source.width * scale, source.height * scale
        return Strip(height=size[1] + _GAP, picture=block.content, size=size)
