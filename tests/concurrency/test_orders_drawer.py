"""A sale and the closing of its drawer at the same moment: the cash is counted, or it is in no drawer."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLevel
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.errors import SessionAlreadyOpen
from pos.registers.models import CashMovement, CashSession, Register
from pos.registers.services import close_session, open_session
from tests.concurrency.rivals import beside, while_held
from tests.factories import Shop, shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café with an open drawer (50.00) and one sale (0.45) behind it."""
    made = shop(cafe)
    with tenant_context(cafe):
        opening(made)()
        selling(made)()
    return made


def opening(here: Shop) -> Callable[[], Any]:
    def open_it() -> dict[str, Any]:
        return open_session(
            register_id=here.register.id,
            session_id=new_id(),
            opening_float=Money(5000, "EUR"),
            actor=here.actor(),
            at=AT,
        )

    return open_it


def selling(here: Shop) -> Callable[[], Any]:
    def sell() -> Any:
        draft = sale(sold(here, "roll"), tenders=(cash(here, 45),))
        return place_order(draft=draft, actor=here.actor(), at=AT)

    return sell


def closing(here: Shop) -> Callable[[], Any]:
    with tenant_context(here.tenant):
        session = CashSession.objects.get()

    def close() -> dict[str, Any]:
        return close_session(session_id=session.id, counted=Money(5090, "EUR"), actor=here.actor(), at=AT)

    return close


def test_a_sale_under_way_is_in_the_count(here: Shop) -> None:
    """The sale has its number and waits for stock; closing waits for the sale."""
    close = closing(here)
    _, closed = while_held(
        here.tenant, StockLevel.objects.all, [selling(here)], lambda: beside(here.tenant, close, waiting=2)
    )
    assert closed is not None
    told = closed.result()
    assert (told["expected"]["amount_minor"], told["variance"]["amount_minor"]) == (5090, 0)
    with tenant_context(here.tenant):
        assert CashMovement.objects.filter(session__isnull=True).count() == 0


def test_a_sale_that_comes_while_the_drawer_is_closed_is_in_no_drawer(here: Shop) -> None:
    """Closing has the register and waits for its session; the sale waits for the register."""
    sell = selling(here)
    (told,), placed = while_held(
        here.tenant, CashSession.objects.all, [closing(here)], lambda: beside(here.tenant, sell, waiting=2)
    )
    assert placed is not None
    order = placed.result().order
    assert (told["expected"]["amount_minor"], told["variance"]["amount_minor"]) == (5045, 45)
    assert (order.session_id, order.flags[0]["code"]) == (None, "no_open_session")
    with tenant_context(here.tenant):
        assert list(Order.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_drawer_is_opened_once_however_many_try(cafe: Any) -> None:
    here = shop(cafe)
    outcomes, _ = while_held(cafe, Register.objects.all, [opening(here)] * 4)
    opened = [one for one in outcomes if isinstance(one, dict)]
    refused = [one for one in outcomes if isinstance(one, SessionAlreadyOpen)]
    assert (len(opened), len(refused)) == (1, 3)
    with tenant_context(cafe):
        assert (CashSession.objects.count(), CashMovement.objects.count()) == (1, 1)
        assert Register.objects.get(code="K1").last_session_number == 1


def test_twin_without_the_constraint_every_rival_opens_the_drawer(cafe: Any, as_owner: None) -> None:
    here = shop(cafe)
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("DROP INDEX pos_cashsession_one_open")
    while_held(cafe, Register.objects.all, [opening(here)] * 4)
    with tenant_context(cafe):
        assert CashSession.objects.filter(state="open").count() == 4
