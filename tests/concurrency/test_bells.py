"""A vendor rings a hundred times at once for one payment: one row, one effect.

What happens without the rule that keeps an event once is a mutant of the machine of card money
(`webhook_not_deduplicated`, tests/properties/payments).
"""

from collections import Counter
from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt
from payments.gateways.services import connection_facts
from payments.gateways.simulator import bells
from payments.gateways.simulator.guest import pay
from payments.gateways.simulator.store import desk_of
from payments.ledger.models import Transfer
from payments.tenders.models import Payment
from payments.webhooks.models import InboundEvent
from payments.webhooks.services import handle_event, receive_for_merchant
from tests.concurrency.rivals import at_once
from tests.factories import Shop
from tests.pos.orders.test_asking import AT, CAPPUCCINO, ask, here, ticket

__all__ = ["here"]

pytestmark = pytest.mark.django_db(transaction=True)

TWICE, LINES = 2, 50


def test_a_hundred_of_the_same_bell_at_once_are_kept_once_and_have_one_effect(here: Shop) -> None:
    with tenant_context(here.tenant):
        order = ticket(here, "cappuccino")
        attempt = ask(here, order, CAPPUCCINO)
        desk = desk_of(connection_facts(connection=attempt.connection))
        pay(desk=desk, payment=attempt.vendor_id)
        bell = bells.waiting_bells(desk=desk, secret="sim_whsec_of_a_test")[-1]

    def ring() -> list[Any]:
        heard = []
        for _ in range(TWICE):
            received = receive_for_merchant(gateway="simulator", body=bell.body, headers=bell.headers, at=AT)
            heard.append(received)
            if received.event_id is not None:
                handle_event(event_id=received.event_id, at=AT)
        return heard

    outcomes = at_once(here.tenant, [ring] * LINES)
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    heard = [each for outcome in outcomes for each in outcome]
    assert Counter(each.is_new for each in heard) == {True: 1, False: TWICE * LINES - 1}
    with tenant_context(here.tenant):
        event = InboundEvent.objects.get()
        assert {each.event_id for each in heard} == {event.pk}
        assert event.state == "handled"
        assert (Attempt.objects.get().state, Payment.objects.get().pk) == ("captured", attempt.pk)
        order.refresh_from_db()
        assert (order.payment_state, order.paid_minor, order.receipt_number) == ("paid", CAPPUCCINO, 1)
        taken = Transfer.objects.filter(kind="payment").values_list("amount_minor", flat=True)
        assert list(taken) == [CAPPUCCINO]
