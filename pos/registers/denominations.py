"""Coins and notes: which a currency has, and what a drawer counted by them holds. Pure.

The tables are legal tender in circulation, in minor units, largest first; other currencies are counted as one sum.
A merchant may state others (`pos.registers.denominations`), such as without the coins their shop does not take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from fynlo.core.errors import FieldProblem, RuleViolation

_EUROPEAN: Final = (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1)
_DOLLAR: Final = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1)

DENOMINATIONS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "AED": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100, 50, 25),
        "AUD": (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5),
        "BRL": (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5),
        "CAD": (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 25, 10, 5),
        "CHF": (100_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5),
        "CNY": (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10),
        "CZK": (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100),
        "DKK": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50),
        "EUR": _EUROPEAN,
        "GBP": (5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
        "HKD": (100_000, 50_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10),
        "HUF": (
            2_000_000,
            1_000_000,
            500_000,
            200_000,
            100_000,
            50_000,
            20_000,
            10_000,
            5_000,
            2_000,
            1_000,
            500,
        ),
        "ILS": (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 10),
        "INR": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50),
        "JPY": (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1),
        "KRW": (50_000, 10_000, 5_000, 1_000, 500, 100, 50, 10),
        "KWD": (20_000, 10_000, 5_000, 1_000, 500, 250, 100, 50, 20, 10, 5),
        "MXN": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10),
        "NOK": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100),
        "NZD": (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10),
        "PLN": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
        "RON": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1),
        "SAR": (50_000, 20_000, 10_000, 5_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1),
        "SEK": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100),
        "SGD": (100_000, 10_000, 5_000, 1_000, 500, 200, 100, 50, 20, 10, 5),
        "THB": (100_000, 50_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25),
        "TRY": (20_000, 10_000, 5_000, 2_000, 1_000, 500, 100, 50, 25, 10, 5),
        "UAH": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 10),
        "USD": _DOLLAR,
        "ZAR": (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10),
    }
)


class UnknownDenomination(RuleViolation):
    """A coin or note that the currency does not have."""

    code = "unknown_denomination"
    title = "There is no such coin or note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """So many coins or notes of one value."""

    value_minor: int
    count: int


def denominations(*, currency: str, stated: Sequence[int] = ()) -> tuple[int, ...]:
    """The coins and notes to count by, largest first: the merchant's own, or those of the currency; maybe none."""
    return tuple(sorted(set(stated), reverse=True)) if stated else DENOMINATIONS.get(currency, ())


def sum_of_pieces(pieces: Sequence[Pieces], *, known: Sequence[int], pointer: str) -> int:
    """What the pieces are worth in minor units.

    Raises `UnknownDenomination` for a value that is not among `known` (nothing is unknown where nothing is known)
    or stated twice; counting is stopped there before it goes wrong.
    """
    problems, seen = [], set()
    for place, piece in enumerate(pieces):
        where = f"{pointer}/{place}/value_minor"
        if known and piece.value_minor not in known:
            problems.append(FieldProblem(where, "unknown_denomination", "The currency has no such piece."))
        elif piece.value_minor in seen:
            problems.append(FieldProblem(where, "repeated", "This piece is counted twice; add them up."))
        seen.add(piece.value_minor)
    if problems:
        raise UnknownDenomination(problems[0].detail, errors=problems)
    return sum(piece.value_minor * piece.count for piece in pieces)
