"""Text from people, made safe for paper: printable, of known width, divided only between graphemes.

What is taken out, and why (trap 34 of the reliability notes): control characters, because ESC and GS begin
printer commands (`ESC p` opens the drawer, `GS V` cuts); text-direction controls and other invisible format
characters, because they make a receipt read as something else; unassigned and private characters; combining
marks beyond three on one character, because they bleed over neighbouring lines.
"""

import unicodedata
from collections.abc import Iterator

MAX_MARKS = 3
MAX_CLUSTER = 8

_MARKS = frozenset({"Mn", "Me"})
_REMOVED = frozenset({"Cf", "Co", "Cs", "Cn"})
_BLANK = frozenset({"Cc", "Zs", "Zl", "Zp"})
_SPACING_VOWELS = frozenset("\u0e33\u0eb3")
_EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
_JAMO_VOWELS_AND_FINALS = range(0x1160, 0x1200)


def printable(text: str) -> str:
    """One line of printable characters in composed form; any white space or control is one space."""
    words = "".join(map(_replacement, text)).split()
    return " ".join(filter(None, (_without_floods(unicodedata.normalize("NFC", word)) for word in words)))


def graphemes(text: str) -> Iterator[str]:
    """What a reader sees as one character each: the rules of UAX #29 that printable text can need.

    Eight characters are the most that stay together, so that no grapheme is wider than a line.
    """
    cluster = ""
    for character in text:
        if cluster and len(cluster) < MAX_CLUSTER and _joins(cluster=cluster, character=character):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster


def columns(text: str) -> int:
    """How many columns a fixed-width font needs: two for East Asian wide characters, none for marks."""
    return sum(_columns_of(character) for character in text)


def _replacement(character: str) -> str:
    category = unicodedata.category(character)
    if category in _BLANK:
        return " "
    return "" if category in _REMOVED else character


def _without_floods(word: str) -> str:
    """Marks without a character to stand on are dropped, and those beyond the third on one."""
    kept: list[str] = []
    marks = 0
    for character in word:
        marks = marks + 1 if unicodedata.category(character) in _MARKS else 0
        if marks <= MAX_MARKS and (kept or not marks):
            kept.append(character)
    return "".join(kept)


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in _MARKS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _joins(*, cluster: str, character: str) -> bool:
    code = ord(character)
    if unicodedata.category(character) in ("Mn", "Me", "Mc") or character in _SPACING_VOWELS:
        return True
    if code in _EMOJI_MODIFIERS or code in _JAMO_VOWELS_AND_FINALS:
        return True
    return code in _REGIONAL_INDICATORS and len(cluster) == 1 and ord(cluster) in _REGIONAL_INDICATORS
