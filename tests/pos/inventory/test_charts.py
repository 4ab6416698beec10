"""The chart of a stock card, in pixels."""

import datetime as dt
from decimal import Decimal

from pos.inventory.charts import Bar, ChartDay, Tick, level_chart

MONDAY = dt.date(2026, 3, 2)


def day(number: int, came: int, went: int, on_hand: int) -> ChartDay:
    date = MONDAY + dt.timedelta(days=number)
    return ChartDay(date, Decimal(came), Decimal(went), Decimal(on_hand))


def test_the_level_steps_at_the_middle_of_each_day() -> None:
    chart = level_chart(
        opening=Decimal(20),
        days=[day(0, 0, -10, 10), day(2, 30, 0, 40)],
        since=MONDAY,
        until=MONDAY + dt.timedelta(days=4),
        width=468,
        height=138,
    )
    # 100 pixels a day from 56 on, 100 pixels from 40 down to -20 (a step of 20).
    assert chart.line == "M56 45.3 H106.0 V62.0 H306.0 V12.0 H456"
    assert chart.zero == 78.7
    assert chart.levels == (Tick(112.0, "-20"), Tick(78.7, "0"), Tick(45.3, "20"), Tick(12.0, "40"))
    assert [tick.label for tick in chart.dates] == ["02 Mar", "03 Mar", "04 Mar", "05 Mar"]


def test_what_came_stands_up_and_what_went_hangs_down() -> None:
    chart = level_chart(
        opening=Decimal(0), days=[day(0, 10, -10, 0)], since=MONDAY, until=MONDAY + dt.timedelta(days=1),
        width=168, height=138,
    )  # fmt: skip
    assert chart.bars == (
        Bar(88.0, 12.0, 18.0, 50.0, True, "02 Mar 2026: +10"),
        Bar(106.0, 62.0, 18.0, 50.0, False, "02 Mar 2026: -10"),
    )


def test_nothing_at_all_is_a_flat_line() -> None:
    chart = level_chart(opening=Decimal(0), days=[], since=MONDAY, until=MONDAY + dt.timedelta(days=30))
    assert chart.line == f"M56 {chart.zero} H848"
    assert chart.bars == ()


def test_a_scale_of_a_thousandth_is_round_too() -> None:
    chart = level_chart(opening=Decimal("0.004"), days=[], since=MONDAY, until=MONDAY + dt.timedelta(days=7))
    assert [tick.label for tick in chart.levels] == ["0", "0.001", "0.002", "0.003", "0.004"]
