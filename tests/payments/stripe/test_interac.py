"""Canada's debit cards get money back at a reader: followed while it asks for the card, and found by its bell."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.events.log import unit_of_work
from payments.gateways.base import ConnectionFacts
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services import (
    AttemptDraft,
    ConnectionDraft,
    ReaderDraft,
    drive_attempt,
    look_at_attempt,
    plan_refund,
    resolve_due,
    save_connection,
    save_reader,
    send_refund,
    start_attempt,
)
from payments.webhooks.models import InboundEvent
from payments.webhooks.services import handle_event, receive_for_merchant
from tests.contracts.stripe.server import StripeServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(connection: ConnectionFacts, stripe_server: StripeServer) -> ConnectionFacts:
    """The café's account, in Canada."""
    stripe_server.connect("acct_cafe", country="CA", currency="cad")
    return replace(connection, settings={**connection.settings, "country": "CA"})


@pytest.fixture
def asked_back(
    connection: ConnectionFacts, stripe_server: StripeServer, reader: str
) -> Callable[[], GatewayRefund]:
    """12.50 CAD were taken with a debit card, and the reader asks for it to give them back."""
    at = clock.now()
    draft = ConnectionDraft(
        id=connection.id,
        gateway="stripe",
        name="Cards",
        account="acct_cafe",
        settings=connection.settings,
        secrets=connection.secrets,
    )
    save_connection(draft=draft, actor=SYSTEM, at=at)
    placed = ReaderDraft(id=new_id(), connection_id=connection.id, vendor_id=reader, name="Counter")
    save_reader(draft=placed, actor=SYSTEM)

    def paid() -> Attempt:
        terms: dict[str, Any] = {"tender_type": "card", "channel": "present", "reference": "A-17"}
        asked = AttemptDraft(
            id=new_id(),
            order_id=None,
            connection_id=connection.id,
            amount=Money(1250, "CAD"),
            reader_id=placed.id,
            **terms,
        )
        start_attempt(draft=asked, actor=SYSTEM, at=at)
        drive_attempt(attempt_id=asked.id, at=at)
        stripe_server.tap(reader, "interac")
        return look_at_attempt(attempt_id=asked.id, at=at)

    def make() -> GatewayRefund:
        row = paid()
        assert (row.state, row.captured_minor) == ("captured", 1250)
        with unit_of_work():
            refund = plan_refund(
                attempt_id=row.pk,
                part_id=new_id(),
                amount_minor=1250,
                reason="cold",
                at=at,
                business_date=at.date(),
            )
        stripe_server.bells.take()
        return send_refund(refund_id=refund.pk, at=at)

    return make


def ring(stripe_server: StripeServer, *kinds: str) -> list[str]:
    """What the vendor wants to tell comes in at the door and is acted on at once."""
    for bell in stripe_server.bells.take(*kinds):
        body, headers = stripe_server.bells.request(bell)
        lower = {name.lower(): value for name, value in headers.items()}
        receive_for_merchant(gateway="stripe", body=body, headers=lower, at=clock.now())
    waiting = InboundEvent.objects.filter(state="stored").order_by("id").values_list("pk", flat=True)
    return [handle_event(event_id=key, at=clock.now()) for key in list(waiting)]


@pytest.mark.parametrize("kind", ["terminal.reader.action_succeeded", "refund.created"])
def test_the_first_bell_finds_the_refund_by_its_own_id(
    asked_back: Callable[[], GatewayRefund], stripe_server: StripeServer, reader: str, kind: str
) -> None:
    refund = asked_back()
    assert (refund.state, refund.vendor_id) == ("pending", reader)
    stripe_server.tap(reader, "interac")
    assert ring(stripe_server, kind) == ["handled"]
    refund.refresh_from_db()
    assert (refund.state, refund.vendor_id[:3], refund.next_look_at) == ("succeeded", "re_", None)
    assert set(ring(stripe_server)) == {"handled"}


def test_a_guest_who_cancels_at_the_reader_is_owed_at_once(
    asked_back: Callable[[], GatewayRefund], stripe_server: StripeServer, reader: str
) -> None:
    refund = asked_back()
    stripe_server.fail_action(reader)
    assert ring(stripe_server, "terminal.reader.action_failed") == ["handled"]
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code) == ("failed", "customer_canceled")


def test_without_a_bell_it_is_looked_at_every_few_minutes_while_the_reader_asks(
    asked_back: Callable[[], GatewayRefund], stripe_server: StripeServer, reader: str
) -> None:
    refund = asked_back()
    at, pauses = refund.at, []
    for _ in range(10):
        refund.refresh_from_db()
        assert refund.next_look_at is not None
        pauses.append((refund.next_look_at - at).total_seconds())
        at = refund.next_look_at
        resolve_due(at=at, limit=10)
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    stripe_server.tap(reader, "interac")
    resolve_due(at=at + dt.timedelta(seconds=300), limit=10)
    refund.refresh_from_db()
    assert refund.state == "succeeded"
