"""What the simulator has to say comes in by the door of every vendor, and is acted on."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from payments.gateways.models import Connection
from payments.gateways.services import ConnectionDraft, connection_facts, save_connection
from payments.gateways.simulator.balance import add_line, pay_out
from payments.gateways.simulator.store import desk_of
from payments.webhooks.models import InboundEvent
from payments.webhooks.services.simulated import ring_simulator

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def account(**secrets: str) -> Connection:
    draft = ConnectionDraft(
        id=new_id(),
        gateway="simulator",
        name="Simulator",
        account="sim_1",
        settings={"clock": AT.isoformat()},
        secrets=secrets,
    )
    return save_connection(draft=draft, actor=SYSTEM, at=AT)


def paid_out(connection: Connection) -> None:
    desk = desk_of(connection_facts(connection=connection))
    add_line(desk=desk, category="charge", gross_minor=500, currency="EUR")
    pay_out(desk=desk)


def test_what_waits_is_delivered_once(in_cafe: Any) -> None:
    paid_out(account(webhook_secret="sim_whsec_of_a_test"))
    (kept,) = ring_simulator(at=AT)
    assert ring_simulator(at=AT) == []
    event = InboundEvent.objects.get()
    assert (event.pk, event.kind, event.account) == (kept, "payout.reconciliation_completed", "sim_1")


def test_an_account_without_a_secret_rings_nowhere(in_cafe: Any) -> None:
    paid_out(account())
    assert ring_simulator(at=AT) == []
    assert not InboundEvent.objects.exists()
