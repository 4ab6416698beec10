"""Reorder suggestions: every figure worked out by hand, and all of them in the documentation."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.purchasing.demand import DemandDay, DemandHistory, expected, season, velocity, weekday_indexes
from pos.purchasing.forecasting import packs_for, rounded_up, suggest, z_value
from pos.purchasing.reorder_values import Policy, Position, Suggestion, Target, Terms
from tests.pos.purchasing.histories import TODAY, asked, by_weekday, days_of, steady, summer, up_and_down

PAGE = Path(__file__).parents[3] / "docs" / "algorithms" / "reorder.md"

EXAMPLES: dict[str, dict[str, Any]] = {
    "steady": {},
    "stock-out": {"without": frozenset(range(20, 34))},
    "season": {"year": summer(), "terms": Terms(lead_time_days=14, pack_size=Decimal(12))},
    "weekend": {
        "sold": by_weekday,
        "terms": Terms(lead_time_days=6, pack_size=Decimal(24)),
        "policy": Policy(review_days=1, service_level=Decimal("0.5")),
        "position": Position(on_hand=Decimal(40)),
    },
    "straying": {
        "sold": up_and_down,
        "terms": Terms(lead_time_days=4, lead_deviation_days=Decimal(2)),
        "position": Position(on_hand=Decimal(9), reserved=Decimal(3), on_order=Decimal(5)),
    },
    "set": {
        "target": Target(reorder_point=Decimal(12), par=Decimal(40), maximum=Decimal(45)),
        "terms": Terms(lead_time_days=5, pack_size=Decimal(24)),
    },
}


def figures(suggestion: Suggestion) -> dict[str, str]:
    return {figure.code: figure.value for figure in suggestion.explanation}


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_the_documentation_shows_each_example_as_it_is_computed(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    section = page.partition(f"### {name}\n")[2].partition("\n### ")[0]
    for figure in asked(**EXAMPLES[name]).explanation:
        assert f"| {figure.code} | {figure.value} | {figure.text} |" in section


def test_two_a_day_for_five_days_and_the_week_after() -> None:
    suggestion = asked()
    assert suggestion.velocity == 2
    assert (suggestion.lead_demand, suggestion.cover_demand) == (10, 24)
    assert (suggestion.safety_stock, suggestion.reorder_point, suggestion.order_up_to) == (0, 10, 24)
    assert (suggestion.is_due, suggestion.needed) == (True, 14)
    assert (suggestion.packs, suggestion.quantity) == (3, 18)


def test_one_more_on_the_shelf_and_nothing_is_due() -> None:
    suggestion = asked(position=Position(on_hand=Decimal(11)))
    assert (suggestion.is_due, suggestion.packs, suggestion.quantity, suggestion.needed) == (False, 0, 0, 0)


def test_days_without_stock_say_nothing_about_demand() -> None:
    """84 were sold in 56 days, but only on the 42 on which there were any."""
    assert asked(without=frozenset(range(20, 34))).velocity == 2
    pace = velocity(days=days_of(steady, without=frozenset(range(20, 34))))
    assert (pace.units, pace.days, pace.days_without) == (84, 42, 14)


def test_the_coming_weeks_of_last_year_count_by_how_much_was_sold_in_them() -> None:
    """Twice the average, but 60 units count 60 / 80: 1.75 times. The window was average."""
    times = season(history=DemandHistory(days=(), year=summer()), cover_days=21)
    assert (times.coming, times.window, times.factor) == (Fraction(7, 4), 1, Fraction(7, 4))
    suggestion = asked(year=summer(), terms=Terms(lead_time_days=14, pack_size=Decimal(12)))
    assert suggestion.lead_demand == 14 * 2 * Fraction(7, 4)


def test_a_season_that_is_already_there_is_not_counted_twice() -> None:
    year = (*(Decimal(20),) * 11, *(Decimal(5),) * 41)
    times = season(history=DemandHistory(days=(), year=year), cover_days=21)
    assert times.window > times.coming > 2
    assert times.factor < 1


def test_less_than_half_a_year_is_no_season() -> None:
    year = (*summer()[:25], *(None,) * 27)
    assert season(history=DemandHistory(days=(), year=year), cover_days=21).factor == 1


def test_a_year_without_sales_is_no_season() -> None:
    assert season(history=DemandHistory(days=(), year=(Decimal(0),) * 52), cover_days=7).factor == 1


def test_the_pattern_of_the_week_is_shrunk_and_its_mean_is_one() -> None:
    indexes = weekday_indexes(days=days_of(by_weekday))
    assert indexes == (*(Fraction(23, 27),) * 5, Fraction(65, 27), Fraction(9, 27))
    assert sum(indexes) == 7


def test_a_short_time_over_a_weekend_needs_what_weekends_sell() -> None:
    per_day = Fraction(90, 7)
    indexes = weekday_indexes(days=days_of(by_weekday))
    saturday = TODAY + dt.timedelta(days=5)
    assert expected(per_day=per_day, indexes=indexes, first=saturday, days=1) == per_day * Fraction(65, 27)
    assert expected(per_day=per_day, indexes=indexes, first=TODAY, days=1) == per_day * Fraction(23, 27)
    assert expected(per_day=per_day, indexes=indexes, first=saturday, days=14) == 180


def test_over_a_long_time_the_week_evens_out() -> None:
    suggestion = asked(by_weekday, terms=Terms(lead_time_days=8))
    assert suggestion.lead_demand == 8 * Fraction(90, 7)
    assert "weekdays" not in figures(suggestion)


def test_safety_stock_covers_straying_days_and_a_straying_lead_time() -> None:
    """z 1.6449; days stray by sqrt(224/55) = 2.018100, the lead time of 4 days by 2 days of 2 units."""
    kept = asked(up_and_down, terms=Terms(lead_time_days=4))
    strays = asked(up_and_down, terms=Terms(lead_time_days=4, lead_deviation_days=Decimal(2)))
    assert kept.safety_stock == Decimal("6.639146")
    assert strays.safety_stock == Decimal("9.347160")


def test_half_of_the_cycles_need_no_safety_stock_and_nearly_all_need_much() -> None:
    assert z_value(service_level=Decimal("0.5")) == 0
    assert z_value(service_level=Decimal("0.95")) == Decimal("1.6449")
    assert z_value(service_level=Decimal("0.999")) == Decimal("3.0902")


def test_what_is_reserved_ordered_and_under_way_counts() -> None:
    position = Position(on_hand=Decimal(-2), reserved=Decimal(3), in_transit=Decimal(4), on_order=Decimal(12))
    assert asked(position=position).position == 11
    assert not asked(position=position).is_due


def test_targets_that_are_set_take_the_place_of_what_is_computed() -> None:
    target = Target(reorder_point=Decimal(50), par=Decimal(60), safety_stock=Decimal(7))
    suggestion = asked(target=target)
    assert (suggestion.reorder_point, suggestion.order_up_to, suggestion.safety_stock) == (50, 60, 7)
    assert (suggestion.needed, suggestion.quantity) == (50, 54)


def test_a_maximum_holds_back_whole_packs_but_not_the_first() -> None:
    held = asked(target=Target(maximum=Decimal(45), par=Decimal(44), reorder_point=Decimal(12)))
    assert (held.needed, held.packs, held.quantity) == (34, 5, 30)
    assert "over_maximum" not in figures(held)
    big = asked(
        target=Target(maximum=Decimal(20), reorder_point=Decimal(12)),
        terms=Terms(lead_time_days=5, pack_size=Decimal(24)),
    )
    assert (big.packs, big.quantity) == (1, 24)
    assert figures(big)["over_maximum"] == "14"


def test_the_least_a_supplier_sells_is_ordered() -> None:
    suggestion = asked(terms=Terms(lead_time_days=5, pack_size=Decimal(6), minimum=Decimal(40)))
    assert (suggestion.packs, suggestion.quantity) == (7, 42)


def test_packs_of_weight_are_exact() -> None:
    terms = Terms(lead_time_days=1, pack_size=Decimal("0.1"))
    assert packs_for(needed=Decimal("0.3"), terms=terms, room=None) == 3
    assert packs_for(needed=Decimal("0.300001"), terms=terms, room=None) == 4


def test_nothing_sold_and_nothing_set_is_nothing_to_order() -> None:
    nothing = suggest(
        today=TODAY,
        history=DemandHistory(days=()),
        position=Position(on_hand=Decimal(0)),
        target=Target(),
        terms=Terms(lead_time_days=7),
        policy=Policy(),
    )
    assert (nothing.is_due, nothing.packs, nothing.velocity) == (False, 0, 0)


def test_more_came_back_than_was_sold_is_no_negative_demand() -> None:
    days = tuple(DemandDay(date=TODAY - dt.timedelta(days=day), units=Decimal(-3)) for day in range(1, 15))
    assert velocity(days=days).per_day == 0
    assert weekday_indexes(days=days) == (Fraction(1),) * 7


@pytest.mark.parametrize(
    ("terms", "policy"),
    [
        (Terms(lead_time_days=1, pack_size=Decimal(0)), Policy()),
        (Terms(lead_time_days=-1), Policy()),
        (Terms(lead_time_days=1, minimum=Decimal(-1)), Policy()),
        (Terms(lead_time_days=1), Policy(review_days=0)),
        (Terms(lead_time_days=1), Policy(service_level=Decimal(1))),
        (Terms(lead_time_days=1), Policy(service_level=Decimal("0.4"))),
    ],
    ids=["no pack", "past", "negative", "no review", "all", "less than half"],
)
def test_terms_of_which_nothing_can_be_computed_are_refused(terms: Terms, policy: Policy) -> None:
    with pytest.raises(ValueError, match="service level|packs"):
        asked(terms=terms, policy=policy)


@settings(max_examples=150, deadline=None)
@given(
    sold=st.lists(st.tuples(st.integers(-3, 40), st.booleans()), min_size=0, max_size=56),
    year=st.lists(st.one_of(st.none(), st.integers(0, 300).map(Decimal)), max_size=52),
    on_hand=st.integers(-50, 200),
    lead=st.integers(0, 60),
    pack=st.decimals("0.001", "48", places=3),
    service=st.decimals("0.5", "0.999", places=3),
)
def test_any_history_gives_an_order_that_fills_up(
    sold: list[tuple[int, bool]],
    year: list[Decimal | None],
    on_hand: int,
    lead: int,
    pack: Decimal,
    service: Decimal,
) -> None:
    days = tuple(
        DemandDay(date=TODAY - dt.timedelta(days=len(sold) - number), units=Decimal(units), had_stock=had)
        for number, (units, had) in enumerate(sold)
    )
    suggestion = suggest(
        today=TODAY,
        history=DemandHistory(days=days, year=tuple(year)),
        position=Position(on_hand=Decimal(on_hand)),
        target=Target(),
        terms=Terms(lead_time_days=lead, pack_size=pack),
        policy=Policy(service_level=service),
    )
    assert suggestion.order_up_to >= suggestion.reorder_point >= rounded_up(suggestion.lead_demand) >= 0
    assert suggestion.quantity == suggestion.packs * pack
    after = suggestion.position + suggestion.quantity
    assert after >= suggestion.order_up_to or not suggestion.is_due
    assert after < suggestion.order_up_to + pack or not suggestion.is_due
