"""A bill that is paid at two tills, or while a line is taken off it, or is cancelled: the lock says who was first.

The twins run the same code without that lock (and without the revisions that would notice): money is taken twice,
for what is not on the bill any more, or for nothing at all.
"""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Sum

from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.states import IllegalTransition
from fynlo.core.tenancy import tenant_context
from payments.tenders.models import Payment
from pos.orders.changing import ChangeDraft
from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
from pos.orders.models import Order, OrderChange, OrderLine, OrderTax
from pos.orders.services import cancelling, changes, paying
from pos.orders.services.opened import OpenOrder
from pos.orders.services.tickets import open_ticket
from pos.registers.models import Register
from tests.concurrency.rivals import at_once
from tests.factories import Shop, shop

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
CAPPUCCINO, ROLL = 380, 45


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café, with a ticket of a cappuccino and a roll."""
    return shop(cafe)


@pytest.fixture
def ticket(here: Shop) -> Order:
    """What both rivals want something of."""
    lines = tuple(
        LineDraft(id=new_id(), variant_id=here.variants[name].id, quantity=Decimal(1))
        for name in ("cappuccino", "roll")
    )
    with tenant_context(here.tenant):
        return open_ticket(draft=OrderDraft(id=new_id(), lines=lines), actor=here.actor(), at=AT).order


def pay(here: Shop, ticket: Order, register: Register) -> Callable[[], Any]:
    """All of the bill, in cash."""
    tender = TenderDraft(id=new_id(), tender_type="cash", amount=Money(CAPPUCCINO + ROLL, "EUR"))
    draft = paying.PayDraft(tenders=(tender,))
    return lambda: paying.pay_order(
        order_id=ticket.id, draft=draft, actor=here.actor(register=register), at=AT
    )


def take_off(here: Shop, ticket: Order) -> Callable[[], Any]:
    """No roll after all."""
    with tenant_context(here.tenant):
        roll = OrderLine.objects.get(order=ticket, sku="ROLL")
    change = ChangeDraft(id=new_id(), kind="void", line_id=roll.id, reason="no roll")
    return lambda: changes.change_order(
        order_id=ticket.id, changes=[change], actor=here.actor(), at=AT, matches=lambda _revision: None
    )


def cancel(here: Shop, ticket: Order) -> Callable[[], Any]:
    """They left."""
    draft = cancelling.CancelDraft(reason="left")
    return lambda: cancelling.cancel_order(order_id=ticket.id, draft=draft, actor=here.actor(), at=AT)


@pytest.fixture
def without_the_lock(here: Shop, as_owner: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rivals read the order before either writes, and nothing notices that it moved."""
    both_read = threading.Barrier(2)

    def read_only(*, order_id: UUID, actor: Actor, at: dt.datetime) -> OpenOrder:
        order = Order.objects.select_related("register", "location", "receipt_register").get(pk=order_id)
        lines = {line.id: line for line in OrderLine.objects.filter(order_id=order_id).order_by("position")}
        taxes = list(OrderTax.objects.filter(order_id=order_id).order_by("id"))
        both_read.wait()
        return OpenOrder(order=order, actor=actor, at=at, lines=lines, taxes=taxes)

    monkeypatch.setattr(paying, "lock_order", read_only)
    monkeypatch.setattr(changes, "lock_order", read_only)
    monkeypatch.setattr(cancelling, "lock_order", read_only)
    with tenant_context(here.tenant), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pos_orderchange DROP CONSTRAINT pos_orderchange_revision")
        cursor.execute("DROP INDEX pos_stockmovement_once_per_line")


def taken() -> int:
    """What guests paid, by their payments."""
    return Payment.objects.aggregate(total=Sum("amount_minor"))["total"] or 0


def test_a_bill_is_paid_at_one_of_two_tills(here: Shop, ticket: Order) -> None:
    tills = (here.register, here.second_register)
    outcomes = at_once(here.tenant, [pay(here, ticket, till) for till in tills])
    assert sum(isinstance(each, IllegalTransition) for each in outcomes) == 1
    with tenant_context(here.tenant):
        assert taken() == Order.objects.get().paid_minor == CAPPUCCINO + ROLL


def test_twin_without_the_lock_it_is_paid_at_both(here: Shop, ticket: Order, without_the_lock: None) -> None:
    tills = (here.register, here.second_register)
    outcomes = at_once(here.tenant, [pay(here, ticket, till) for till in tills])
    assert not [each for each in outcomes if isinstance(each, Exception)]
    with tenant_context(here.tenant):
        assert (taken(), Order.objects.get().paid_minor) == (2 * (CAPPUCCINO + ROLL), CAPPUCCINO + ROLL)


def test_what_is_taken_off_is_not_paid_and_what_is_paid_is_not_taken_off(here: Shop, ticket: Order) -> None:
    at_once(here.tenant, [take_off(here, ticket), pay(here, ticket, here.register)])
    with tenant_context(here.tenant):
        order = Order.objects.get()
        assert (order.total_minor, order.paid_minor, taken()) in {
            (CAPPUCCINO, CAPPUCCINO, CAPPUCCINO),
            (CAPPUCCINO + ROLL, CAPPUCCINO + ROLL, CAPPUCCINO + ROLL),
        }


def test_twin_without_the_lock_money_is_taken_for_what_is_off_the_bill(
    here: Shop, ticket: Order, without_the_lock: None
) -> None:
    outcomes = at_once(here.tenant, [take_off(here, ticket), pay(here, ticket, here.second_register)])
    assert not [each for each in outcomes if isinstance(each, Exception)]
    with tenant_context(here.tenant):
        (change,) = OrderChange.objects.filter(kind="void")
        assert (change.reason, taken()) == ("no roll", CAPPUCCINO + ROLL)


def test_what_is_cancelled_is_not_paid_and_what_is_paid_is_not_cancelled(here: Shop, ticket: Order) -> None:
    outcomes = at_once(here.tenant, [cancel(here, ticket), pay(here, ticket, here.second_register)])
    assert sum(isinstance(each, IllegalTransition) for each in outcomes) == 1
    with tenant_context(here.tenant):
        order = Order.objects.get()
        ended = (order.fulfilment_state, order.payment_state, order.paid_minor, taken())
        assert ended in {
            ("cancelled", "unpaid", 0, 0),
            ("completed", "paid", CAPPUCCINO + ROLL, CAPPUCCINO + ROLL),
        }


def test_twin_without_the_lock_money_is_taken_for_what_is_cancelled(
    here: Shop, ticket: Order, without_the_lock: None
) -> None:
    outcomes = at_once(here.tenant, [cancel(here, ticket), pay(here, ticket, here.second_register)])
    assert not [each for each in outcomes if isinstance(each, Exception)]
    with tenant_context(here.tenant):
        kinds = set(OrderChange.objects.values_list("kind", flat=True))
        assert (kinds >= {"cancel", "pay"}, taken()) == (True, CAPPUCCINO + ROLL)
