"""The checker of the vectors' arithmetic believes right sums only."""

import pytest

from tests.pricing_reference import arithmetic


@pytest.mark.parametrize(
    "line",
    [
        "2*380 = 760",
        "0.335*1299 = 435.165 -> 435",
        "760*19/119 = 121.34… -> 121",
        "-(1 + 2)*3/4 = -2.25 -> -2",
        "1/8*100 = 12.5 -> 13",
        "1/8*100 = 12.5 -> 12 half_even",
        "-5/2 = -2.5 -> -3",
        "100*200/300 = 66.66… -> 67 up",
        "100*100/300 = 33.33… -> 33 down",
        "2*3 = 6 = 12/2",
        "0.1 + 0.2 = 0.3",
        "-100/3 = -33.3…",
    ],
)
def test_a_right_sum_is_believed(line: str) -> None:
    arithmetic.check(line)


@pytest.mark.parametrize(
    "line",
    [
        "2*380 = 761",
        "760*19/119 = 121.35… -> 121",
        "760*19/119 = 121.34… -> 122",
        "760*19/119 = 121.34",
        "1/8*100 = 12.5 -> 12",
        "1/8*100 = 12.5 -> 13 half_even",
        "10/4 = 2.5… -> 3",
        "2*3 = 6 = 13/2",
        "100*200/300 = 66.67…",
        "100*200/300 = 66.66… -> 67 down",
    ],
)
def test_a_wrong_sum_is_not(line: str) -> None:
    with pytest.raises(AssertionError):
        arithmetic.check(line)


@pytest.mark.parametrize(
    "line",
    [
        "760",
        "two*380 = 760",
        "2**3 = 8",
        "7//2 = 3",
        "abs(-3) = 3",
        "1 + = 1",
        "2*3 = 6 -> six",
        "1/2 = 0.5 -> 1 truncate",
    ],
)
def test_what_is_no_arithmetic_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is for people
        arithmetic.check(line)
