"""Text in the order and the shapes in which it is drawn: from left to right, one character after the other.

Printers, PDF pages and pixels know no scripts. So Arabic letters are joined here (arabic-reshaper: presentation
forms, which DejaVu Sans has), and what is read from right to left is turned around by the Unicode bidirectional
algorithm (UAX #9, python-bidi). Only cleaned text comes here (`fynlo.core.characters.printable`), so there are no
directional controls; a line begins at the side of its first letter that has one, like `dir="auto"`, and on paper
that is a mirror image (Arabic, Hebrew) at the right as soon as it has a letter that is read from there. Pure.
"""

import re
import unicodedata
from typing import Final

from arabic_reshaper import ArabicReshaper
from bidi import get_display
from bidi.mirror import MIRRORED

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_DIRECTED: Final = frozenset({"L", "R", "AL"})
_TRACER: Final = "\u20e3"
"""A mark nobody needs here; it stays with the bracket it follows and tells on which side it ended up."""
_POINTS: Final = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")
_JOINED: Final = ArabicReshaper(configuration={"ARABIC LIGATURE ALLAH": False, "delete_harakat": True})


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction is of a script read from right to left."""
    found = (kind for kind in map(unicodedata.bidirectional, text) if kind in _DIRECTED)
    return next(found, "L") in _RIGHT_TO_LEFT


def has_right_to_left(text: str) -> bool:
    """Whether anything in it is read from right to left."""
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def visual(text: str, *, is_mirrored: bool = False) -> str:
    """One line as it is drawn from left to right: letters joined, runs turned, brackets mirrored.

    Vowel signs of Arabic and points of Hebrew are left out, as in most of what is printed.
    """
    if not has_right_to_left(text):
        return text
    joined = _JOINED.reshape(_POINTS.sub("", text.replace(_TRACER, "")))
    traced = "".join(f"{one}{_TRACER}" if one in MIRRORED else one for one in joined)
    turned = get_display(traced, base_dir="R" if is_mirrored or is_right_to_left(text) else "L")
    return _mirrored(turned)


def _mirrored(turned: str) -> str:
    """Brackets that were turned around point the other way now: their tracer stands before them."""
    made = []
    characters = iter(turned)
    for one in characters:
        if one == _TRACER:
            made.append(MIRRORED[next(characters)])
        elif one in MIRRORED:
            made.append(one)
            next(characters)
        else:
            made.append(one)
    return "".join(made)
