"""The grocer's day comes out as its page says, cell by cell."""

from tests.pos.day.counter import Counter
from tests.pos.day.figures import Figures
from tests.pos.day.words import page, sums
from tests.pos.inventory.weeks.pages import tables
from tests.pos.inventory.weeks.shopfront import told

WORKED = 95


def test_what_the_page_works_out_is_right() -> None:
    worked = list(sums(page()))
    assert [line for line, comes_to, said in worked if comes_to != said] == []
    assert len(worked) == WORKED


def test_the_books_of_the_page_balance() -> None:
    accounts = [cells for (cells,) in tables(page())["Trial balance"].values()]
    assert sum(int(cells["debit"]) for cells in accounts) == sum(int(cells["credit"]) for cells in accounts)
    assert [int(each["debit"]) - int(each["credit"]) - int(each["balance"]) for each in accounts] == [0] * 21


def test_the_day_comes_out_as_worked_out_by_hand(played: Counter) -> None:
    worked_out = tables(page())
    found = Figures(played).tables()
    assert list(found) == list(worked_out)
    for title, table in worked_out.items():
        assert found[title] == table, title


def test_training_is_in_nobodys_books(played: Counter) -> None:
    assert (played.training["is_training"], played.training["reference"]) == (True, "T1-T1")
    assert played.training["receipt_reference"] is None
    assert played.training["id"] not in played.orders.values()


def test_what_comes_late_belongs_to_the_drawer_it_was_sold_into(played: Counter) -> None:
    order = told(played.get(f"/orders/{played.orders['T1-9']}"), 200)
    assert order["session_id"] == played.session["id"]
    assert [flag["code"] for flag in order["flags"]] == ["placed_earlier"]
