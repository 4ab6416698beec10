"""A café with an account at the simulator, and a settler that keeps what it was called for."""

import datetime as dt
import ipaddress
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from fynlo.events.log import unit_of_work
from payments.gateways.services import mark_settled, register_settler
from payments.gateways.services import settling as settling_room
from tests.payments.webhooks.bells import Shop, open_shop


@pytest.fixture
def settled() -> Iterator[list[Any]]:
    """Attempts that were settled for the purpose `test`, in order."""
    done: list[Any] = []

    def settle(*, attempt_id: Any, at: dt.datetime) -> None:
        with unit_of_work():
            if mark_settled(attempt_id=attempt_id, at=at):
                done.append(attempt_id)

    register_settler("test", settle)
    yield done
    settling_room._settlers.pop("test")


@pytest.fixture
def client_for(client_for: Any) -> Any:
    """Clients with an address of their own, since forged calls are counted by address."""
    address = str(ipaddress.IPv4Address(0x0A000000 + secrets.randbelow(1 << 24)))

    def make(tenant: Any | None) -> Client:
        client: Client = client_for(tenant)
        client.defaults["REMOTE_ADDR"] = address
        return client

    return make


@pytest.fixture
def shop(in_cafe: Any, client_for: Any, settled: list[Any]) -> Shop:
    return open_shop(in_cafe, client_for(in_cafe))
