"""A guest's signature as it is kept: dark ink on white, small, and nothing of the file it came in. Pure.

A till sends a picture (PNG) or the strokes of a finger. Both become the same kind of picture, which vendors take as
evidence. Two are the same when their pixels are.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from PIL import Image, ImageDraw

from fynlo.core.errors import RuleViolation
from fynlo.core.pictures import decoded

MEDIA_TYPE: Final = "image/png"
MOST_BYTES: Final = 256 * 1024
"""How large a picture may be that is sent; what is kept is smaller."""
MOST_STROKES: Final = 200
MOST_POINTS: Final = 5_000
"""Of all strokes together."""
FIELD: Final = 10_000
"""Strokes are drawn on a field so many units wide and high, from the upper left corner."""
_MOST_PIXELS: Final = 4_000_000
_MOST_SIDE: Final = 800
_WIDTH, _HEIGHT, _EDGE, _INK = 800, 400, 12, 4
_WHITE: Final = 255
_DARKER: Final = 64
"""By how much ink is darker than the paper at least."""

Stroke = Sequence[tuple[int, int]]


class SignatureBlank(RuleViolation):
    """Nothing is drawn in it, so it proves nothing."""

    code: ClassVar[str] = "signature_blank"
    title: ClassVar[str] = "There is no signature in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature as a PNG of ours. `digest` is the SHA-256 of its pixels, whoever encodes them."""

    content: bytes = field(repr=False)
    digest: str
    width: int
    height: int


def pictured(png: bytes) -> Signature:
    """The signature in a PNG: on white where it shows through, without colours and metadata.

    Raises `ImageUnreadable`, `ImageTooManyPixels`, and `SignatureBlank`, all about `/png`.
    """
    pixels = decoded(
        png, most_pixels=_MOST_PIXELS, most_side=_MOST_SIDE, formats=("PNG",), pointer="/png"
    ).convert("RGBA")
    paper = Image.new("RGBA", pixels.size, "white")
    return _signature(Image.alpha_composite(paper, pixels).convert("L"), pointer="/png")


def drawn(strokes: Sequence[Stroke]) -> Signature:
    """The signature that these strokes make. Raises `SignatureBlank` about `/strokes` for no line at all."""
    paper = Image.new("L", (_WIDTH, _HEIGHT), _WHITE)
    pen = ImageDraw.Draw(paper)
    points = [point for stroke in strokes for point in stroke]
    place = _Placing(points)
    for stroke in strokes:
        line = [place(point) for point in stroke]
        if len(set(line)) > 1:
            pen.line(line, fill=0, width=_INK, joint="curve")
        elif line:  # the dot of an i
            x, y = line[0]
            pen.ellipse((x - _INK, y - _INK, x + _INK, y + _INK), fill=0)
    if len(set(points)) <= 1:
        raise SignatureBlank(pointer="/strokes")
    return _signature(paper, pointer="/strokes")


class _Placing:
    """Where a point of the field is on the paper: as large as it gets, in the middle, not distorted."""

    def __init__(self, points: Sequence[tuple[int, int]]) -> None:
        across, down = [x for x, _ in points] or [0], [y for _, y in points] or [0]
        self.left, self.top = min(across), min(down)
        self.wide, self.high = max(max(across) - self.left, 1), max(max(down) - self.top, 1)
        room, height = _WIDTH - 2 * _EDGE, _HEIGHT - 2 * _EDGE
        # As a fraction, so that the same strokes are the same pixels on every machine.
        is_wide = self.wide * height > self.high * room
        self.to, self.of = (room, self.wide) if is_wide else (height, self.high)

    def __call__(self, point: tuple[int, int]) -> tuple[int, int]:
        x, y = point
        shift_x = (_WIDTH - self.wide * self.to // self.of) // 2
        shift_y = (_HEIGHT - self.high * self.to // self.of) // 2
        return (
            shift_x + (x - self.left) * self.to // self.of,
            shift_y + (y - self.top) * self.to // self.of,
        )


def _signature(picture: Image.Image, *, pointer: str) -> Signature:
    darkest, lightest = picture.getextrema()
    if int(lightest) - int(darkest) < _DARKER:  # type: ignore[arg-type]  # one band has two numbers
        raise SignatureBlank(pointer=pointer)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    size = f"{picture.width}x{picture.height}:".encode()
    return Signature(
        content=out.getvalue(),
        digest=hashlib.sha256(size + picture.tobytes()).hexdigest(),
        width=picture.width,
        height=picture.height,
    )
