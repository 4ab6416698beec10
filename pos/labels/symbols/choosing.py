"""Which symbol carries a code, whether it can, and how much room it takes. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from pos.catalog.barcodes import BarcodeInvalid, check_digit
from pos.labels.symbols.code128 import QUIET, code128
from pos.labels.symbols.ean import QUIET_8, QUIET_13, QUIET_UPC, ean8, ean13, upc_a

AUTO, NONE = "auto", "none"
EAN_13, EAN_8, UPC_A, CODE_128, GS1_128, QR = "ean_13", "ean_8", "upc_a", "code_128", "gs1_128", "qr"
SYMBOLS: Final = (EAN_13, EAN_8, UPC_A, CODE_128, GS1_128, QR)
CHOICES: Final = (AUTO, NONE, *SYMBOLS)

QR_QUIET: Final = 4
_DIGITS: Final = {EAN_13: 13, EAN_8: 8, UPC_A: 12}
_BY_LENGTH: Final = {13: EAN_13, 8: EAN_8, 12: UPC_A, 14: GS1_128}
_ASCII: Final = re.compile(r"[ -~]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What is printed as bars or dots: `data` as a scanner reports it, `text` as people read it below."""

    symbol: str
    data: str
    text: str

    @property
    def is_square(self) -> bool:
        """Whether it is a square of dots."""
        return self.symbol == QR


def symbol_for(code: str) -> str:
    """The symbol a code of the catalogue is usually printed in: a GTIN by its length, others Code 128."""
    is_gtin = code.isascii() and code.isdigit() and len(code) in _BY_LENGTH
    return _BY_LENGTH[len(code)] if is_gtin else CODE_128


def code_for(*, symbol: str, code: str) -> Code:
    """`code` in a symbol of its own choice (GS1-128: with `gs1_strings`). Raises `BarcodeInvalid`."""
    digits = _DIGITS.get(symbol)
    if symbol == EAN_13 and len(code) == _DIGITS[UPC_A]:
        code = f"0{code}"
    if digits is not None:
        if not (code.isascii() and code.isdigit()) or len(code) != digits:
            raise BarcodeInvalid(f"this symbol has {digits} digits")
        if check_digit(code[:-1]) != code[-1]:
            raise BarcodeInvalid(f"the last digit is {code[-1]} but should be {check_digit(code[:-1])}")
    elif not _ASCII.fullmatch(code):
        raise BarcodeInvalid("a barcode has printable characters of ASCII")
    return Code(symbol=symbol, data=code, text=code)


def modules_of(code: Code) -> str:
    """The bars (1) and spaces (0) of a linear symbol, without its quiet zones."""
    encode = {EAN_13: ean13, EAN_8: ean8, UPC_A: upc_a}.get(code.symbol, code128)
    return encode(code.data)


def quiet_of(code: Code) -> tuple[int, int]:
    """Empty modules at the left and at the right."""
    return {EAN_13: QUIET_13, EAN_8: QUIET_8, UPC_A: QUIET_UPC}.get(code.symbol, QUIET)


def dots_of(code: Code) -> list[list[bool]]:
    """The rows of a QR code (error correction M), without its quiet zone."""
    qr = QRCode(None, QRErrorCorrectLevel.M)
    qr.addData(code.data)
    qr.make()
    size = qr.getModuleCount()
    return [[bool(qr.isDark(row, column)) for column in range(size)] for row in range(size)]
