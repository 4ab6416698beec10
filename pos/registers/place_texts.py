"""Codes and names of places, registers and drawers: what can be printed and typed."""

from typing import Final

from fynlo.core.errors import FieldProblem
from pos.catalog.csv_reading.cells import CellInvalid, read_text

LONGEST_CODE: Final = 20
LONGEST_NAME: Final = 120


def code_problems(pointer: str, code: str) -> list[FieldProblem]:
    """What is wrong with a code: it has letters and digits of ASCII, - and _, and begins with neither of these."""
    plain = code.replace("-", "").replace("_", "")
    if 0 < len(code) <= LONGEST_CODE and plain.isascii() and plain.isalnum() and code[0] not in "-_":
        return []
    return [FieldProblem(pointer, "code", f"A code has 1 to {LONGEST_CODE} letters, digits, - and _.")]


def text_problems(pointer: str, value: str, *, longest: int, needed: bool = True) -> list[FieldProblem]:
    """What is wrong with a text: too long, empty, with control characters, needless spaces, not composed."""
    try:
        clean = read_text(value, longest=longest, needed=needed)
    except CellInvalid as error:
        return [FieldProblem(pointer, "text", f"The text {error}.")]
    if clean != value:
        return [FieldProblem(pointer, "text", "The text has needless spaces or is not composed (NFC).")]
    return []
