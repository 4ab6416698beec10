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
_PATTERNS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)
"""Six digits for each value from 0 to 105: the widths of its bars and spaces in turn."""
_STOP_WIDTHS: Final = "2331112"


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
            is_same = bool(found) and found[-1].code_set == segment.code_set
            before = found.pop().text if is_same else ""
            found.append(Segment(segment.code_set, before + segment.text))
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
    return "".join(_modules(_widths(value)) for value in values(data, only_b=only_b))


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
    """Runs of digits between FNC1. A digit without a partner is in B: before the pairs, or after what is in C."""
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


def _widths(value: int) -> str:
    return _STOP_WIDTHS if value == _STOP else _PATTERNS[6 * value : 6 * value + 6]


def _modules(widths: str) -> str:
    return "".join(("1", "0")[place % 2] * int(width) for place, width in enumerate(widths))
