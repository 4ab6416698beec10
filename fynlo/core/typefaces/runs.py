"""A line in the fonts it needs, as it is drawn from left to right. Pure.

Each character with its marks is of one font: DejaVu Sans where that has it, else Thai, else East Asian; wide
characters are East Asian first, so that a line of them is of one hand. What no font has is a box.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from fynlo.core.characters import graphemes, printable
from fynlo.core.typefaces import BOLD, BOX, EAST_ASIAN, REGULAR, THAI, glyphs, width
from fynlo.core.typefaces.scripts import visual


class Run(NamedTuple):
    """A font's name, what is drawn in it, and how much of the font's size above the line."""

    font: str
    text: str
    rise: float = 0.0


_WIDE: Final = frozenset({"W", "F"})
_THAI_TONES: Final = frozenset("\u0e48\u0e49\u0e4a\u0e4b\u0e4c")
_THAI_ABOVE: Final = frozenset("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d")
_THAI_AM: Final = "\u0e33"
_STACKED: Final = 0.21
"""How far a tone stands above a vowel that is above its letter already."""


def runs(text: str, *, is_bold: bool = False, is_mirrored: bool = False) -> list[Run]:
    """The runs of one line of text, whatever stands in it, in the order in which they are drawn."""
    pieces = _pieces(visual(printable(text), is_mirrored=is_mirrored), BOLD if is_bold else REGULAR)
    return [
        Run(font, "".join(piece.text for piece in group), rise)
        for (font, rise), group in groupby(pieces, key=lambda run: (run.font, run.rise))
    ]


def runs_width(text: str, *, size: float, is_bold: bool = False) -> float:
    """How wide a line is on a page, in points."""
    return sum(width(run.text, font=run.font, size=size) for run in runs(text, is_bold=is_bold))


def page_lines(text: str, *, size: float, room: float, is_bold: bool = False) -> list[str]:
    """The words of a text in lines of `room` points, each to be drawn by its `runs`; wider words are divided."""
    made: list[str] = []
    line = ""
    for piece in _words(printable(text), size=size, room=room, is_bold=is_bold):
        joined = f"{line} {piece}" if line else piece
        if line and runs_width(joined, size=size, is_bold=is_bold) > room:
            made.append(line)
            line = piece
        else:
            line = joined
    return [*made, line] if line else made


def _words(text: str, *, size: float, room: float, is_bold: bool) -> Iterator[str]:
    for word in text.split(" "):
        piece = ""
        if runs_width(word, size=size, is_bold=is_bold) <= room:
            yield word
            continue
        for cluster in graphemes(word):
            if piece and runs_width(piece + cluster, size=size, is_bold=is_bold) > room:
                yield piece
                piece = ""
            piece += cluster
        if piece:
            yield piece


def _pieces(drawn: str, latin: str) -> Iterator[Run]:
    for cluster in graphemes(drawn):
        font, text = _piece(cluster, latin)
        if font == THAI:
            yield from _stacked(text)
        else:
            yield Run(font, text)


def _stacked(cluster: str) -> Iterator[Run]:
    """Thai marks, one above the other instead of one over the other."""
    for place, character in enumerate(cluster):
        is_above = (place > 0 and cluster[place - 1] in _THAI_ABOVE) or cluster[
            place + 1 : place + 2
        ] == _THAI_AM
        yield Run(THAI, character, _STACKED if character in _THAI_TONES and is_above else 0.0)


@lru_cache(maxsize=8192)
def _piece(cluster: str, latin: str) -> tuple[str, str]:
    is_wide = unicodedata.east_asian_width(cluster[0]) in _WIDE
    order = (EAST_ASIAN, latin, THAI) if is_wide else (latin, THAI, EAST_ASIAN)
    for font in order:
        known = glyphs(font)
        if all(ord(character) in known for character in cluster):
            return font, cluster
    return latin, BOX
