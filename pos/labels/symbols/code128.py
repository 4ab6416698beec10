"""Code 128 and GS1-128: printable ASCII in code set B, pairs of digits in code set C. Pure.

Source: ISO/IEC 15417 (Code 128), GS1 General Specifications 5.4 (GS1-128).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

FNC1: Final = "\x1d"
"""At the start it makes a GS1-128 of a Code 128; later it ends an element of variable length."""
QUIET: Final = (10, 10)

_START: Final = {"B": 104, "C": 105}
_SWITCH: Final = {"B": 100, "C": 99}
_FNC1_VALUE, _STOP, _CHECK = 102, 106, 103
_WORTH_AT_START, _WORTH_INSIDE = 4, 6
"""Digits in a row from which code set C is shorter."""
_PART: Final = re.compile(r"(?:[0-9\x1d])+|[^0-9\x1d]+")
_PRINTABLE: Final = re.compile(r"[ -~\x1d]+")
_WIDTHS: Final = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
).split()
"""Bars and spaces of each value, from 0 on; 103 to 105 start, 106 stops."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part in one code set, `B` or `C`; in `C` its digits come in pairs. It may have FNC1 in it."""

    code_set: str
    text: str


def segments(data: str, *, only_b: bool = False) -> list[Segment]:
    """`data` in as few symbols as simple rules find. Raises ValueError for what is not printable ASCII or FNC1."""
    if not _PRINTABLE.fullmatch(data):
        raise ValueError("Code 128 has printable ASCII characters")
    if only_b:
        return [Segment("B", data)]
    parts = _PART.findall(data)
    found: list[Segment] = []
    for place, part in enumerate(parts):
        for segment in _split(part, is_first=place == 0, is_last=place == len(parts) - 1):
            if found and found[-1].code_set == segment.code_set:
                segment = Segment(segment.code_set, found.pop().text + segment.text)
            found.append(segment)
    return found


def values(data: str, *, only_b: bool = False) -> list[int]:
    """The values of all symbols: start, data, check, stop."""
    made: list[int] = []
    for segment in segments(data, only_b=only_b):
        made.append(_SWITCH[segment.code_set] if made else _START[segment.code_set])
        made += _values_of(segment)
    check = (made[0] + sum(place * value for place, value in enumerate(made))) % _CHECK
    return [*made, check, _STOP]


def code128(data: str, *, only_b: bool = False) -> str:
    """The modules: 1 is a bar, 0 a space."""
    return "".join(_modules(_WIDTHS[value]) for value in values(data, only_b=only_b))


def pairs(text: str) -> Iterator[str]:
    """The symbols of a text in code set C: pairs of digits, and FNC1."""
    place = 0
    while place < len(text):
        step = 1 if text[place] == FNC1 else 2
        yield text[place : place + step]
        place += step


def _split(part: str, *, is_first: bool, is_last: bool) -> Iterator[Segment]:
    """A part in C where it is worth it."""
    count = len(part.replace(FNC1, "")) if part[0] == FNC1 or part[0].isdigit() else 0
    worth = _WORTH_AT_START if is_first or is_last else _WORTH_INSIDE
    is_whole_pair = is_first and is_last and count == 2  # noqa: PLR2004 -- two digits
    if count < worth and not is_whole_pair:
        yield Segment("B", part)
    else:
        yield from _paired(part)


def _paired(part: str) -> Iterator[Segment]:
    """Runs of digits between FNC1. A digit without a partner is in B: before the pairs, or after them if C came first."""
    in_c = ""
    for run in re.findall(r"\x1d|[0-9]+", part):
        if run == FNC1 or len(run) % 2 == 0:
            in_c += run
        elif in_c:
            yield Segment("C", in_c + run[:-1])
            yield Segment("B", run[-1])
            in_c = ""
        else:
            yield Segment("B", run[0])
            in_c = run[1:]
    if in_c:
        yield Segment("C", in_c)


def _values_of(segment: Segment) -> list[int]:
    if segment.code_set == "C":
        return [_FNC1_VALUE if pair == FNC1 else int(pair) for pair in pairs(segment.text)]
    return [_FNC1_VALUE if character == FNC1 else ord(character) - 32 for character in segment.text]


def _modules(widths: str) -> str:
    return "".join(("1", "0")[place % 2] * int(width) for place, width in enumerate(widths))
