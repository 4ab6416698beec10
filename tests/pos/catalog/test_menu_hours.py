"""When a menu is on, and when that changes next."""

import datetime as dt

import pytest

from pos.catalog.menu_hours import Hours, hours
from pos.pricing.reading import read_when

FRIDAY_NOON = dt.datetime(2026, 7, 3, 12, 0)  # noqa: DTZ001  # a wall clock has no zone

CASES = {
    "always": ({}, True, None),
    "until its end today": ({"times": [["06:00", "14:00"]]}, True, (3, 14, 0)),
    "from tomorrow morning": ({"times": [["06:00", "11:00"]]}, False, (4, 6, 0)),
    "a night that begins on friday": ({"weekdays": [5], "times": [["22:00", "02:00"]]}, False, (3, 22, 0)),
    "a whole weekday": ({"weekdays": [5]}, True, (4, 0, 0)),
    "next week": ({"weekdays": [4]}, False, (9, 0, 0)),
    "from a day on": ({"starts_at": "2026-07-05T09:30"}, False, (5, 9, 30)),
    "over": ({"ends_at": "2026-07-01T00:00"}, False, None),
    "who asks does not matter": ({"channels": ["web"], "times": [["06:00", "14:00"]]}, True, (3, 14, 0)),
}


@pytest.mark.parametrize("case", CASES)
def test_hours(case: str) -> None:
    when, is_on, change = CASES[case]
    moment = None if change is None else FRIDAY_NOON.replace(day=change[0], hour=change[1], minute=change[2])
    assert hours(when=read_when(when), at=FRIDAY_NOON) == Hours(is_on=is_on, changes_at=moment)
