"""What the simulated vendor keeps of a payment. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from fynlo.core.money import round_half_up

BASIS_POINTS: Final = 140
FIXED_MINOR: Final = 5
_WHOLE: Final = 10_000


def fee_minor(*, settings: Mapping[str, Any], amount_minor: int) -> int:
    """A rate of the amount, half a unit rounded up, and a fixed part: of 10.00 at 1.4 % and 0.05, 0.19."""
    rate = Fraction(settings.get("fee_basis_points", BASIS_POINTS), _WHOLE)
    return round_half_up(amount_minor * rate) + int(settings.get("fee_fixed_minor", FIXED_MINOR))
