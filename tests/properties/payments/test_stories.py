"""Stories that the machine has found, as short as they could be made: the books once told each another way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from tests.factories import Shop, shop
from tests.properties.payments.machine import Trade
from tests.properties.payments.playing import machine

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(cafe: Any) -> Shop:
    """A shop that has sold nothing yet."""
    return shop(cafe)


@contextmanager
def played(here: Shop) -> Iterator[Trade]:
    """A story's steps; when it is told, everybody has to say the same."""
    with tenant_context(here.tenant):
        trade = machine(here)()
        trade.begin(stormy=True)
        try:
            yield trade
            trade.always()
        except BaseException:
            trade.stack.close()
            raise
        trade.teardown()


def sell(trade: Trade, **said: Any) -> None:
    """Two cups, paid at the reader."""
    usual = {"cups": 2, "channel": "present", "is_manual": False, "with_tip": False, "verb": "present"}
    trade.sell(**{**usual, "fault": None, "then": "pays", **said})


def test_of_a_reservation_that_was_raised_and_forgotten_no_more_is_taken_than_is_owed(here: Shop) -> None:
    """All of it was taken; what the order did not owe was on no account, and the way to the bank was not empty."""
    with played(here) as trade:
        sell(trade, is_manual=True, with_tip=True)
        trade.increment(place=0, fault=None)
    assert (trade.pencil.intents[0].taken, trade.pencil.intents[0].beyond) == (860, 0)


@pytest.mark.parametrize("compares", [False, True], ids=["compared at the end", "compared in between"])
def test_lines_of_a_refund_that_was_sent_again_are_known(here: Shop, compares: bool) -> None:
    """It has another name at the vendor then, and the lines of the first one were nobody's."""
    with played(here) as trade:
        sell(trade)
        trade.give_back(place=0, part=2, fault=None)
        if compares:
            trade.pay_out(compares=True, foreign=0, dies=None)
        trade.refund_fails(place=0, how="fails and sent again", looks=True, fault=None)
    assert [back.state for back in trade.pencil.intents[0].backs] == ["gone"]


def test_what_was_given_back_is_not_asked_for_again(here: Shop) -> None:
    with played(here) as trade:
        sell(trade)
        trade.give_back(place=0, part=4, fault=None)
        trade.ask_again(place=0, is_manual=False, verb="begin", fault=None, pays=True)
        assert trade.steps["not asked"] == 1


def test_of_a_split_order_each_gets_back_what_came_from_it(here: Shop) -> None:
    with played(here) as trade:
        sell(trade, by_card=True)
        trade.give_back(place=0, part=1, fault="lost_after")
        assert trade.real.on_card() == 1_000_000
    assert [back.amount for back in trade.pencil.intents[0].backs] == [380]


def test_late_money_is_kept_beside_what_paid_the_order_and_goes_back(here: Shop) -> None:
    with played(here) as trade:
        sell(trade, channel="qr", then="nothing")
        trade.cancel(place=0, fault=None)
        trade.ask_again(place=0, is_manual=False, verb="begin", fault=None, pays=True)
        trade.till(place=0, how="looks", verb="begin", read=None, write=None)
        trade.guest(place=0, how="late")
    assert [intent.taken for intent in trade.pencil.intents] == [760, 760]
    assert [[back.amount for back in intent.backs] for intent in trade.pencil.intents] == [[760], []]
