"""What a guest has paid is not asked for again, and what goes back pays nothing."""

import datetime as dt

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from payments.gateways.errors import AttemptUndecided
from payments.gateways.models import Attempt
from payments.gateways.services import give_back
from payments.tenders.models import Payment
from pos.orders.errors import NothingOwed
from pos.orders.models import Order
from pos.orders.services.settling import _check_whole
from pos.orders.transfers import OrderOverpaid
from tests.factories import Shop
from tests.pos.orders.test_asking import CAPPUCCINO, ask, here, looked, ticket

__all__ = ["here"]

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def taken(attempt: Attempt) -> Attempt:
    """The process died between the capture and putting it to the order."""
    Attempt.objects.filter(pk=attempt.pk).update(state="captured", captured_minor=CAPPUCCINO, captured_at=AT)
    return Attempt.objects.get(pk=attempt.pk)


def test_what_was_taken_and_is_not_put_to_the_order_yet_is_not_asked_for_again(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        taken(ask(here, order, CAPPUCCINO))
        with pytest.raises(OrderOverpaid, match=r"Only 0\.00 EUR is due that is not asked for already\."):
            ask(here, order, CAPPUCCINO)


def test_money_that_was_given_back_while_its_order_was_being_paid_pays_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        row = taken(ask(here, ticket(here, "cappuccino"), CAPPUCCINO))
        give_back(attempt_id=row.pk, reason="paid twice", actor=SYSTEM, at=AT)
        with pytest.raises(NothingOwed, match="given back at this moment"), unit_of_work():
            _check_whole(row)
        assert not Payment.objects.exists()


def test_what_was_taken_beyond_what_is_owed_is_given_back_once(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino", "roll")
        attempt = ask(here, order, CAPPUCCINO + 45)
        Order.objects.filter(pk=order.pk).update(paid_minor=45)
        looked(attempt)
        refund = give_back(attempt_id=attempt.pk, reason="paid twice", actor=SYSTEM, at=AT)
        assert (refund.state, refund.amount_minor) == ("succeeded", 45)
        attempt.refresh_from_db()
        assert (attempt.settled_at, attempt.refunded_minor, attempt.trouble) == (AT, 45, "Given back.")
        with pytest.raises(AttemptUndecided):
            give_back(attempt_id=attempt.pk, reason="paid twice", actor=SYSTEM, at=AT)
