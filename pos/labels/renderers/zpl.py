"""Labels for label printers in ZPL II (Zebra and compatible ones). Pure.

Source: Zebra, ZPL II Programming Guide (^CI28, ^FB, ^FH, ^BC, ^BE, ^B8, ^BU, ^BQ, ^PQ). Texts and data are UTF-8,
in which every byte but letters, digits and harmless signs is written as `_` and two hexadecimal digits (^FH): so no
`^` or `~` of a name begins a command, and no line break ends one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from fynlo.core.characters import printable
from pos.labels.content import Copies, LabelContent
from pos.labels.errors import DoesNotFit, numbered
from pos.labels.formats import LabelFormat
from pos.labels.symbols.choosing import (
    EAN_8,
    EAN_13,
    QR_QUIET,
    UPC_A,
    Code,
    dots_of,
    modules_of,
    quiet_of,
)
from pos.labels.symbols.code128 import FNC1, segments

RESOLUTIONS: Final = MappingProxyType({203: 8, 300: 12})
"""Dots per inch → dots per millimetre, as the printers count them."""

_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-+/()=*")
_LETTER: Final = 0.55
"""Width of a letter of font 0 in its height, on average and a little more."""
_GTINS: Final = MappingProxyType({EAN_13: ("^BEN", 12), EAN_8: ("^B8N", 7), UPC_A: ("^BUN", 11)})
"""Command and digits without the check digit, which the printer works out."""
_IN_CODE_128: Final = MappingProxyType({">": ">0", "^": "><", "~": ">="})
_MOST_DOTS: Final = 4
_MOST_QR_DOTS: Final = 10
_PRICE_SHARE: Final = 0.6
_SMALLEST: Final = 8


def render_zpl(*, labels: Sequence[Copies], on: LabelFormat, resolution: int = 203) -> bytes:
    """One ^XA … ^XZ for each label, with its copies. Raises KeyError for a resolution, `DoesNotFit`."""
    per_mm = RESOLUTIONS[resolution]
    made = []
    for number, label in enumerate(labels):
        with numbered(number):
            made.append("\n".join(_label(label, on, per_mm)) + "\n")
    return "".join(made).encode("ascii")


def escaped(text: str) -> str:
    """A text for ^FD after ^FH: ASCII, with nothing in it that a printer would obey."""
    return "".join(chr(byte) if byte in _PLAIN else f"_{byte:02X}" for byte in printable(text).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Area:
    """What is left of a label, in dots."""

    left: int
    top: int
    width: int
    height: int


def _label(label: Copies, on: LabelFormat, per_mm: int) -> Iterator[str]:
    width, height = int(on.width * per_mm), int(on.height * per_mm)
    pad = int(Decimal("1.5") * per_mm)
    area = _Area(left=pad, top=pad, width=width - 2 * pad, height=height - 2 * pad)
    content = label.content
    yield "^XA"
    yield "^CI28"
    yield f"^PW{width}"
    yield f"^LL{height}"
    yield "^LH0,0"
    if content.code is not None:
        lines, area = _square(content.code, area) if content.code.is_square else _bars(content.code, area)
        yield from lines
    yield from _texts(content, area)
    yield f"^PQ{label.count},0,1,N"
    yield "^XZ"


def _texts(content: LabelContent, area: _Area) -> Iterator[str]:
    name, small = max(14, area.height // 5), max(12, area.height // 8)
    y, bottom = area.top, area.top + area.height
    price, taken = 0, 0
    if content.price:
        price = _whole(content.price, max(18, area.height // 3), int(area.width * _PRICE_SHARE))
        taken = int(len(content.price) * price * _LETTER) + small
        yield _field(area.left, bottom - price, content.price, price, area.width, align="R")
    yield _field(area.left, y, content.name, name, area.width)
    y += name + name // 6
    rows = (content.unit_price, *content.details, content.variant, content.sku)
    for text in filter(None, rows):
        if y + small > bottom:
            return
        room = area.width - taken if y + small > bottom - price else area.width
        size = _whole(text, small, room) if text == content.unit_price else small
        yield _field(area.left, y, text, size, room)
        y += small + small // 6


def _whole(text: str, size: int, room: int) -> int:
    """The largest size up to `size` in which a price fits whole: it is never cropped (12,95 is not 12,9)."""
    return max(_SMALLEST, min(size, int(room / (_LETTER * len(text)))))


def _field(x: int, y: int, text: str, size: int, room: int, *, align: str = "L") -> str:
    """One line of text, cropped; a backslash is doubled, since ^FB gives it a meaning."""
    shown = _cropped(text, size, room)
    doubled = escaped(shown).replace("_5C", "_5C_5C")
    return f"^FO{x},{max(y, 0)}^A0N,{size},{size}^FB{max(room, 1)},1,0,{align},0^FH_^FD{doubled}^FS"


def _cropped(text: str, size: int, room: int) -> str:
    """As many letters as surely fit, with dots where some are left out."""
    clean, most = printable(text), max(1, int(room / (size * _LETTER)))
    return clean if len(clean) <= most else clean[: max(most - 3, 1)].rstrip() + "..."


def _bars(code: Code, area: _Area) -> tuple[list[str], _Area]:
    modules, (before, after) = modules_of(code), quiet_of(code)
    count = before + len(modules) + after
    module = min(area.width // count, _MOST_DOTS)
    if module < 1:
        raise DoesNotFit(f"{count} modules; the label has {area.width} dots")
    text = max(14, area.height // 10)
    tall = max(area.height * 2 // 5 - text, 24)
    top = area.top + area.height - text - tall - 4
    x = area.left + (area.width - count * module) // 2 + before * module
    lines = [
        f"^FO{x},{top}^BY{module},2,{tall}{_command(code, tall)}",
        _centred(area, area.top + area.height - text, code.text, text),
    ]
    rest = _Area(left=area.left, top=area.top, width=area.width, height=max(top - area.top - 4, 0))
    return lines, rest


def _command(code: Code, tall: int) -> str:
    """The symbol without its text, which stands below as a field of its own."""
    if code.symbol in _GTINS:
        command, digits = _GTINS[code.symbol]
        return f"{command},{tall},N^FD{code.data[:digits]}^FS"
    return f"^BCN,{tall},N,N,N,N^FH_^FD{_code128_data(code.data)}^FS"


def _code128_data(data: str) -> str:
    """Code sets and FNC1 as ^BC reads them in mode N: `>:` starts B, `>;` starts C, `>6` and `>5` change, `>8`."""
    made = ""
    for place, segment in enumerate(segments(data)):
        starts, changes = (">:", ">6") if segment.code_set == "B" else (">;", ">5")
        made += changes if place else starts
        for character in segment.text:
            made += ">8" if character == FNC1 else _IN_CODE_128.get(character, character)
    return "".join(char if char.isalnum() or char in ">:;<=" else f"_{ord(char):02X}" for char in made)


def _centred(area: _Area, y: int, text: str, size: int) -> str:
    size = _whole(text, size, area.width)
    return f"^FO{area.left},{y}^A0N,{size},{size}^FB{area.width},1,0,C,0^FH_^FD{escaped(text)}^FS"


def _square(code: Code, area: _Area) -> tuple[list[str], _Area]:
    side = len(dots_of(code)) + 2 * QR_QUIET
    dot = min(min(area.height, area.width // 2) // side, _MOST_QR_DOTS)
    if dot < 2:  # noqa: PLR2004 -- one dot of a printer is not read
        raise DoesNotFit(f"a QR code of {side} dots; the label has {area.height} dots of height")
    x = area.left + area.width - side * dot + QR_QUIET * dot
    line = f"^FO{x},{area.top + QR_QUIET * dot}^BQN,2,{dot}^FH_^FDMA,{escaped(code.data)}^FS"
    return [line], _Area(left=area.left, top=area.top, width=area.width - side * dot, height=area.height)
