"""Payouts in the books: once, to the cent, whatever their lines say."""

from dataclasses import replace
from typing import Any

import pytest

from payments.ledger.models import Transfer
from payments.reconciliation.models import Difference, Payout
from payments.reconciliation.postings import Group, Move, payout_moves, returned_moves
from tests.payments.reconciliation.listing import AT, DAY, Desk, balances, differences

pytestmark = pytest.mark.django_db


def test_a_payout_is_booked_on_the_day_it_arrives_and_once(desk: Desk) -> None:
    desk.pays_out(desk.charge(desk.attempt(1000), fee=30))
    for days in range(3):
        desk.run(at=AT + days * DAY)
    booked = Transfer.objects.filter(kind="payout").order_by("id")
    assert [(each.debit_key, each.credit_key, each.amount_minor) for each in booked] == [
        ("bank", "tender:card", 970),
        ("fees", "tender:card", 30),
    ]
    assert {each.business_date for each in booked} == {AT.date()}


def test_a_payout_on_its_way_is_not_booked(desk: Desk) -> None:
    desk.pays_out(desk.charge(desk.attempt(1000)), state="in_transit")
    desk.run()
    assert (balances("bank"), Payout.objects.get().posted_at) == ({"bank": 0}, None)
    settlement, lines = desk.vendor.settlements_now[0]
    desk.vendor.settlements_now = [(replace(settlement, state="paid"), lines)]
    desk.run(at=AT + DAY)
    assert balances("bank") == {"bank": 1000}


def test_lines_that_do_not_add_up_are_told_and_the_bank_has_what_came(desk: Desk) -> None:
    desk.pays_out(desk.charge(desk.attempt(1000), fee=30), amount=960, name="out_1")
    desk.run()
    assert differences() == [("payout_sum", "out_1")]
    found = Difference.objects.get()
    assert (found.ours_minor, found.theirs_minor, Payout.objects.get().unexplained_minor) == (970, 960, -10)
    assert balances("bank", "payouts_unexplained") == {"bank": 960, "payouts_unexplained": 10}


def test_a_payout_by_hand_is_booked_whole_and_flagged(desk: Desk) -> None:
    desk.pays_out(amount=5000, name="out_1", traced=False)
    desk.run()
    assert differences() == [("payout_manual", "out_1")]
    assert balances() == {"bank": 5000, "payouts_unexplained": -5000}


def test_a_payout_in_another_currency_is_listed_and_not_booked(desk: Desk) -> None:
    desk.pays_out(amount=5000, name="out_1", currency="USD")
    desk.run()
    assert (differences(), balances()) == ([("payout_currency", "out_1")], {})


def test_a_payout_that_comes_back_leaves_the_bank_and_is_paid_again(desk: Desk) -> None:
    desk.pays_out(desk.charge(desk.attempt(1000), fee=30), name="out_1")
    desk.run()
    settlement, lines = desk.vendor.settlements_now[0]
    desk.vendor.settlements_now = [(replace(settlement, state="failed"), lines)]
    desk.run(at=AT + DAY)
    assert balances("bank", "payouts_unexplained") == {"bank": 0, "payouts_unexplained": 970}
    desk.pays_out(desk.line("payout_reversal", 970, source="out_1"), name="out_2")
    desk.run(at=AT + 2 * DAY)
    desk.run(at=AT + 3 * DAY)
    assert balances("bank", "payouts_unexplained") == {"bank": 970, "payouts_unexplained": 0}
    assert differences() == []


def test_a_payout_of_a_merchant_who_owes_takes_from_the_bank(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    desk.pays_out(desk.back(desk.refund(attempt, 1000)), desk.line("fee", -250))
    desk.run()
    assert balances("bank", "fees") == {"bank": -1250, "fees": 250}


@pytest.mark.parametrize(
    ("amount", "groups", "moves"),
    [
        (970, [Group("tender:card", 1000, 30)], [("bank", "tender:card", 970), ("fees", "tender:card", 30)]),
        (-65, [Group("disputes", -50, 15)], [("disputes", "bank", 65), ("fees", "disputes", 15)]),
        (-30, [Group("fees", -25, 5)], [("fees", "bank", 30)]),
        (10, [], [("bank", "payouts_unexplained", 10)]),
        (0, [Group("tender:card", 0, 0)], []),
    ],
)
def test_moves_of_a_payout(amount: int, groups: list[Group], moves: list[tuple[Any, ...]]) -> None:
    assert payout_moves(amount_minor=amount, groups=groups) == [Move(*move) for move in moves]


def test_a_negative_payout_that_comes_back_turns_around() -> None:
    assert returned_moves(amount_minor=-7) == [Move("bank", "payouts_unexplained", 7)]
