"""A page's parts before they are drawn: strips with texts in them, filled into pages from the top. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from fynlo.core import typefaces

SIZE: Final = 8.5
SMALL: Final = 7.0
LEADING: Final = 1.32
"""Height of a line of text in times of its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A shown text at `x` points from the left margin; `is_right`: it ends there."""

    x: float
    text: str
    font: str = typefaces.REGULAR
    size: float = SIZE
    is_right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A part of a page over its whole width, `height` points high; a rule is drawn at its top if `has_rule`."""

    height: float
    words: tuple[Words, ...] = ()
    has_rule: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Strips that stay together on a page if a page is high enough for them."""

    strips: tuple[Strip, ...]

    @property
    def height(self) -> float:
        """The height of all strips."""
        return sum(strip.height for strip in self.strips)


@dataclass(slots=True)
class Page:
    """What stands on one page, below its head. `has_table`: the titles of the columns are repeated on it."""

    strips: list[Strip] = field(default_factory=list)
    has_table: bool = True


def filled(
    blocks: Sequence[tuple[Block, bool]], *, first_room: float, room: float, titles: float
) -> list[Page]:
    """Pages for blocks, each with whether it belongs to the table, whose titles take `titles` points.

    A block that no page is high enough for is divided between its strips. At least one page.
    """
    pages = [Page(has_table=bool(blocks) and blocks[0][1])]
    left = first_room - (titles if pages[0].has_table else 0)
    for block, is_table in blocks:
        whole = room - (titles if is_table else 0)
        if block.height > left and block.height <= whole and pages[-1].strips:
            pages.append(Page(has_table=is_table))
            left = whole
        for strip in block.strips:
            if strip.height > left and pages[-1].strips:
                pages.append(Page(has_table=is_table))
                left = whole
            pages[-1].strips.append(strip)
            left -= strip.height
    return pages


def text_strips(text: str, *, room: float, x: float = 0, size: float = SIZE) -> tuple[Strip, ...]:
    """A text of several lines as one strip for each line it needs; empty lines stay."""
    made: list[Strip] = []
    for line in text.splitlines():
        pieces = typefaces.lines(typefaces.shown(line), font=typefaces.REGULAR, size=size, room=room)
        for piece in pieces or [""]:
            made.append(Strip(height=size * LEADING, words=(Words(x=x, text=piece, size=size),)))
    return tuple(made)
