"""EAN-13, EAN-8 and UPC-A as modules. Source: GS1 General Specifications, 5.2 (EAN/UPC symbology). Pure."""

from typing import Final

_L: Final = (
    "0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011",
)  # fmt: skip
"""Number set A, as the left half has it; set C is its complement, set B is C read backwards."""
_PARITIES: Final = (
    "LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL",
)  # fmt: skip
"""How the first digit of an EAN-13 hides in the number sets of its left half."""
_GUARD, _MIDDLE = "101", "01010"
_FLIP: Final = str.maketrans("01", "10")

QUIET_13: Final = (11, 7)
QUIET_8: Final = (7, 7)
QUIET_UPC: Final = (9, 9)
"""Modules that stay empty at the left and at the right."""


def ean13(digits: str) -> str:
    """The 95 modules of thirteen digits: 1 is a bar, 0 a space."""
    sets = _PARITIES[int(digits[0])]
    left = "".join(_digit(digit, kind) for digit, kind in zip(digits[1:7], sets, strict=True))
    right = "".join(_digit(digit, "R") for digit in digits[7:])
    return f"{_GUARD}{left}{_MIDDLE}{right}{_GUARD}"


def ean8(digits: str) -> str:
    """The 67 modules of eight digits."""
    left = "".join(_digit(digit, "L") for digit in digits[:4])
    right = "".join(_digit(digit, "R") for digit in digits[4:])
    return f"{_GUARD}{left}{_MIDDLE}{right}{_GUARD}"


def upc_a(digits: str) -> str:
    """The 95 modules of twelve digits: those of the EAN-13 with a leading zero."""
    return ean13(f"0{digits}")


def _digit(digit: str, kind: str) -> str:
    left = _L[int(digit)]
    if kind == "L":
        return left
    right = left.translate(_FLIP)
    return right if kind == "R" else right[::-1]
