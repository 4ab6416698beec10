"""Where everything stands on a label: texts, bars and dots in millimetres from its top left corner. Pure.

From the top: the name, below it variant and details; the price at the right, what belongs to it at the left; the
bars at the bottom over the whole width, or dots at the right. What does not fit is cropped, texts that have no row
are left out from the least important on; a symbol is never cropped: it fits or is refused.
"""

from dataclasses import dataclass
from typing import Final

from fynlo.core import typefaces
from pos.labels.content import LabelContent
from pos.labels.errors import DoesNotFit
from pos.labels.symbols.choosing import QR_QUIET, Code, dots_of, modules_of, quiet_of

POINT: Final = 25.4 / 72
NARROWEST: Final = 0.15
"""Millimetres: thinner bars are not read by ordinary scanners (GS1 asks for 0.264 at a till's)."""
WIDEST: Final = 0.495
SMALLEST_DOT: Final = 0.25
LOWEST: Final = 3.0
"""Least height of bars."""
_USUAL_BARS: Final = 0.42
_LEADING: Final = 1.18
_TINY_HEIGHT: Final = 15.0
_PRICE_SHARE: Final = 0.6
"""How much of the width a price may take: a price is never cropped (12,95 is not 12,9), so its letters shrink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A shown text with its baseline at `y`; `x` is its left end, with `anchor` its middle or its right end."""

    x: float
    y: float
    text: str
    size: float
    font: str = typefaces.REGULAR
    anchor: str = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All that is drawn on one label."""

    texts: tuple[Text, ...]
    boxes: tuple[Box, ...]


def laid_out(content: LabelContent, *, width: float, height: float) -> Layout:
    """A label of `width` x `height` millimetres. Raises `DoesNotFit`."""
    pad = min(2.0, 0.06 * height)
    frame = _Frame(left=pad, top=pad, width=width - 2 * pad, height=height - 2 * pad)
    boxes: tuple[Box, ...] = ()
    texts: tuple[Text, ...] = ()
    if content.code is not None and content.code.is_square:
        boxes, frame = _square(content.code, frame)
    elif content.code is not None:
        boxes, texts, frame = _bars(content.code, frame, is_tiny=height < _TINY_HEIGHT)
    rows = _tiny_rows(content, frame) if height < _TINY_HEIGHT else _rows(content, frame)
    return Layout(texts=(*rows, *texts), boxes=boxes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """The room that is left."""

    left: float
    top: float
    width: float
    height: float


def bars(code: Code, *, left: float, top: float, width: float, height: float) -> tuple[Box, ...]:
    """The bars in the middle of `width`, quiet zones included. Raises `DoesNotFit`."""
    modules, (before, after) = modules_of(code), quiet_of(code)
    count = before + len(modules) + after
    module = min(width / count, WIDEST)
    if module < NARROWEST:
        raise DoesNotFit(f"{count} modules need {count * NARROWEST:.1f} mm; there are {width:.1f}")
    x = left + (width - count * module) / 2 + before * module
    made, place = [], 0
    while place < len(modules):
        run = len(modules) - place - len(modules[place:].lstrip(modules[place]))
        if modules[place] == "1":
            made.append(Box(x=x + place * module, y=top, width=run * module, height=height))
        place += run
    return tuple(made)


def _bars(code: Code, frame: _Frame, *, is_tiny: bool) -> tuple[tuple[Box, ...], tuple[Text, ...], _Frame]:
    size = max(4.0, min(8.0, frame.height * 0.24))
    below = 0.0 if is_tiny else size * POINT * _LEADING
    tall = min(max(frame.height * _USUAL_BARS, LOWEST), 25.0)
    tall = tall - below if tall - below >= LOWEST else tall
    if tall + below > frame.height:
        raise DoesNotFit(f"bars need {LOWEST:.0f} mm of height")
    top = frame.top + frame.height - below - tall
    made = bars(code, left=frame.left, top=top, width=frame.width, height=tall)
    texts: tuple[Text, ...] = ()
    if below:
        middle, y = frame.left + frame.width / 2, frame.top + frame.height - 0.25 * size * POINT
        shown = typefaces.shown(code.text)
        size = _whole(shown, typefaces.REGULAR, size, frame.width)
        texts = (Text(x=middle, y=y, text=shown, size=size, anchor="middle"),)
    rest = _Frame(left=frame.left, top=frame.top, width=frame.width, height=top - frame.top - 0.5)
    return made, texts, rest


def _square(code: Code, frame: _Frame) -> tuple[tuple[Box, ...], _Frame]:
    rows = dots_of(code)
    side = min(frame.height, frame.width * 0.45)
    dot = side / (len(rows) + 2 * QR_QUIET)
    if dot < SMALLEST_DOT:
        need = SMALLEST_DOT * (len(rows) + 2 * QR_QUIET)
        raise DoesNotFit(f"this QR code needs {need:.1f} mm; there are {side:.1f}")
    dot = min(dot, 1.0)
    side = dot * (len(rows) + 2 * QR_QUIET)
    left = frame.left + frame.width - side + QR_QUIET * dot
    top = frame.top + (frame.height - side) / 2 + QR_QUIET * dot
    made = tuple(
        Box(x=left + column * dot, y=top + row * dot, width=dot, height=dot)
        for row, dots in enumerate(rows)
        for column, is_dark in enumerate(dots)
        if is_dark
    )
    return made, _Frame(left=frame.left, top=frame.top, width=frame.width - side, height=frame.height)


def _rows(content: LabelContent, frame: _Frame) -> list[Text]:
    """Rows from the top; the price stands at the bottom of the room."""
    big = max(7.0, min(24.0, frame.height * 0.95))
    name_size = max(5.5, min(11.0, frame.height * 0.55))
    small = max(4.5, min(8.0, frame.height * 0.38))
    price_height = 0.0
    texts: list[Text] = []
    price_room = 0.0
    bottom = frame.top + frame.height
    if content.price:
        shown = typefaces.shown(content.price)
        big = _whole(shown, typefaces.BOLD, big, frame.width * _PRICE_SHARE)
        price_height = big * POINT * 0.9
        price_room = typefaces.width(shown, font=typefaces.BOLD, size=big) * POINT + 1
        right = frame.left + frame.width
        texts.append(
            Text(
                x=right,
                y=bottom - 0.1 * big * POINT,
                text=shown,
                size=big,
                font=typefaces.BOLD,
                anchor="right",
            )
        )
    lines = _named(content.name, name_size, frame, most=2 if frame.height > price_height * 1.9 else 1)
    y = frame.top
    for line in lines:
        y += name_size * POINT * _LEADING
        texts.append(
            Text(x=frame.left, y=y - 0.25 * name_size * POINT, text=line, size=name_size, font=typefaces.BOLD)
        )
    step = small * POINT * _LEADING
    for text in _that_fit(content, int((bottom - y) / step + 0.01)):
        y += step
        beside = price_room if y > bottom - price_height else 0
        texts.append(_beside(text, small, frame, y, beside, is_price=text == content.unit_price))
    return texts


def _that_fit(content: LabelContent, rows: int) -> list[str]:
    """The small rows there is room for: the unit price, which the law asks for, before all others."""
    shown = [text for text in (content.variant, *content.details, content.unit_price, content.sku) if text]
    by_need = [content.unit_price, *content.details, content.variant, content.sku]
    kept = [text for text in by_need if text][:rows]
    return [text for text in shown if text in kept]


def _beside(text: str, size: float, frame: _Frame, y: float, taken: float, *, is_price: bool) -> Text:
    """A small row at the left of what takes `taken`; a price is made smaller, others are cropped."""
    room = frame.width - taken
    if is_price:
        size = _whole(typefaces.shown(text), typefaces.REGULAR, size, room)
    shown = _fitted(text, typefaces.REGULAR, size, room)
    return Text(x=frame.left, y=y - 0.25 * size * POINT, text=shown, size=size)


def _tiny_rows(content: LabelContent, frame: _Frame) -> list[Text]:
    """Two rows: the name beside the price, and all the rest beside each other."""
    size = max(4.0, min(7.0, frame.height * 1.2))
    small = size * 0.8
    price = typefaces.shown(content.price)
    size = _whole(price, typefaces.BOLD, size, frame.width * _PRICE_SHARE)
    room = (
        frame.width - typefaces.width(price, font=typefaces.BOLD, size=size) * POINT - (0.7 if price else 0)
    )
    y = frame.top + size * POINT * 0.9
    texts = [
        Text(
            x=frame.left,
            y=y,
            text=_fitted(content.name, typefaces.BOLD, size, room),
            size=size,
            font=typefaces.BOLD,
        )
    ]
    if price:
        right = frame.left + frame.width
        texts.append(Text(x=right, y=y, text=price, size=size, font=typefaces.BOLD, anchor="right"))
    rest = " · ".join(filter(None, (content.unit_price, content.variant, content.sku, *content.details)))
    y += small * POINT * _LEADING
    if rest and y <= frame.top + frame.height + 0.3:
        texts.append(
            Text(x=frame.left, y=y, text=_fitted(rest, typefaces.REGULAR, small, frame.width), size=small)
        )
    return texts


def _named(name: str, size: float, frame: _Frame, *, most: int) -> list[str]:
    room = frame.width / POINT
    return typefaces.lines(typefaces.shown(name), font=typefaces.BOLD, size=size, room=room, most=most)


def _whole(text: str, font: str, size: float, room: float) -> float:
    """The largest size up to `size` in which all of a shown text fits into `room` millimetres."""
    needed = typefaces.width(text, font=font, size=size) * POINT
    return size if needed <= room else size * room / needed * 0.999


def _fitted(text: str, font: str, size: float, room: float) -> str:
    return typefaces.cropped(typefaces.shown(text), font=font, size=size, room=room / POINT)
