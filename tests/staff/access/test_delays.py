"""Waits after wrong PINs: five tries are free, then each wait is twice the one before, up to an hour."""

import datetime as dt

import pytest

from staff.access.delays import failures_at, wait_after

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (0, 0),
        (1, 0),
        (4, 0),
        (5, 30),
        (6, 60),
        (7, 120),
        (8, 240),
        (9, 480),
        (10, 960),
        (11, 1920),
        (12, 3600),
        (13, 3600),
        (10_000, 3600),
    ],
)
def test_the_wait_doubles_from_the_fifth_wrong_try_to_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures) == dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(("hours", "counted"), [(0, 7), (23.999, 7), (24, 0), (100, 0)])
def test_wrong_tries_are_forgotten_after_a_day_without_one(hours: float, counted: int) -> None:
    at = NOON + dt.timedelta(hours=hours)
    assert failures_at(failures=7, tried_at=NOON, at=at) == counted
