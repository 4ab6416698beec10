"""A week of the bistro and one of the grocer come out as their pages say, cell by cell."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.pos.inventory.weeks.figures import Figures
from tests.pos.inventory.weeks.keeper import Keeper
from tests.pos.inventory.weeks.pages import sums, tables
from tests.pos.inventory.weeks.words import read_week

WEEKS = ("bistro", "grocer")
TITLES = [
    "Day by day",
    "Cost of goods",
    "On the shelf",
    "Worth",
    "What was known when",
    "Theoretical against actual use",
    "The same in value",
    "Counts",
]


@pytest.mark.parametrize(("name", "lines"), [("bistro", 113), ("grocer", 72)])
def test_what_the_page_works_out_is_right(name: str, lines: int) -> None:
    worked = list(sums(read_week(name).page))
    assert [line for line, comes_to, said in worked if comes_to != said] == []
    assert len(worked) == lines


@pytest.mark.parametrize(("name", "card"), [("bistro", "COLA"), ("grocer", "APPLES")])
def test_the_week_comes_out_as_worked_out_by_hand(
    played: Callable[[str], Keeper], name: str, card: str
) -> None:
    keeper = played(name)
    page = tables(keeper.week.page)
    assert list(page) == [*TITLES, f"The card of {card}"]
    found = Figures(keeper).tables(page)
    for title, table in page.items():
        assert found[title] == table, title


@pytest.mark.parametrize("name", WEEKS)
def test_what_came_is_what_went_and_what_is_there(name: str) -> None:
    days = tables(read_week(name).page)["Day by day"]
    before = Decimal(0)
    for day, (cells,) in days.items():
        figure = {column: Decimal(cell) for column, cell in cells.items()}
        came = (Decimal(0) if day == "week" else before) + figure["received"] + figure["produced"]
        went = figure["used in production"] + figure["cost of goods"] + figure["waste"] + figure["missing"]
        assert came - went == figure["stock"], day
        before = figure["stock"]
