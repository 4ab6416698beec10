"""Reading symbols as a scanner does: from widths alone, by tables that are not those of the code under test."""

from itertools import groupby

from reportlab.graphics.barcode import code128

FNC1 = "\x1d"
_EAN_WIDTHS = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"]
"""Number set A as widths: space, bar, space, bar."""
_FIRST = {0b000000: 0, 0b001011: 1, 0b001101: 2, 0b001110: 3, 0b010011: 4, 0b011001: 5, 0b011100: 6} | {
    0b010101: 7,
    0b010110: 8,
    0b011010: 9,
}
_VALUES = {
    "".join(str(ord(letter.lower()) - ord("a") + 1) for letter in letters): value
    for value, letters in code128._patterns.items()
}


def widths_of(modules: str) -> list[int]:
    """Lengths of the runs, beginning with a bar."""
    assert modules[0] == modules[-1] == "1"
    return [len(list(run)) for _, run in groupby(modules)]


def check_digit(digits: str) -> int:
    """Modulo 10, weights 3 and 1 from the right."""
    total = sum(int(digit) * weight for digit, weight in zip(reversed(digits), [3, 1] * 7, strict=False))
    return (10 - total % 10) % 10


def read_ean(widths: list[int]) -> str:
    """The digits of an EAN-13 (59 runs) or EAN-8 (43 runs), check digit verified."""
    half = {59: 6, 43: 4}[len(widths)]
    assert widths[:3] == widths[-3:] == [1, 1, 1]
    middle = 3 + 4 * half
    assert widths[middle : middle + 5] == [1] * 5
    digits, parity = "", 0
    for place in range(half):
        digit, is_b = _ean_digit(widths[3 + 4 * place : 7 + 4 * place])
        digits, parity = digits + digit, parity * 2 + is_b
    for place in range(half):
        start = middle + 5 + 4 * place
        digit, is_b = _ean_digit(widths[start : start + 4])
        assert not is_b
        digits += digit
    if half == 6:
        digits = str(_FIRST[parity]) + digits
    assert int(digits[-1]) == check_digit(digits[:-1])
    return digits


def _ean_digit(widths: list[int]) -> tuple[str, bool]:
    text = "".join(map(str, widths))
    if text in _EAN_WIDTHS:
        return str(_EAN_WIDTHS.index(text)), False
    return str(_EAN_WIDTHS.index(text[::-1])), True


def read_code128(widths: list[int]) -> str:
    """What a scanner reports of a Code 128; FNC1 as the group separator. The check symbol is verified."""
    assert (len(widths) - 7) % 6 == 0
    texts = ["".join(map(str, widths[at : at + 6])) for at in range(0, len(widths) - 7, 6)]
    values = [_VALUES[text] for text in texts]
    assert "".join(map(str, widths[-7:])) == "2331112"
    *data, check = values
    assert check == (data[0] + sum(place * value for place, value in enumerate(data))) % 103
    code_set, out = {104: "B", 105: "C"}[data[0]], ""
    for value in data[1:]:
        if value == 102:
            out += FNC1
        elif code_set == "B" and value == 99:
            code_set = "C"
        elif code_set == "C" and value == 100:
            code_set = "B"
        else:
            out += f"{value:02}" if code_set == "C" else chr(value + 32)
    return out
