"""Our gateway with the line cut under every verb: before the vendor, after its commit, in the middle of the answer.

The library tries three times by itself, and every try is cut. Then the line is mended and the verb is said again
with the same request and key. Whatever happened, the vendor did it once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.gateways.base import (
    Attempt,
    ConnectionFacts,
    OutcomeUnknown,
    PaymentRequest,
    Presentation,
    RefundRequest,
    TryAgain,
)
from payments.gateways.stripe import StripeGateway
from tests.contracts.proxy import CuttingProxy, Where
from tests.contracts.stripe.server import StripeServer
from tests.payments.stripe.conftest import ACCOUNT, gateway, platform_key, reader, request_of, theirs

__all__ = ["gateway", "platform_key", "reader", "request_of"]
pytestmark = pytest.mark.django_db
TOTAL = Money(1250, "EUR")
ROUTES = {
    "begin": "POST /v1/payment_intents",
    "present": "POST /v1/terminal/readers/{}/process_payment_intent",
    "capture": "POST /v1/payment_intents/{}/capture",
    "cancel": "POST /v1/payment_intents/{}/cancel",
    "refund": "POST /v1/refunds",
}


@pytest.fixture
def proxy(stripe_server: StripeServer) -> Iterator[CuttingProxy]:
    """Between our gateway and the vendor."""
    with CuttingProxy(stripe_server.url) as between:
        yield between


@pytest.fixture
def connection(
    proxy: CuttingProxy, stripe_server: StripeServer, platform_key: None, in_cafe: object
) -> ConnectionFacts:
    """The café's account, reached through the proxy."""
    stripe_server.connect(ACCOUNT, country="DE", currency="eur")
    theirs(ACCOUNT)
    settings = {"api_base": proxy.url, "timeout_seconds": 5, "country": "DE"}
    secrets = {"webhook_secret": "whsec_fake"}
    return ConnectionFacts(
        id=new_id(), gateway="stripe", tenant="cafe", account=ACCOUNT, settings=settings, secrets=secrets
    )


@dataclass
class Sale:
    """One sale at the reader, step by step; each step may be said again."""

    gateway: StripeGateway
    server: StripeServer
    request: PaymentRequest
    reader: str
    attempt: Attempt | None = None

    def begin(self) -> None:
        self.attempt = replace(self.gateway.begin(request=self.request), reader=self.reader)

    def present(self) -> None:
        shown = Presentation(key=f"{self.request.key}:present", reader=self.reader)
        self.attempt = self.gateway.present(attempt=self.now(), at=shown)

    def tap(self) -> None:
        self.server.tap(self.reader)
        self.attempt = self.gateway.advance(attempt=self.now())

    def capture(self) -> None:
        key = f"{self.request.key}:capture"
        self.attempt = self.gateway.capture(attempt=self.now(), amount=TOTAL, key=key)

    def cancel(self) -> None:
        self.attempt = self.gateway.cancel(attempt=self.now(), key=f"{self.request.key}:cancel")

    def refund(self) -> None:
        self.gateway.refund(request=self.back)

    def prepare_refund(self) -> None:
        self.back = RefundRequest(
            id=new_id(), attempt=self.now(), amount_minor=450, key=f"{self.request.key}:refund"
        )

    def now(self) -> Attempt:
        assert self.attempt is not None
        return self.attempt


STEPS: dict[str, list[str]] = {
    "begin": [],
    "present": ["begin"],
    "capture": ["begin", "present", "tap"],
    "cancel": ["begin"],
    "refund": ["begin", "present", "tap", "capture", "prepare_refund"],
}


@pytest.mark.parametrize("where", ["request", "answer", "halfway"])
@pytest.mark.parametrize("verb", list(STEPS))
def test_a_cut_line_never_makes_two_of_one(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    proxy: CuttingProxy,
    request_of: Callable[..., PaymentRequest],
    reader: str,
    verb: str,
    where: Where,
) -> None:
    sale = Sale(gateway, stripe_server, request_of(capture="manual"), reader)
    for step in STEPS[verb]:
        getattr(sale, step)()
    proxy.cut(where, times=3, match=b"POST /v1/")
    with pytest.raises((OutcomeUnknown, TryAgain)):
        getattr(sale, verb)()
    assert stripe_server.executed(ROUTES[verb]) == (0 if where == "request" else 1)
    proxy.mend()
    getattr(sale, verb)()
    assert stripe_server.executed(ROUTES[verb]) == 1
    account = stripe_server.vendor.worlds[ACCOUNT]
    assert len(account.all("payment_intent")) == 1
    assert [row["amount"] for row in account.all("refund")] == ([450] if verb == "refund" else [])
