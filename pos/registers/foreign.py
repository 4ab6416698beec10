"""Notes of other currencies in a drawer: what there should be, what was counted, what a difference is worth.

Each movement keeps what its notes were worth in the merchant's own money at the rate of that moment. So a drawer
knows of each currency how much there should be and what that stands at in the books, and a difference is worth as
much as the notes that it should have held: all of them missing are all that they stood at, to the cent. Worked
numbers: `docs/concepts/foreign-cash.md`. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from fynlo.core.money import Money, exponent
from payments.tenders.rules import foreign_worth
from pos.registers.denominations import Pieces

RATE_STEP: Final = Decimal("0.00000001")
_LARGEST_RATE: Final = Decimal(10**10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Notes that went into a drawer, or out of it (below zero), and what they were worth at `rate`."""

    money: Money
    worth_minor: int
    rate: Decimal | None = None

    def __neg__(self) -> "Notes":
        return Notes(money=-self.money, worth_minor=-self.worth_minor, rate=self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCount:
    """How much of another currency was counted, perhaps by its pieces."""

    money: Money
    pieces: tuple[Pieces, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a currency there should be, and what that stands at in the merchant's own money."""

    amount_minor: int = 0
    worth_minor: int = 0

    def __add__(self, other: "Held") -> "Held":
        return Held(self.amount_minor + other.amount_minor, self.worth_minor + other.worth_minor)


def held_of(notes: Iterable[tuple[str, int, int]]) -> dict[str, Held]:
    """By currency, of (currency, amount, worth) of every movement."""
    held: dict[str, Held] = {}
    for currency, amount_minor, worth_minor in notes:
        held[currency] = held.get(currency, Held()) + Held(amount_minor, worth_minor)
    return held


def notes_of(*, money: Money, rate: Decimal, currency: str, held: Held | None = None) -> Notes:
    """Notes at `rate`; those that leave (below zero) at what the drawer's stand at, if it has them."""
    if money.minor < 0 and held is not None and held.worth_minor > 0 and -money.minor <= held.amount_minor:
        worth = _share(held, money.minor)
        return Notes(money=money, worth_minor=worth, rate=rate_of(held, money.currency, currency) or rate)
    sign = -1 if money.minor < 0 else 1
    size = Money(abs(money.minor), money.currency)
    return Notes(
        money=money, worth_minor=sign * foreign_worth(foreign=size, rate=rate, currency=currency), rate=rate
    )


def rate_of(held: Held, foreign: str, currency: str) -> Decimal | None:
    """What one of a currency stands at in the merchant's own, both in major units; None for what is not there."""
    if held.amount_minor <= 0 or held.worth_minor <= 0:
        return None
    worth = Decimal(held.worth_minor).scaleb(-exponent(currency))
    rate = worth / Decimal(held.amount_minor).scaleb(-exponent(foreign))
    return rate.quantize(RATE_STEP, rounding=ROUND_HALF_UP) if rate < _LARGEST_RATE else None


def difference_worth(*, held: Held, counted: Money, rate: Decimal, currency: str) -> int:
    """What counted less expected is worth. Where none is left, all that they stood at goes."""
    if counted.minor == 0:
        return -held.worth_minor
    difference = counted.minor - held.amount_minor
    if not difference:
        return 0
    if held.amount_minor > 0 and held.worth_minor > 0:
        return _share(held, difference)
    return notes_of(money=Money(difference, counted.currency), rate=rate, currency=currency).worth_minor


def count_foreign(
    *,
    held: Mapping[str, Held],
    counted: Sequence[ForeignCount],
    rates: Mapping[str, Decimal],
    currency: str,
) -> list[dict[str, Any]]:
    """Of each currency that there should be or that was counted, by its code: as a count keeps it.

    What nobody counted has None, and no difference.
    """
    found = {each.money.currency: each for each in counted}
    expected = {name for name, each in held.items() if each.amount_minor or each.worth_minor}
    return [
        _counted(name, held.get(name, Held()), found.get(name), rates.get(name), currency)
        for name in sorted(found.keys() | expected)
    ]


def _counted(
    name: str, held: Held, counted: ForeignCount | None, rate: Decimal | None, currency: str
) -> dict[str, Any]:
    stands_at = rate_of(held, name, currency) or rate
    worth = (
        0
        if counted is None
        else difference_worth(
            held=held, counted=counted.money, rate=stands_at or Decimal(0), currency=currency
        )
    )
    return {
        "currency": name,
        "expected_minor": held.amount_minor,
        "expected_worth_minor": held.worth_minor,
        "counted_minor": None if counted is None else counted.money.minor,
        "variance_worth_minor": worth,
        "rate": None if stands_at is None else f"{stands_at.normalize():f}",
        "denominations": []
        if counted is None
        else [{"value_minor": each.value_minor, "count": each.count} for each in counted.pieces],
    }


def empty_count(currency: str) -> dict[str, Any]:
    """Of a currency of which there should be none, and that nobody counted."""
    return _counted(currency, Held(), None, None, currency)


def settled_count(kept: Mapping[str, Any], *, held: Held) -> dict[str, Any]:
    """A kept count as it stands when the drawer is closed: what moved since is taken as it was recorded."""
    since = held.amount_minor - kept["expected_minor"]
    counted = kept["counted_minor"]
    return {
        **kept,
        "expected_minor": held.amount_minor,
        "expected_worth_minor": held.worth_minor,
        "counted_minor": None if counted is None else counted + since,
    }


def told_count(kept: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """A kept count of a currency as it is told: amounts with their currencies, the worth in the merchant's own."""
    counted, expected = kept["counted_minor"], kept["expected_minor"]

    def money(minor: int | None, code: str = kept["currency"]) -> dict[str, Any] | None:
        return None if minor is None else {"amount_minor": minor, "currency": code}

    return {
        "currency": kept["currency"],
        "expected": money(expected),
        "expected_worth": money(kept["expected_worth_minor"], currency),
        "counted": money(counted),
        "variance": money(None if counted is None else counted - expected),
        "variance_worth": money(kept["variance_worth_minor"], currency),
        "rate": kept["rate"],
        "denominations": kept["denominations"],
    }


def _share(held: Held, amount_minor: int) -> int:
    """What so much of it stands at; of all of it everything."""
    part = Decimal(held.worth_minor) * amount_minor / held.amount_minor
    return int(part.to_integral_value(rounding=ROUND_HALF_UP))
