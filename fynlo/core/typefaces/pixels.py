"""A line as black and white dots, for printers that have no letters for it. Pure.

Drawn by the FreeType that comes with Pillow: the same text is the same dots everywhere. Order and shapes come from
`runs`, so that no library of the system takes part.
"""

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from fynlo.core.typefaces import font_file
from fynlo.core.typefaces.runs import runs

_SMALLEST: Final = 10


@lru_cache(maxsize=64)
def _face(font: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(font)), size, layout_engine=ImageFont.Layout.BASIC)


def dots_wide(text: str, *, size: int, is_bold: bool = False) -> float:
    """How many dots a line takes in a font of `size` dots."""
    return sum(_face(run.font, size).getlength(run.text) for run in runs(text, is_bold=is_bold))


def fitting(text: str, *, size: int, room: int, is_bold: bool = False) -> int:
    """The largest size up to `size` at which a line takes at most `room` dots, but none that nobody can read."""
    while size > _SMALLEST and dots_wide(text, size=size, is_bold=is_bold) > room:
        size -= 1
    return size


def draw(
    picture: Image.Image,
    text: str,
    *,
    left: float,
    baseline: int,
    size: int,
    is_bold: bool = False,
    is_mirrored: bool = False,
) -> None:
    """Draw a line into a picture of one bit a dot, black (0) on white."""
    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"
    for run in runs(text, is_bold=is_bold, is_mirrored=is_mirrored):
        face = _face(run.font, size)
        pen.text((round(left), baseline - round(run.rise * size)), run.text, fill=0, font=face, anchor="ls")
        left += face.getlength(run.text)
