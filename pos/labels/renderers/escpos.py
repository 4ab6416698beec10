"""Labels for receipt printers (ESC/POS, 58 and 80 mm paper), cut one by one. Pure.

Source: Epson's ESC/POS command reference (ESC @, ESC a, ESC E, ESC t, GS !, GS H, GS h, GS w, GS k, GS ( k, GS V).
Text becomes bytes of 0x20 and more only, so that it cannot begin a command (ESC p opens the drawer); a code's data
is preceded by its length. Code 128 is sent in code set B, which is text as well, as long as it fits; pairs of
digits (code set C) are bytes below 100, and are used where the paper is too narrow otherwise.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Final

from fynlo.core.characters import printable
from pos.labels.content import Copies, LabelContent
from pos.labels.errors import DoesNotFit, numbered
from pos.labels.symbols.choosing import EAN_8, EAN_13, QR, QR_QUIET, UPC_A, Code, dots_of, quiet_of
from pos.labels.symbols.code128 import FNC1, code128, pairs, segments

MEDIA_TYPE: Final = "application/octet-stream"
PAPERS: Final = MappingProxyType({"58": (32, 384), "80": (42, 512)})
"""Width of paper in millimetres → columns of the usual font, dots that surely are there."""

_INIT, _CENTRE, _LEFT = b"\x1b@", b"\x1ba\x01", b"\x1ba\x00"
_BOLD, _PLAIN = b"\x1bE\x01", b"\x1bE\x00"
_LARGE, _USUAL = b"\x1d!\x11", b"\x1d!\x00"
_CUT: Final = b"\x1bd\x02\x1dVB\x00"
_PAGES: Final = ((16, "cp1252"), (18, "cp852"), (17, "cp866"), (14, "cp737"))
"""Code tables (ESC t) and their codecs: Western, Central European, Cyrillic, Greek."""
_KINDS: Final = {UPC_A: 65, EAN_13: 67, EAN_8: 68}
_CODE_128: Final = 73
_BAR_HEIGHT: Final = 80
_MODULES: Final = (3, 2)
"""Dots of a module, the best first."""
_FIXED_MODULES: Final = 95
_QR_DOTS: Final = range(6, 2, -1)


def render_escpos(*, labels: Sequence[Copies], paper: str = "80") -> bytes:
    """Every copy as one piece of paper. Raises KeyError for another paper, `DoesNotFit` for too long a code."""
    columns, dots = PAPERS[paper]
    made = [_INIT]
    for number, label in enumerate(labels):
        with numbered(number):
            made.append(b"".join(_label(label.content, columns, dots)) * label.count)
    return b"".join(made)


def text_bytes(text: str) -> bytes:
    """A text with the code tables it needs; `?` where no table has the character."""
    runs = ((_page_of(character), character) for character in printable(text))
    made = b""
    for (table, codec), group in groupby(runs, key=lambda run: run[0]):
        made += bytes([0x1B, 0x74, table]) + "".join(each for _, each in group).encode(codec, "replace")
    return made


def barcode_bytes(*, code: Code, dots: int) -> bytes:
    """The command that prints a code on paper of `dots` dots. Raises `DoesNotFit`."""
    if code.symbol == QR:
        return _qr(code, dots)
    if code.symbol in _KINDS:
        return _bars(code, _KINDS[code.symbol], code.data.encode("ascii"), _FIXED_MODULES, dots)
    in_b = len(code128(code.data, only_b=True))
    room = dots // _MODULES[-1] - sum(quiet_of(code))
    is_b = in_b <= room
    modules = in_b if is_b else len(code128(code.data))
    return _bars(code, _CODE_128, _code128_data(code.data, only_b=is_b), modules, dots)


def _label(content: LabelContent, columns: int, dots: int) -> Iterator[bytes]:
    yield _LEFT
    for line in _name_lines(content.name, columns):
        yield _BOLD + text_bytes(line) + _PLAIN + b"\n"
    for text in (content.variant, *content.details):
        if text:
            yield text_bytes(_cropped(text, columns)) + b"\n"
    if content.price:
        size = _LARGE if len(content.price) * 2 <= columns else _USUAL
        yield _CENTRE + size + text_bytes(_cropped(content.price, columns)) + _USUAL + b"\n" + _LEFT
    beside = "  ".join(filter(None, (content.unit_price, content.sku)))
    if beside:
        yield text_bytes(_cropped(beside, columns)) + b"\n"
    if content.code is not None:
        yield _CENTRE + barcode_bytes(code=content.code, dots=dots)
        yield text_bytes(content.code.text) + b"\n" + _LEFT
    yield _CUT


def _bars(code: Code, kind: int, data: bytes, modules: int, dots: int) -> bytes:
    """The text below is printed by the caller: printers differ in what they make of GS1's brackets."""
    needed = modules + sum(quiet_of(code))
    width = next((each for each in _MODULES if needed * each <= dots), None)
    if width is None:
        raise DoesNotFit(f"{needed} modules of {_MODULES[-1]} dots; the paper has {dots} dots")
    settings = b"\x1dH\x00" + bytes([0x1D, 0x68, _BAR_HEIGHT, 0x1D, 0x77, width])
    return settings + bytes([0x1D, 0x6B, kind, len(data)]) + data + b"\n"


def _code128_data(data: str, *, only_b: bool) -> bytes:
    """Code sets and FNC1 in the printer's way: `{B`, `{C`, `{1`; a brace of the data is doubled."""
    made = b""
    for segment in segments(data, only_b=only_b):
        made += b"{" + segment.code_set.encode()
        if segment.code_set == "B":
            made += segment.text.replace("{", "{{").replace(FNC1, "{1").encode("ascii")
        else:
            made += b"".join(b"{1" if pair == FNC1 else bytes([int(pair)]) for pair in pairs(segment.text))
    return made


def _qr(code: Code, dots: int) -> bytes:
    side = len(dots_of(code)) + 2 * QR_QUIET
    size = next((each for each in _QR_DOTS if side * each <= dots), None)
    if size is None:
        raise DoesNotFit(f"a QR code of {side} dots; the paper has {dots} dots")
    data = code.data.encode("utf-8")
    length = (len(data) + 3).to_bytes(2, "little")
    parts = (
        b"\x1d(k\x04\x001A2\x00",
        b"\x1d(k\x03\x001C" + bytes([size]),
        b"\x1d(k\x03\x001E1",
        b"\x1d(k" + length + b"1P0" + data,
        b"\x1d(k\x03\x001Q0",
        b"\n",
    )
    return b"".join(parts)


def _page_of(character: str) -> tuple[int, str]:
    for table, codec in _PAGES:
        try:
            character.encode(codec)
        except UnicodeEncodeError:
            continue
        return table, codec
    return _PAGES[0]


def _name_lines(text: str, columns: int) -> list[str]:
    """A name on two lines at most, cropped there."""
    words, first = printable(text).split(" "), ""
    while words and len(f"{first} {words[0]}".strip()) <= columns:
        first = f"{first} {words.pop(0)}".strip()
    rest = " ".join(words)
    return [line for line in (first, _cropped(rest, columns)) if line]


def _cropped(text: str, columns: int) -> str:
    clean = printable(text)
    return clean if len(clean) <= columns else f"{clean[: columns - 3].rstrip()}..."
