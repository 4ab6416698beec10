"""How names are folded for searching: a guest's spelling and the catalogue's meet in the same text. Pure."""

import unicodedata
from typing import Final

MAX_QUERY: Final = 80
_SPELLED_OUT: Final = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def fold(text: str) -> str:
    """`text` in small letters, without accents, signs as single spaces: `Crème-Brûlée` is `creme brulee`."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_SPELLED_OUT)
    letters = "".join(
        char if char.isalnum() else " " for char in plain if not unicodedata.category(char).startswith("M")
    )
    return " ".join(letters.split())


def search_text(*, item_name: str, variant_name: str, sku: str) -> str:
    """What a search looks in for a variant: its names and its SKU, folded.

    An SKU with signs stands there twice, as words and without its signs: `tee s red` and `teesred` find TEE-S-RED.
    """
    words = fold(sku)
    joined = words.replace(" ", "")
    parts = (fold(item_name), fold(variant_name), words, joined if joined != words else "")
    return " ".join(part for part in parts if part)
