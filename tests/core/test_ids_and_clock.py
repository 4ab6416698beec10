"""Identifiers and dates."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from fynlo.core.clock import business_date, rfc3339
from fynlo.core.ids import is_uuid7, new_id


def test_ids_are_uuid7_and_grow_in_one_process() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 20_000
    assert all(is_uuid7(value) for value in ids)
    assert not is_uuid7(uuid.uuid4())


def test_ids_of_many_threads_never_repeat() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [
            value for part in pool.map(lambda _: [new_id() for _ in range(2000)], range(8)) for value in part
        ]
    assert len(set(made)) == 16_000


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-01T23:30:00+00:00", dt.date(2026, 3, 1)),  # 00:30 in Berlin, before the cut-off
        ("2026-03-02T02:59:59+00:00", dt.date(2026, 3, 1)),
        ("2026-03-02T03:00:00+00:00", dt.date(2026, 3, 2)),  # 04:00 in Berlin
        ("2026-03-29T01:30:00+00:00", dt.date(2026, 3, 28)),  # 03:30 after the clocks went forward
        ("2026-10-25T02:59:00+00:00", dt.date(2026, 10, 24)),  # 03:59 after they went back
    ],
)
def test_the_trading_day_begins_at_the_cut_off_in_local_time(at: str, expected: dt.date) -> None:
    found = business_date(at=dt.datetime.fromisoformat(at), time_zone="Europe/Berlin", cut_off=dt.time(4, 0))
    assert found == expected


def test_a_naive_time_has_no_business_date() -> None:
    with pytest.raises(ValueError, match="aware"):
        business_date(at=dt.datetime(2026, 3, 1), time_zone="Europe/Berlin")  # noqa: DTZ001


def test_times_are_written_in_utc_with_milliseconds() -> None:
    at = dt.datetime(2026, 3, 1, 13, 0, 0, 123456, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert rfc3339(at) == "2026-03-01T12:00:00.123Z"
