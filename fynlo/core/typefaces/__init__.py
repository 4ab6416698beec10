"""The letters of printed pages: the fonts that come with Fynlo, and what they cannot show.

DejaVu Sans has Latin, Greek, Cyrillic, Hebrew, Arabic and currency signs, Droid Sans Fallback the Chinese, Japanese
and Korean characters, Noto Sans Thai the Thai ones; their licences (`LICENSE_…`) let them be embedded.

`shown` and what follows it here are for labels and letters to suppliers, in DejaVu Sans alone and from left to
right: characters of other scripts are shown as a box, as are all that the font has no glyph for, so that nobody
takes what is left for the whole text. Receipts are drawn in all scripts, by `runs` and `scripts`.
"""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from fynlo.core.characters import graphemes, printable

REGULAR: Final = "FynloSans"
BOLD: Final = "FynloSans-Bold"
THAI: Final = "FynloThai"
EAST_ASIAN: Final = "FynloEastAsian"
BOX: Final = "\u25a1"
ELLIPSIS: Final = "\u2026"

_FOLDER: Final = Path(__file__).parent
_FILES: Final = {
    REGULAR: "DejaVuSans.ttf",
    BOLD: "DejaVuSans-Bold.ttf",
    THAI: "NotoSansThai.ttf",
    EAST_ASIAN: "DroidSansFallback.ttf",
}
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_DRAWING: Final = threading.Lock()
_READING: Final = threading.Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """Inside, one thread draws a page: reportlab reads the registered fonts by a position they share."""
    with _DRAWING:
        _fonts()
        yield


def shown(text: str) -> str:
    """One line of `text` as the page shows it: without controls, a box for what the font has no glyph for."""
    known = _fonts()[REGULAR].face.charToGlyph
    return "".join(_shown_cluster(cluster, known) for cluster in graphemes(printable(text)))


def is_showable(text: str) -> bool:
    """Whether nothing of `text` becomes a box."""
    return BOX not in shown(text.replace(BOX, ""))


def width(text: str, *, font: str, size: float) -> float:
    """How wide a shown text is, in points."""
    return float(_fonts()[font].stringWidth(text, size))


def cropped(text: str, *, font: str, size: float, room: float) -> str:
    """As much of a shown text as fits into `room` points, with an ellipsis where something is left out."""
    if width(text, font=font, size=size) <= room:
        return text
    kept = list(graphemes(text))
    while kept and width("".join(kept).rstrip() + ELLIPSIS, font=font, size=size) > room:
        kept.pop()
    return "".join(kept).rstrip() + ELLIPSIS if kept else ""


def lines(text: str, *, font: str, size: float, room: float, most: int | None = None) -> list[str]:
    """The words of a shown text in lines of `room` points; words that are wider are divided.

    With `most` lines the last one is cropped.
    """
    made: list[str] = []
    line = ""
    for piece in _pieces(text, font=font, size=size, room=room):
        joined = f"{line} {piece}" if line else piece
        if width(joined, font=font, size=size) <= room:
            line = joined
            continue
        made.append(line)
        line = piece
    made += [line] if line else []
    if most is None or len(made) <= most:
        return made
    rest = " ".join(made[most - 1 :])
    return [*made[: most - 1], cropped(rest, font=font, size=size, room=room)]


def _pieces(text: str, *, font: str, size: float, room: float) -> Iterator[str]:
    for word in text.split(" "):
        piece = ""
        for cluster in graphemes(word):
            if piece and width(piece + cluster, font=font, size=size) > room:
                yield piece
                piece = ""
            piece += cluster
        if piece:
            yield piece


def _shown_cluster(cluster: str, known: dict[int, int]) -> str:
    is_known = all(
        ord(character) in known and unicodedata.bidirectional(character) not in _RIGHT_TO_LEFT
        for character in cluster
    )
    return cluster if is_known else BOX


def font_file(font: str) -> Path:
    """Where a font is kept, by its name."""
    return _FOLDER / _FILES[font]


def glyphs(font: str) -> dict[int, int]:
    """The characters that a font has, as code points, and its glyphs."""
    known: dict[int, int] = _fonts()[font].face.charToGlyph
    return known


def _fonts() -> dict[str, Any]:
    """The fonts, read and registered with reportlab once in a process: a second registration would take the
    letters from a page that is being drawn."""
    with _READING:
        return _read_fonts()


@cache
def _read_fonts() -> dict[str, Any]:
    fonts = {name: TTFont(name, str(_FOLDER / file)) for name, file in _FILES.items()}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return fonts
