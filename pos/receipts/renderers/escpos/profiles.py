"""What a printer has: how wide its paper is and which letters it knows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CELL: Final = 12
"""Dots of a column in the usual font (font A, 12 × 24)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of printer. `pages` are code tables (ESC t) with their codecs, the most usual first."""

    name: str
    columns: int
    dots: int
    pages: tuple[tuple[int, str], ...]

    @property
    def margin(self) -> int:
        """Dots that the columns leave over at the right."""
        return self.dots - self.columns * CELL


_EPSON_PAGES: Final = ((16, "cp1252"), (18, "cp852"), (17, "cp866"), (14, "cp737"))
"""Western, Central European, Cyrillic, Greek: the tables that nearly every maker has under these numbers."""

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {
        "58": Profile(name="58", columns=32, dots=384, pages=_EPSON_PAGES),
        "80": Profile(name="80", columns=42, dots=512, pages=_EPSON_PAGES),
    }
)
"""By width of paper in millimetres."""
