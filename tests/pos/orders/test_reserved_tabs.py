"""What nobody took of a reservation before it ends: what the order owes, and not a cent more."""

from collections.abc import Iterator
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt
from payments.gateways.services import look_at_attempt, resolve_due
from pos.orders.models import Order
from tests.factories import Shop, shop
from tests.payments.gateways.vendor import LOST, Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, ask, connect, later, override, state
from tests.pos.orders.test_asking import CAPPUCCINO, cash, ticket

pytestmark = pytest.mark.django_db

TAB = CAPPUCCINO + 45


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with vendor_present() as made:
        yield made


@pytest.fixture
def here(cafe: Any, vendor: Vendor) -> Shop:
    made = shop(cafe)
    with tenant_context(made.tenant):
        connect(made)
    return made


def tab(here: Shop, vendor: Vendor, *, tip: int = 0) -> tuple[Order, Attempt]:
    """An order of 4.25, all of it reserved on a guest's card."""
    order = ticket(here, "cappuccino", "roll")
    attempt = ask(here, order, TAB, capture="manual", tip_on_reader=bool(tip))
    vendor.guest_pays(attempt.pk, tip=tip)
    assert look_at_attempt(attempt_id=attempt.pk, at=AT).state == "authorised"
    return order, attempt


def forgotten(attempt: Attempt) -> str:
    """Nobody comes back, and the reservation is about to end."""
    Attempt.objects.filter(pk=attempt.pk).update(next_look_at=later(hours=47))
    resolve_due(at=later(hours=47), limit=10)
    return state(attempt)


def test_what_the_order_owes_is_taken(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order, attempt = tab(here, vendor)
        assert (forgotten(attempt), vendor.captured) == ("captured", TAB)
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor) == ("paid", TAB)


def test_of_an_order_that_came_down_no_more_is_taken_than_it_owes(here: Shop, vendor: Vendor) -> None:
    """Some of it was paid in cash at a till that was offline."""
    with tenant_context(here.tenant):
        order, attempt = tab(here, vendor)
        cash(here, order, 45, at=AT)
        assert (forgotten(attempt), vendor.captured) == ("captured", CAPPUCCINO)
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor, attempt.trouble) == ("paid", TAB, "")


def test_the_tip_of_the_reader_is_taken_with_it(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order, attempt = tab(here, vendor, tip=50)
        cash(here, order, 45, at=AT)
        assert (forgotten(attempt), vendor.captured) == ("captured", CAPPUCCINO + 50)
        order.refresh_from_db()
        assert (order.payment_state, order.tip_minor, order.paid_minor) == ("paid", 50, TAB + 50)


def test_what_nobody_owes_is_let_go(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order, attempt = tab(here, vendor)
        cash(here, order, TAB, at=AT)
        assert (forgotten(attempt), vendor.captured) == ("cancelled", 0)


def test_of_an_order_that_was_cancelled_nothing_is_taken(here: Shop, vendor: Vendor) -> None:
    """By a process that died before it said so to anybody else."""
    with tenant_context(here.tenant):
        order, attempt = tab(here, vendor)
        Order.objects.filter(pk=order.pk).update(fulfilment_state="cancelled")
        assert (forgotten(attempt), vendor.captured) == ("cancelled", 0)


def test_one_that_was_overridden_and_turns_out_to_be_reserved_is_let_go(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        vendor.then("present", LOST)
        attempt = ask(here, order, CAPPUCCINO, capture="manual")
        override(here, attempt)
        assert cash(here, order, CAPPUCCINO).payment_state == "paid"
        vendor.guest_pays(attempt.pk)
        resolve_due(at=later(seconds=10), limit=10)
        assert (state(attempt), vendor.captured) == ("cancelled", 0)
