"""Languages that are read from right to left. Pure."""

from typing import Final

_RIGHT_TO_LEFT: Final = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "sd", "ckb", "dv", "ug"})


def is_mirrored(language: str) -> bool:
    """Whether paper in a language is laid out from right to left. `language` is a BCP 47 tag."""
    return language.casefold().partition("-")[0] in _RIGHT_TO_LEFT
