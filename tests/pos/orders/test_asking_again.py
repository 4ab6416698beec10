"""What was declined is put before the guest again only while the order owes it."""

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.errors import PaymentOutcomeUnknown
from payments.gateways.models import Attempt, AttemptStep, Connection, Reader
from payments.gateways.services import (
    AttemptDraft,
    connection_facts,
    look_at_attempt,
    present_again,
    resolve_due,
    start_attempt,
)
from payments.gateways.simulator.gateway import Simulator
from payments.gateways.simulator.guest import decline
from payments.gateways.simulator.store import desk_of
from payments.tenders.models import TenderType
from pos.orders.models import Order
from pos.orders.services.cancelling import CancelDraft, cancel_order
from tests.factories import Shop
from tests.pos.orders.test_asking import AT, CAPPUCCINO, ask, cash, here, looked, ticket
from tests.properties.payments.weather import Killed, killed_at

__all__ = ["here"]

pytestmark = pytest.mark.django_db(transaction=True)


def declined(here: Shop, order: Order) -> Attempt:
    """The guest's card was declined at the reader."""
    attempt = ask(here, order, CAPPUCCINO)
    decline(desk=desk_of(connection_facts(connection=attempt.connection)), payment=attempt.vendor_id)
    row = looked(attempt)
    assert row.state == "declined"
    return row


def again(here: Shop, attempt: Attempt) -> Attempt:
    return present_again(attempt_id=attempt.pk, reader_id=None, actor=here.actor(), at=AT)


def presented(attempt: Attempt) -> int:
    return AttemptStep.objects.filter(attempt=attempt, verb="present", what="sent").count()


def test_while_it_is_owed_it_is_asked_for_again(here: Shop) -> None:
    with tenant_context(here.tenant):
        attempt = declined(here, ticket(here, "cappuccino"))
        assert again(here, attempt).state == "presented"
        assert presented(attempt) == 2


def paid_in_cash(here: Shop, order: Order) -> None:
    cash(here, order, CAPPUCCINO)


def part_paid_in_cash(here: Shop, order: Order) -> None:
    cash(here, order, 100)


def cancelled(here: Shop, order: Order) -> None:
    cancel_order(order_id=order.pk, draft=CancelDraft(reason="left"), actor=here.actor(), at=AT)


def asked_for_elsewhere(here: Shop, order: Order) -> None:
    ask(here, order, 200)


@pytest.mark.parametrize(
    ("meanwhile", "code", "says", "data"),
    [
        (paid_in_cash, "nothing_owed", "The order is paid already.", {"why": "paid"}),
        (cancelled, "nothing_owed", "The order was cancelled.", {"why": "cancelled"}),
        (
            part_paid_in_cash,
            "order_overpaid",
            "Only 2.80 EUR is due that is not asked for already.",
            {},
        ),
        (
            asked_for_elsewhere,
            "order_overpaid",
            "Only 1.80 EUR is due that is not asked for already.",
            {},
        ),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_is_not_owed_any_more_is_put_before_nobody(
    here: Shop, meanwhile: Any, code: str, says: str, data: dict[str, str]
) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = declined(here, order)
        meanwhile(here, order)
        with pytest.raises(DomainError) as refused:
            again(here, attempt)
        assert (refused.value.code, refused.value.detail, refused.value.data) == (code, says, data)
        attempt.refresh_from_db()
        assert (attempt.state, presented(attempt)) == (
            "cancelled" if meanwhile is cancelled else "declined",
            1,
        )


def asked_again_and_unanswered(here: Shop, order: Order) -> Attempt:
    """It is on its way to the reader once more, and nobody has heard of it yet."""
    attempt = declined(here, order)
    with suppress(Killed), killed_at("attempt.present.committed"):
        again(here, attempt)
    return attempt


def later(seconds: int) -> dt.datetime:
    return AT + dt.timedelta(seconds=seconds)


def test_while_it_may_still_come_to_the_reader_cash_is_not_taken_beside_it(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = asked_again_and_unanswered(here, order)
        assert look_at_attempt(attempt_id=attempt.pk, at=later(119)).state == "declined"
        with pytest.raises(PaymentOutcomeUnknown, match=r"3\.80 EUR is being asked for already"):
            cash(here, order, CAPPUCCINO)
        assert look_at_attempt(attempt_id=attempt.pk, at=later(120)).state == "declined"
        cash(here, order, CAPPUCCINO)
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor) == ("paid", CAPPUCCINO)


def test_what_comes_to_the_reader_after_its_order_was_paid_is_let_go_at_once(here: Shop) -> None:
    """The request was slower than any of ours should be: its answer says that the reader asks."""
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = declined(here, order)
        right = Simulator.present

        def slow(self: Simulator, **said: Any) -> Any:
            look_at_attempt(attempt_id=attempt.pk, at=later(120))
            cash(here, order, CAPPUCCINO)
            return right(self, **said)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Simulator, "present", slow)
            assert again(here, attempt).state == "cancelled"


def test_what_is_found_on_a_reader_after_its_order_was_paid_is_let_go(here: Shop) -> None:
    """The process that asked the reader died, and the request arrived all the same."""
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = declined(here, order)
        Connection.objects.update(settings={"guest": "waits"})
        with suppress(Killed), killed_at("attempt.present.answered"):
            again(here, attempt)
        assert AttemptStep.objects.filter(attempt=attempt, verb="present").count() == 3
        cash(here, order, CAPPUCCINO, at=AT)
        assert look_at_attempt(attempt_id=attempt.pk, at=AT).state == "cancelled"


def test_one_whose_process_died_is_not_put_on_a_reader_after_its_order_was_cancelled(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        terms = TenderType.objects.get(code="reader")
        draft = AttemptDraft(
            id=new_id(),
            order_id=order.pk,
            connection_id=terms.connection_id,
            tender_type=terms.code,
            channel="present",
            amount=Money(CAPPUCCINO, "EUR"),
            reference="A-17",
            reader_id=Reader.objects.get().pk,
        )
        attempt = start_attempt(draft=draft, actor=here.actor(), at=AT)
        cancelled(here, order)
        resolve_due(at=AT + dt.timedelta(seconds=10), limit=10)
        attempt.refresh_from_db()
        assert (attempt.state, presented(attempt)) == ("cancelled", 0)
