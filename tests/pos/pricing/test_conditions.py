"""When something applies: every condition alone, all together, and the hours around midnight."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from pos.pricing.conditions import ALWAYS, When, holds
from pos.pricing.reading import read_context, read_when

HERE = read_context(
    {
        "currency": "EUR",
        "at": "2026-11-20T18:05",  # a Friday
        "location_id": "downtown",
        "channel": "till",
        "order_type": "dine_in",
        "customer_group": "member",
        "destination": "CA-QC",
        "covers": 4,
        "coupons": ["WINTER", "TEN"],
    }
)
NOWHERE = read_context({"currency": "EUR", "at": "2026-11-20T18:05"})


@pytest.mark.parametrize(
    ("member", "fits", "fits_not"),
    [
        ("channels", ["web", "till"], ["web"]),
        ("locations", ["downtown"], ["harbour"]),
        ("customer_groups", ["member"], ["staff"]),
        ("order_types", ["dine_in", "delivery"], ["take_away"]),
        ("destinations", ["CA-QC"], ["CA-ON"]),
        ("min_covers", 4, 5),
        ("exempt", False, True),
        ("coupons", ["TEN", "ELEVEN"], ["ten"]),
        ("weekdays", [5, 6], [4]),
        ("starts_at", "2026-11-20T18:05", "2026-11-20T18:05:01"),
        ("ends_at", "2026-11-20T18:05:01", "2026-11-20T18:05"),
    ],
)
def test_one_condition_holds_or_not(member: str, fits: Any, fits_not: Any) -> None:
    assert holds(when=read_when({member: fits}), context=HERE)
    assert not holds(when=read_when({member: fits_not}), context=HERE)


@pytest.mark.parametrize(
    "member", ["channels", "locations", "customer_groups", "order_types", "destinations", "coupons"]
)
def test_a_condition_on_what_is_not_known_does_not_hold(member: str) -> None:
    when = read_when({member: ["dine_in"]})
    assert not holds(when=when, context=NOWHERE)


def test_no_condition_always_holds_and_all_must_hold_together() -> None:
    assert read_when({}) is ALWAYS
    assert holds(when=When(), context=NOWHERE)
    both = {"channels": ["till"], "min_covers": 4}
    assert holds(when=read_when(both), context=HERE)
    assert not holds(when=read_when(both | {"min_covers": 5}), context=HERE)


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-11-20T16:59:59", False),
        ("2026-11-20T17:00", True),
        ("2026-11-20T18:59:59", True),
        ("2026-11-20T19:00", False),
        ("2026-11-20T21:59", False),
        ("2026-11-20T22:00", True),
        ("2026-11-21T00:00", True),
        ("2026-11-21T01:59:59", True),
        ("2026-11-21T02:00", False),
    ],
)
def test_a_window_has_its_beginning_and_not_its_end(at: str, inside: bool) -> None:
    when = read_when({"times": [["17:00", "19:00"], ["22:00", "02:00"]]})
    assert holds(when=when, context=replace(HERE, at=dt.datetime.fromisoformat(at))) is inside


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-11-20T01:00", False),  # Friday before dawn belongs to Thursday's night
        ("2026-11-20T23:00", True),
        ("2026-11-21T01:00", True),  # Saturday before dawn belongs to Friday's night
        ("2026-11-21T23:00", False),
    ],
)
def test_what_is_after_midnight_belongs_to_the_day_it_began_on(at: str, inside: bool) -> None:
    when = read_when({"weekdays": [5], "times": [["22:00", "02:00"]]})
    assert holds(when=when, context=replace(HERE, at=dt.datetime.fromisoformat(at))) is inside


def test_monday_before_dawn_belongs_to_sunday() -> None:
    when = read_when({"weekdays": [7], "times": [["22:00", "02:00"]]})
    assert holds(when=when, context=replace(HERE, at=dt.datetime.fromisoformat("2026-11-23T00:30")))


def test_from_midnight_to_midnight_is_the_whole_day_and_no_more() -> None:
    when = read_when({"weekdays": [5], "times": [["00:00", "00:00"]]})
    for at, inside in (
        ("2026-11-20T00:00", True),
        ("2026-11-20T23:59:59", True),
        ("2026-11-21T00:00", False),
        ("2026-11-19T23:59", False),
    ):
        assert holds(when=when, context=replace(HERE, at=dt.datetime.fromisoformat(at))) is inside
