"""What goes wrong on the way: one effect, and the truth found again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from stripe import HTTPClient

from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import (
    Attempt,
    ConnectionFacts,
    NotConnected,
    OutcomeUnknown,
    PaymentRequest,
    Presentation,
    TryAgain,
)
from payments.gateways.pauses import ARRIVES_WITHIN
from payments.gateways.stripe import StripeGateway
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.payments.stripe.conftest import soon

pytestmark = pytest.mark.django_db

Asked = Callable[..., Attempt]
RequestOf = Callable[..., PaymentRequest]
ROUTES = {
    "present": "POST /v1/payment_intents",
    "remote": "POST /v1/payment_intents",
    "qr": "POST /v1/checkout/sessions",
}
CAPTURE = "POST /v1/payment_intents/{}/capture"
PROCESS = "POST /v1/terminal/readers/{}/process_payment_intent"


@pytest.fixture
def connection(connection: ConnectionFacts) -> ConnectionFacts:
    """Waited for less than a second."""
    return replace(connection, settings={**connection.settings, "timeout_seconds": 0.8})


def test_a_broken_line_is_repeated_by_the_library_under_the_same_key(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    stripe_server.fault(ROUTES["present"], faults.lost_answer())
    assert gateway.begin(request=request_of()).state == states.PREPARED
    assert stripe_server.executed(ROUTES["present"]) == 1


@pytest.mark.parametrize("channel", ["present", "remote", "qr"])
@pytest.mark.parametrize(
    "fault",
    [faults.lost_answer, lambda: faults.server_error(after_commit=True)],
    ids=["lost", "500 after commit"],
)
def test_what_was_made_without_an_answer_is_found_by_our_id(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    request_of: RequestOf,
    channel: str,
    fault: Callable[[], faults.Fault],
) -> None:
    request = request_of(channel=channel, expires_at=soon() if channel == "qr" else None)
    for _other in range(2):
        gateway.begin(request=request_of(channel=channel))
    stripe_server.fault(ROUTES[channel], fault(), times=3)
    with pytest.raises(OutcomeUnknown):
        gateway.begin(request=request)
    lost = unknown(request)
    found = gateway.advance(attempt=lost)
    assert (found.state, found.amount_minor, bool(found.vendor_id)) == ("prepared", 1250, True)
    assert stripe_server.executed(ROUTES[channel]) <= 3


def unknown(request: PaymentRequest) -> Attempt:
    """What we have after a begin nobody answered."""
    return Attempt(
        id=request.attempt_id,
        connection=request.connection,
        currency=request.amount.currency,
        amount_minor=request.amount.minor,
        channel=request.channel,
        state=states.UNKNOWN,
    )


def test_what_was_never_made_is_prepared_and_may_be_begun(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    request = request_of()
    stripe_server.fault(ROUTES["present"], faults.lost_request(), times=3)
    with pytest.raises(OutcomeUnknown):
        gateway.begin(request=request)
    assert gateway.advance(attempt=unknown(request)) == replace(unknown(request), state=states.PREPARED)
    assert gateway.cancel(attempt=unknown(request), key="k").state == states.CANCELLED
    assert gateway.begin(request=request).state == states.PREPARED
    assert stripe_server.executed(ROUTES["present"]) == 1


@pytest.mark.parametrize("capture", ["automatic", "manual"])
def test_a_card_taken_while_nobody_answered_is_found(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf, reader: str, capture: str
) -> None:
    begun = replace(gateway.begin(request=request_of(capture=capture)), reader=reader)
    stripe_server.fault(PROCESS, faults.slow_answer(), times=3)
    with pytest.raises(OutcomeUnknown):
        gateway.present(attempt=begun, at=Presentation(key="p1", reader=reader))
    stripe_server.faults.release()
    lost = replace(begun, state=states.UNKNOWN)
    assert gateway.advance(attempt=lost).next.kind == "use_reader"
    stripe_server.tap(reader)
    found = gateway.advance(attempt=lost)
    assert found.state == ("captured" if capture == "automatic" else "authorised")
    assert stripe_server.executed(PROCESS) == 1


def test_a_capture_whose_answer_was_lost_is_found(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked(capture="manual")
    stripe_server.tap(reader)
    held = gateway.advance(attempt=attempt)
    stripe_server.fault(CAPTURE, faults.lost_answer(), times=3)
    with pytest.raises(OutcomeUnknown):
        gateway.capture(attempt=held, amount=Money(1250, "EUR"), key="c1")
    assert gateway.advance(attempt=replace(held, state=states.UNKNOWN)).captured_minor == 1250
    assert stripe_server.executed(CAPTURE) == 1


@pytest.mark.parametrize("seconds", [None, 7], ids=["bare", "with a time"])
def test_too_many_requests_are_tried_again(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf, seconds: int | None
) -> None:
    stripe_server.fault(ROUTES["present"], faults.rate_limited(retry_after=seconds))
    request = request_of()
    with pytest.raises(TryAgain) as caught:
        gateway.begin(request=request)
    assert caught.value.after == seconds
    assert gateway.begin(request=request).state == states.PREPARED


@pytest.mark.parametrize("fault", [faults.lost_answer, faults.server_error], ids=["lost", "500"])
def test_a_read_nobody_answers_is_tried_again(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, fault: Callable[[], faults.Fault]
) -> None:
    attempt = asked()
    stripe_server.fault("GET /v1/payment_intents/{}", fault(), times=3)
    with pytest.raises(TryAgain):
        gateway.advance(attempt=attempt)
    assert gateway.advance(attempt=attempt).state == states.PRESENTED


def test_a_key_that_ran_out_is_not_connected(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    stripe_server.fault("*", faults.key_expired())
    with pytest.raises(NotConnected):
        gateway.begin(request=request_of())


def test_without_any_key_nothing_is_asked(
    gateway: StripeGateway, request_of: RequestOf, settings: Any
) -> None:
    settings.FYNLO_STRIPE_SECRET_KEY = ""
    with pytest.raises(NotConnected) as caught:
        gateway.begin(request=request_of())
    assert caught.value.code == "no_key"


@pytest.mark.parametrize("route", ["GET /v1/payment_intents/{}", CAPTURE], ids=["read", "write"])
def test_a_state_nobody_knows_is_no_state(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str, route: str
) -> None:
    attempt = asked(capture="manual")
    stripe_server.tap(reader)
    held = gateway.advance(attempt=attempt)
    stripe_server.fault(route, faults.unknown_enum("status"))
    if route == CAPTURE:
        with pytest.raises(OutcomeUnknown):
            gateway.capture(attempt=held, amount=Money(1250, "EUR"), key="c1")
    else:
        with pytest.raises(TryAgain):
            gateway.advance(attempt=held)


def test_other_numbers_under_a_used_key_are_looked_up(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    request = request_of()
    gateway.begin(request=request)
    with pytest.raises(OutcomeUnknown):
        gateway.begin(request=replace(request, amount=Money(1300, "EUR")))


def test_in_production_only_the_vendors_own_address_is_called(
    gateway: StripeGateway, stripe_server: StripeServer, connection: ConnectionFacts, settings: Any
) -> None:
    from payments.gateways.stripe.client import client_of

    settings.PRODUCTION = True
    with client_of(connection) as client:
        assert client._requestor.base_addresses["api"] == "https://api.stripe.com"
        assert client._requestor._get_http_client()._timeout == 8.0
    settings.PRODUCTION = False
    with client_of(connection) as client:
        assert client._requestor.base_addresses["api"] == stripe_server.url
        assert client._requestor._options.max_network_retries == 2
    # Connecting and reading may take the time limit each, and the library waits before it asks again.
    longest = (1 + 2) * (8 + 8) + 2 * HTTPClient.MAX_DELAY
    assert longest < ARRIVES_WITHIN.total_seconds() == 120
