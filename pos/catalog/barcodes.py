"""Printed codes: GTINs (EAN-8, UPC-A, EAN-13, ITF-14) with their check digit, and the merchant's own codes.

Source: GS1 General Specifications, 7.9 (check digit: modulo 10, weights 3 and 1 from the right).
"""

import re

GTIN_LENGTHS = (8, 12, 13, 14)
MAX_LENGTH = 48
MAX_OWN_DIGITS = 7

_DIGITS = re.compile(r"[0-9]+")
_OWN_CODE = re.compile(r"[!-~]{1,48}")
_SPREADSHEET_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE]\+?[0-9]+")


class BarcodeInvalid(ValueError):
    """A code that no scanner will ever report; the message says what is wrong with it."""


def check_digit(body: str) -> str:
    """The digit that completes a GTIN: `check_digit("400638133393")` is `"1"`."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-weighted % 10)


def read_barcode(text: str) -> str:
    """The code as a scanner reports it: spaces of the printed form removed. Raises `BarcodeInvalid`.

    Eight, twelve, thirteen or fourteen digits are a GTIN, whose check digit must be right. Up to seven digits
    and anything with other printable ASCII characters are the merchant's own code (PLU, Code 128).
    """
    code = text.replace(" ", "")
    if not _OWN_CODE.fullmatch(code):
        raise BarcodeInvalid(f"a barcode is 1 to {MAX_LENGTH} letters, digits and signs of ASCII")
    if _SPREADSHEET_NUMBER.fullmatch(code):
        raise BarcodeInvalid(
            "a spreadsheet has shortened this number; format the column as text and enter it again"
        )
    if not _DIGITS.fullmatch(code) or len(code) <= MAX_OWN_DIGITS:
        return code
    if len(code) not in GTIN_LENGTHS:
        raise BarcodeInvalid(
            f"{len(code)} digits; a barcode number has 8, 12, 13 or 14 (is a leading zero missing?)"
        )
    right = check_digit(code[:-1])
    if code[-1] != right:
        raise BarcodeInvalid(f"the last digit is {code[-1]} but should be {right}")
    return code


def same_code(code: str) -> str:
    """A key under which equal codes meet: a UPC-A is the EAN-13 with a leading zero."""
    return code.zfill(14) if len(code) in GTIN_LENGTHS and _DIGITS.fullmatch(code) else code


def spellings(code: str) -> tuple[str, ...]:
    """Every form in which a code equal to `code` may stand in the catalogue (see `same_code`)."""
    if len(code) not in GTIN_LENGTHS or not _DIGITS.fullmatch(code):
        return (code,)
    key = same_code(code)
    return tuple(key[-length:] for length in GTIN_LENGTHS if not key[:-length].strip("0"))
