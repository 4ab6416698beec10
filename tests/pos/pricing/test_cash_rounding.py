"""Cash is rounded at the tender, to the nearest coin, the same way for money taken and given back."""

import pytest

from fynlo.core.errors import DomainError
from pos.pricing.cash import cash_rounding


@pytest.mark.parametrize(
    ("due", "increment", "rounded"),
    [
        (1058, 1, 1058),
        (1058, 5, 1060),
        (1057, 5, 1055),
        (1052, 5, 1050),
        (1055, 10, 1060),
        (1054, 10, 1050),
        (1075, 50, 1100),
        (1074, 50, 1050),
        (750, 100, 800),
        (749, 100, 700),
        (2, 5, 0),
        (0, 100, 0),
    ],
)
def test_the_nearest_coin_half_away_from_zero_and_mirrored_for_refunds(
    due: int, increment: int, rounded: int
) -> None:
    assert cash_rounding(due_minor=due, increment=increment) == (rounded, rounded - due)
    assert cash_rounding(due_minor=-due, increment=increment) == (-rounded, due - rounded)


@pytest.mark.parametrize("increment", [0, 2, 25, -5])
def test_coins_that_no_currency_has_are_refused(increment: int) -> None:
    with pytest.raises(DomainError) as caught:
        cash_rounding(due_minor=100, increment=increment)
    assert (caught.value.code, caught.value.errors[0].pointer) == ("increment_not_allowed", "/increment")
