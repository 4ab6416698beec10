"""An order is cancelled while its money is asked for: nobody pays it afterwards, and nobody guesses."""

from collections.abc import Iterator
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways import base
from payments.gateways.errors import AttemptNotBlocking, PaymentOutcomeUnknown
from payments.gateways.models import Attempt
from payments.gateways.sentences import sentence
from payments.gateways.services import look_at_attempt, present_again, resolve_due
from pos.orders.models import Order
from tests.concurrency.rivals import at_once
from tests.factories import Shop, shop
from tests.payments.gateways.vendor import LOST, Vendor, vendor_present
from tests.pos.orders.at_vendor import AT, ask, cancel, connect, later, override, state
from tests.pos.orders.test_asking import CAPPUCCINO, cash, ticket

pytestmark = pytest.mark.django_db


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


def test_readers_and_links_stop_asking(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        at_reader = ask(here, order, CAPPUCCINO)
        by_link = ask(here, order, 45, channel="qr")
        cancel(here, order)
        assert (state(at_reader), state(by_link)) == ("cancelled", "cancelled")
        assert [charge.state for charge in vendor.charges.values()] == ["cancelled", "cancelled"]


def test_what_is_reserved_is_free_again(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        tab = ask(here, order, CAPPUCCINO, capture="manual")
        vendor.guest_pays(tab.pk)
        assert look_at_attempt(attempt_id=tab.pk, at=AT).state == "authorised"
        cancel(here, order)
        assert (state(tab), vendor.captured) == ("cancelled", 0)


def test_while_nobody_knows_whether_it_was_paid_it_is_not_cancelled(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        vendor.then("present", LOST)
        lost = ask(here, order, CAPPUCCINO)
        with pytest.raises(PaymentOutcomeUnknown) as refused:
            cancel(here, order)
        assert (refused.value.detail, refused.value.data) == (
            sentence(lost),
            {"attempt_id": str(lost.pk), "state": "unknown"},
        )
        order.refresh_from_db()
        assert order.fulfilment_state == "draft"
        override(here, lost)
        cancel(here, order)
        resolve_due(at=later(seconds=10), limit=10)
        assert (state(lost), vendor.charges["ch_1"].state) == ("cancelled", "cancelled")


def test_what_could_not_be_let_go_at_once_is_let_go_by_the_sweep(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        vendor.then("cancel", base.TryAgain("Busy.", after=1))
        cancel(here, order)
        assert (state(attempt), vendor.charges["ch_1"].state) == ("presented", "waiting")
        resolve_due(at=later(seconds=10), limit=10)
        assert (state(attempt), vendor.charges["ch_1"].state) == ("cancelled", "cancelled")


def test_money_that_was_faster_is_kept_and_listed(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        vendor.guest_pays(attempt.pk)
        cancel(here, order)
        assert (state(attempt), attempt.settled_at) == ("captured", None)
        assert attempt.trouble == "It is cancelled or paid already. Give the money back, or look at it again."


def test_cancelled_while_the_vendor_is_told_of_it_nobody_is_asked(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        vendor.meanwhile["begin"] = lambda: cancel(here, order)
        attempt = ask(here, order, CAPPUCCINO)
        assert state(attempt) == "cancelled"
        assert [(charge.state, charge.presented_at) for charge in vendor.charges.values()] == [
            ("cancelled", [])
        ]


@pytest.mark.django_db(transaction=True)
def test_asked_for_and_cancelled_at_the_same_time_nothing_stays_open(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        orders = [ticket(here, "cappuccino") for _ in range(3)]

    def asking(order: Order) -> Any:
        return lambda: ask(here, order, CAPPUCCINO)

    def cancelling(order: Order) -> Any:
        return lambda: cancel(here, order)

    at_once(here.tenant, [make(order) for order in orders for make in (asking, cancelling)])
    with tenant_context(here.tenant):
        for seconds in (10, 30, 60):
            resolve_due(at=later(seconds=seconds), limit=10)
        assert {state(attempt) for attempt in Attempt.objects.all()} <= {"cancelled"}
        assert {charge.state for charge in vendor.charges.values()} <= {"cancelled"}
        assert {order.fulfilment_state for order in Order.objects.all()} == {"cancelled"}


def test_what_can_be_cancelled_is_not_overridden(here: Shop, vendor: Vendor) -> None:
    """Else the guest pays at the till, and at the reader as well."""
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        with pytest.raises(AttemptNotBlocking) as refused:
            override(here, attempt)
        assert (
            refused.value.detail == "The guest can still pay it: cancel it, then take the money another way."
        )
        assert refused.value.data == {"state": "presented", "instead": "cancel"}


def test_one_that_was_overridden_and_is_found_open_is_let_go(here: Shop, vendor: Vendor) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        vendor.then("present", LOST)
        lost = ask(here, order, CAPPUCCINO)
        override(here, lost)
        assert cash(here, order, CAPPUCCINO).payment_state == "paid"
        assert look_at_attempt(attempt_id=lost.pk, at=AT).state == "cancelled"
        assert vendor.charges["ch_1"].state == "cancelled"


def test_one_put_before_the_guest_again_whose_answer_is_lost_is_looked_for_at_once(
    here: Shop, vendor: Vendor
) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        vendor.guest_is_declined(attempt.pk)
        look_at_attempt(attempt_id=attempt.pk, at=AT)
        vendor.then("present", LOST)
        again = present_again(attempt_id=attempt.pk, reader_id=None, actor=here.actor(), at=AT)
        assert again.state == "presented"
        vendor.guest_is_declined(attempt.pk)
        look_at_attempt(attempt_id=attempt.pk, at=AT)
        vendor.then("present", LOST)
        vendor.then("advance", base.TryAgain("Busy."))
        again = present_again(attempt_id=attempt.pk, reader_id=None, actor=here.actor(), at=AT)
        assert again.state == "unknown"
        with pytest.raises(PaymentOutcomeUnknown):
            cash(here, order, CAPPUCCINO)


def test_one_being_put_before_the_guest_again_is_under_way(here: Shop, vendor: Vendor) -> None:
    """The reader asks for the card already, and its answer is still on the line."""
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        vendor.guest_is_declined(attempt.pk)
        look_at_attempt(attempt_id=attempt.pk, at=AT)
        refusals = []

        def pay_in_cash() -> None:
            with pytest.raises(PaymentOutcomeUnknown) as refused:
                cash(here, order, CAPPUCCINO)
            refusals.append(refused.value.data["under_way_minor"])

        vendor.meanwhile["present"] = pay_in_cash
        present_again(attempt_id=attempt.pk, reader_id=None, actor=here.actor(), at=AT)
        assert refusals == [CAPPUCCINO]


def test_one_that_never_came_there_again_is_not_under_way_once_somebody_looked(
    here: Shop, vendor: Vendor
) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        vendor.guest_is_declined(attempt.pk)
        look_at_attempt(attempt_id=attempt.pk, at=AT)
        vendor.meanwhile["present"] = _die
        with pytest.raises(KeyboardInterrupt):
            present_again(attempt_id=attempt.pk, reader_id=None, actor=here.actor(), at=AT)
        with pytest.raises(PaymentOutcomeUnknown):
            cash(here, order, CAPPUCCINO)
        assert look_at_attempt(attempt_id=attempt.pk, at=later(minutes=3)).state == "declined"
        assert cash(here, order, CAPPUCCINO).payment_state == "paid"


def _die() -> None:
    """The process dies with the request on the line."""
    raise KeyboardInterrupt
