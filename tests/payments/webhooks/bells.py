"""Ringing at the doors in tests: a merchant with an account at the simulator, and calls that it signed."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import connection
from payments.gateways.models import Attempt, Connection, Reader
from payments.gateways.services import (
    AttemptDraft,
    ConnectionDraft,
    ReaderDraft,
    check_connection,
    connection_facts,
    drive_attempt,
    save_connection,
    save_reader,
    start_attempt,
)
from payments.gateways.simulator.bells import HEADER, Bell, mark_rung, signature, waiting_bells
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.store import Desk, desk_of

SECRET = "sim_whsec_of_the_cafe"
DOOR = "/payments/webhooks/simulator"


@dataclass(slots=True)
class Shop:
    """A merchant's account at the simulator, its reader, and the door."""

    tenant: Any
    connection: Connection
    reader: Reader
    client: Client

    @property
    def desk(self) -> Desk:
        """The account as the vendor has it, now."""
        return desk_of(connection_facts(connection=self.connection))

    def ask(self, minor: int = 1250) -> Attempt:
        """An attempt that waits for the guest at the reader."""
        at = clock.now()
        draft = AttemptDraft(
            id=new_id(),
            order_id=new_id(),
            purpose="test",
            connection_id=self.connection.pk,
            tender_type="card",
            channel="present",
            amount=Money(minor, "EUR"),
            reference="A-17",
            reader_id=self.reader.pk,
        )
        start_attempt(draft=draft, actor=SYSTEM, at=at)
        return drive_attempt(attempt_id=draft.id, at=at)

    def desk_rows(self, kind: str) -> list[SimulatedObject]:
        """What the vendor has of a kind."""
        return list(SimulatedObject.objects.filter(connection=self.connection, kind=kind))

    def bells(self) -> list[Bell]:
        """Every call that waits to be made."""
        return waiting_bells(desk=self.desk, secret=SECRET)

    def ring(self, bell: Bell) -> Any:
        """Make a call."""
        answer = post(self.client, bell.body, bell.headers)
        mark_rung(desk=self.desk, bells=[bell])
        return answer


def post(client: Client, body: bytes, headers: dict[str, str], door: str = DOOR) -> Any:
    """A request ends nowhere; the test goes on where it was."""
    here = connection.place()
    answer = client.post(door, data=body, content_type="application/json", headers=headers)
    connection.go_to(here)
    return answer


def signed(
    said: dict[str, Any], *, secret: str = SECRET, at: dt.datetime | None = None
) -> tuple[bytes, dict[str, str]]:
    """A body and headers as the vendor makes them."""
    body = json.dumps(said).encode()
    return body, {HEADER: signature(body=body, secret=secret, at=at or clock.now())}


def event(name: str = "sim_evt_1", kind: str = "payment.captured", **said: Any) -> dict[str, Any]:
    data = {"object": "sim_pay_of_nobody", "attempt": "", "snapshot": {}}
    known = {"id": name, "type": kind, "account": "sim_1", "created": int(clock.now().timestamp())}
    return {**known, "data": data, **said}


def open_shop(tenant: Any, client: Client, *, account: str = "sim_1", secret: str = SECRET) -> Shop:
    at = clock.now()
    draft = ConnectionDraft(
        id=new_id(),
        gateway="simulator",
        name=f"Cards {account}",
        account=account,
        settings={"guest": "waits"},
        secrets={"webhook_secret": secret},
    )
    account_id = save_connection(draft=draft, actor=SYSTEM, at=at).pk
    check_connection(connection_id=account_id, at=at)
    placed = ReaderDraft(id=new_id(), connection_id=account_id, vendor_id=f"rd_{account}", name="Bar")
    return Shop(
        tenant, Connection.objects.get(pk=account_id), save_reader(draft=placed, actor=SYSTEM), client
    )
