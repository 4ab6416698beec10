"""The strict fake of the vendor on loopback, and a merchant with an account under the platform's."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from payments.gateways.base import Attempt, ConnectionFacts, PaymentRequest, Presentation
from payments.gateways.stripe import StripeGateway
from tenants.services import claim_vendor_account
from tests.contracts.stripe.fixtures import KEY, stripe_server
from tests.contracts.stripe.server import StripeServer

__all__ = ["stripe_server"]

ACCOUNT = "acct_cafe"


@pytest.fixture
def platform_key(settings: Any) -> None:
    """The platform's own account at the vendor."""
    settings.FYNLO_STRIPE_SECRET_KEY = KEY
    settings.FYNLO_STRIPE_PUBLISHABLE_KEY = "pk_test_fynlo"


@pytest.fixture
def connection(stripe_server: StripeServer, platform_key: None, in_cafe: Any) -> ConnectionFacts:
    """The café's account, connected to the platform's."""
    stripe_server.connect(ACCOUNT, country="DE", currency="eur")
    theirs(ACCOUNT)
    return ConnectionFacts(
        id=new_id(),
        gateway="stripe",
        tenant="cafe",
        account=ACCOUNT,
        settings={
            "api_base": stripe_server.url,
            "timeout_seconds": 8,
            "origin": "https://cafe.example",
            "country": "DE",
        },
        secrets={"webhook_secret": "whsec_fake"},
    )


@pytest.fixture
def gateway() -> StripeGateway:
    """The gateway under test."""
    return StripeGateway()


@pytest.fixture
def request_of(connection: ConnectionFacts) -> Callable[..., PaymentRequest]:
    """A request to pay 12.50 EUR at a reader; anything else as said."""

    def make(**said: Any) -> PaymentRequest:
        attempt = new_id()
        facts = {
            "attempt_id": attempt,
            "connection": connection,
            "key": f"cafe:{attempt}:begin:1",
            "amount": Money(1250, "EUR"),
            "channel": "present",
            "reference": "A-17",
        }
        return PaymentRequest(**{**facts, **said})

    return make


@pytest.fixture
def reader(gateway: StripeGateway, connection: ConnectionFacts) -> str:
    """A reader at the counter."""
    from payments.gateways.stripe import readers

    address = {
        "line1": "Markt 1",
        "city": "Berlin",
        "country": connection.settings["country"],
        "postal_code": "10115",
    }
    place = readers.make_location(connection=connection, name="Counter", address=address, key="place:1")
    seen = readers.register(
        connection=connection, code="simulated-wpe", name="Counter", location=place, key="reader:1"
    )
    return seen.vendor_id


@pytest.fixture
def asked(
    gateway: StripeGateway, request_of: Callable[..., PaymentRequest], reader: str
) -> Callable[..., Attempt]:
    """An attempt that asks for a card at the reader."""

    def make(**said: Any) -> Attempt:
        begun = gateway.begin(request=request_of(**said))
        return gateway.present(
            attempt=replace(begun, reader=reader),
            at=Presentation(key=f"cafe:{begun.id}:present:1", reader=reader),
        )

    return make


def theirs(account: str, tenant: Any = None) -> None:
    """The platform made this account for the merchant."""
    owner = current_tenant() if tenant is None else tenant
    claim_vendor_account(
        gateway="stripe", account=account, tenant=owner, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )


def soon(minutes: int = 10) -> dt.datetime:
    """A little ahead of the machine's clock, which is the fake vendor's."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(minutes=minutes)
