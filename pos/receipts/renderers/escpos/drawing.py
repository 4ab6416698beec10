"""Lines and logos as dots, for what a printer has no letters for. Pure."""

import io
from typing import Final

from PIL import Image, ImageOps

from fynlo.core.typefaces.pixels import dots_wide, draw, fitting
from pos.receipts.renderers.escpos.commands import LINE_DOTS
from pos.receipts.renderers.escpos.profiles import CELL, Profile
from pos.receipts.renderers.layout import Placed, TextLine

SIZE: Final = 22
_BASELINE: Final = 23
_LOGO_ROWS: Final = 240
_LOGO_SHARE: Final = 0.75
_WHITE: Final = 255


def drawn_line(*, line: TextLine, profile: Profile, is_mirrored: bool) -> Image.Image:
    """A line of text as high as any other, its texts in their columns, smaller where they would not fit."""
    picture = Image.new("1", (profile.columns * CELL, LINE_DOTS), 1)
    for placed in line.texts:
        _draw(picture, placed, is_bold=line.is_bold, is_mirrored=is_mirrored)
    return picture


def drawn_logo(*, content: bytes, profile: Profile) -> Image.Image:
    """A picture of the catalogue in black and white (Floyd and Steinberg), in the middle of the paper."""
    with Image.open(io.BytesIO(content)) as source:
        picture = source.convert("RGBA")
    paper = Image.new("RGBA", picture.size, (_WHITE, _WHITE, _WHITE, _WHITE))
    grey = Image.alpha_composite(paper, picture).convert("L")
    grey = ImageOps.contain(grey, (int(profile.dots * _LOGO_SHARE), _LOGO_ROWS))
    whole = Image.new("1", (profile.columns * CELL, grey.height + LINE_DOTS // 2), 1)
    whole.paste(grey.convert("1"), ((whole.width - grey.width) // 2, 0))
    return whole


def _draw(picture: Image.Image, placed: Placed, *, is_bold: bool, is_mirrored: bool) -> None:
    room = (placed.end - placed.start) * CELL
    size = fitting(placed.text, size=SIZE, room=room, is_bold=is_bold)
    spare = room - dots_wide(placed.text, size=size, is_bold=is_bold)
    before = {"left": 0.0, "right": spare, "middle": spare / 2}[placed.side]
    left = placed.start * CELL + max(0.0, before)
    draw(
        picture,
        placed.text,
        left=left,
        baseline=_BASELINE,
        size=size,
        is_bold=is_bold,
        is_mirrored=is_mirrored,
    )
