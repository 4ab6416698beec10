"""How an entry's hash is made. A recipe that was ever used is kept for ever, under its number.

Recipe 1: these lines, joined by LF and written in UTF-8, go through SHA-256; the hash is its 64 hexadecimal digits.

    fynlo-journal-1
    <code of the register>
    <position, from 1, without gaps>
    <kind>
    <number people read, may be empty>
    <when it happened, UTC, 2026-03-01T12:00:00.000000Z>
    <when it was recorded, likewise>
    <business date, 2026-03-01>
    <hash of the entry before; empty at position 1>
    <body, canonical text>

No line can hold an LF, so no two entries have the same lines.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

CURRENT_RECIPE: Final = 1
"""The recipe of new entries."""


class UnknownRecipe(ValueError):
    """An entry names a recipe that this version of the fiscal core does not know."""


def entry_hash(
    *,
    recipe: int,
    register_code: str,
    position: int,
    kind: str,
    number: str,
    at: dt.datetime,
    recorded_at: dt.datetime,
    business_date: dt.date,
    previous_hash: str,
    body: str,
) -> str:
    """The hash of an entry, in hexadecimal. Raises `UnknownRecipe`, ValueError for a text with a line feed.

    `body` is the canonical text, taken as it is.
    """
    try:
        make = RECIPES[recipe]
    except KeyError:
        raise UnknownRecipe(f"recipe {recipe} is not known to this version") from None
    lines = (
        register_code,
        str(position),
        kind,
        number,
        instant(at),
        instant(recorded_at),
        business_date.isoformat(),
        previous_hash,
        body,
    )
    return make(lines)


def instant(at: dt.datetime) -> str:
    """A time as the journal writes it: UTC, microseconds, `Z`. Raises ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("the journal needs aware times")
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _recipe_1(lines: tuple[str, ...]) -> str:
    if any("\n" in line for line in lines):
        raise ValueError("no part of an entry may hold a line feed")
    return hashlib.sha256("\n".join(("fynlo-journal-1", *lines)).encode()).hexdigest()


RECIPES: Final[Mapping[int, Callable[[tuple[str, ...]], str]]] = MappingProxyType({1: _recipe_1})
"""Every recipe there ever was. Nothing is taken out, for books are kept for ten years and more."""
