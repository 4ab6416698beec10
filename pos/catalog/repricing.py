"""New prices from old ones: a share or an amount more or less, ending as prices in shops do. Pure, exact."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from fynlo.core.money import round_half_up

_STEPS: Final = {"": (1, 0), "00": (100, 0), "50": (50, 0), "05": (5, 0), "09": (10, 9), "99": (100, 99)}
ENDINGS: Final = tuple(_STEPS)
"""How a new price ends: anyhow, at whole units, at multiples of five or fifty, or on nine or ninety-nine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`percent` more (0.05 is five per cent, negative is less), or `amount_minor` more; then the ending.

    Endings speak of the last two digits of minor units; of a currency without them only "" and "05" make sense.
    """

    percent: Fraction = Fraction(0)
    amount_minor: int = 0
    ending: str = ""


def new_price(*, price_minor: int, change: Change) -> int:
    """The nearest price with the ending to what the change makes of `price_minor`; never below nothing.

    Half way between two it is the higher one. A price of nothing stays nothing.
    """
    if price_minor == 0:
        return 0
    exact = max(Fraction(0), price_minor * (1 + change.percent) + change.amount_minor)
    step, behind = _STEPS[change.ending]
    return _nearest(exact, step=step, behind=behind)


def _nearest(exact: Fraction, *, step: int, behind: int) -> int:
    """The nearest multiple of `step` plus `behind`; the smallest that is no less than nothing."""
    return max(0, round_half_up((exact - behind) / step)) * step + behind
