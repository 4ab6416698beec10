"""The commands a receipt may send to a printer: these and no others. Pure.

Source: Epson's ESC/POS command reference (ESC @, FS ., ESC t, ESC E, ESC a, ESC 3, GS v 0, GS ( k, ESC d, GS V,
ESC p). Text is what is left when everything below 0x20, and DEL, is taken out, so that it cannot begin a command;
whatever else is data goes after its own length.
"""

from typing import Final

from PIL import Image, ImageChops

MEDIA_TYPE: Final = "application/octet-stream"
LINE_DOTS: Final = 30
"""Dots from one line to the next."""

START: Final = b"\x1b@\x1c.\x1b3" + bytes([LINE_DOTS])
"""As after switching on; single bytes are letters, also on printers for the Chinese market."""
END: Final = b"\x1bd\x04\x1dVB\x00"
"""Feed the last line out of the head and cut."""
OPEN_DRAWER: Final = b"\x1bp\x00\x19\xfa"
"""A pulse of 50 ms on the first connector."""
_SPACE: Final = 0x20
_DELETE: Final = 0x7F
_MOST_ROWS: Final = 1200


def letters(*, table: int, data: bytes) -> bytes:
    """Text in a code table. Whatever could begin a command is a question mark."""
    return b"\x1bt" + bytes([table]) + bytes(_letter(byte) for byte in data)


def bold(*, data: bytes) -> bytes:
    """Something in bold."""
    return b"\x1bE\x01" + data + b"\x1bE\x00"


def raster(picture: Image.Image) -> bytes:
    """A picture of one bit a dot, black on white, its first column at the left edge of the paper."""
    rows, width = min(picture.height, _MOST_ROWS), (picture.width + 7) // 8
    whole = Image.new("1", (width * 8, rows), 1)
    whole.paste(picture, (0, 0))
    dots = ImageChops.invert(whole.convert("L")).convert("1").tobytes()
    return b"\x1dv0\x00" + width.to_bytes(2, "little") + rows.to_bytes(2, "little") + dots


def qr_code(*, data: bytes, size: int) -> bytes:
    """A QR code in the middle of the paper, of squares of `size` dots, with level M against damage."""
    length = (len(data) + 3).to_bytes(2, "little")
    return b"".join(
        (
            b"\x1ba\x01",
            b"\x1d(k\x04\x001A2\x00",
            b"\x1d(k\x03\x001C" + bytes([size]),
            b"\x1d(k\x03\x001E1",
            b"\x1d(k" + length + b"1P0" + data,
            b"\x1d(k\x03\x001Q0",
            b"\x1ba\x00",
        )
    )


def _letter(byte: int) -> int:
    return byte if byte >= _SPACE and byte != _DELETE else ord("?")
