"""Links drawn as QR codes, and the page on which a guest pays."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from fynlo.core.tenancy import tenant_context
from payments.gateways import states
from payments.gateways.base import ConnectionFacts, PaymentRequest, Presentation, TooLate
from payments.gateways.pauses import LINK_LIFETIME
from payments.gateways.stripe import StripeGateway, online
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.payments.stripe.conftest import soon

pytestmark = pytest.mark.django_db

RequestOf = Callable[..., PaymentRequest]
SESSIONS = "POST /v1/checkout/sessions"


def test_a_link_is_shown_until_it_ends_and_becomes_a_payment(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    until = soon(minutes=15)
    begun = gateway.begin(request=request_of(channel="qr", expires_at=until))
    assert (begun.state, begun.next.kind, begun.next.until) == ("prepared", "show_qr", until)
    shown = gateway.present(attempt=begun, at=Presentation(key="k"))
    assert (shown.state, shown.next.url) == ("presented", begun.next.url)
    page = shown.vendor_id
    intent = stripe_server.pay_session(page)
    paid = gateway.advance(attempt=shown)
    assert (paid.state, paid.captured_minor, paid.vendor_id) == ("captured", 1250, intent["id"])
    assert paid.details["session"] == page
    assert gateway.advance(attempt=paid).state == states.CAPTURED


def test_the_page_says_where_to_go_and_ends_later_than_the_attempt(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    until = soon(minutes=15)
    gateway.begin(request=request_of(channel="qr", expires_at=until, application_fee_minor=20))
    (made,) = stripe_server.engine.named(SESSIONS)
    assert made.params["expires_at"] == int((until + dt.timedelta(minutes=30)).timestamp())
    assert made.params["success_url"] == "https://cafe.example/pay/thanks"
    assert made.params["payment_intent_data"]["application_fee_amount"] == 20
    assert made.params["payment_intent_data"]["metadata"] == made.params["metadata"]


def test_a_page_may_be_kept_as_long_as_links_live_unless_somebody_says_otherwise(
    gateway: StripeGateway, request_of: RequestOf
) -> None:
    until = soon() - dt.timedelta(minutes=10) + LINK_LIFETIME
    begun = gateway.begin(request=request_of(channel="qr", expires_at=until))
    assert (begun.state, begun.next.until) == ("prepared", until)


def test_without_a_host_of_its_own_a_page_is_on_the_merchants(
    gateway: StripeGateway, connection: ConnectionFacts, request_of: RequestOf
) -> None:
    settings = {name: said for name, said in connection.settings.items() if name != "origin"}
    plain = replace(connection, settings=settings)
    begun = gateway.begin(request=request_of(channel="remote", connection=plain))
    shown = gateway.present(attempt=replace(begun, connection=plain), at=Presentation(key="k"))
    assert shown.next.url.rpartition("/pay/")[0] == "http://cafe.localhost:8000"


def test_cancelling_ends_the_page(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    begun = gateway.begin(request=request_of(channel="qr"))
    assert gateway.cancel(attempt=begun, key="k1").state == states.CANCELLED
    assert gateway.advance(attempt=begun).state == states.EXPIRED
    assert gateway.cancel(attempt=begun, key="k2").state == states.EXPIRED


def test_a_page_that_was_paid_is_too_late_to_end(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    begun = gateway.begin(request=request_of(channel="qr"))
    stripe_server.pay_session(begun.vendor_id)
    with pytest.raises(TooLate):
        gateway.cancel(attempt=begun, key="k1")
    assert gateway.advance(attempt=begun).captured_minor == 1250


def test_money_that_is_only_announced_is_waited_for_and_kept(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    begun = gateway.begin(request=request_of(channel="qr"))
    stripe_server.pay_session(begun.vendor_id, later=True)
    waiting = gateway.advance(attempt=begun)
    assert (waiting.state, waiting.next.kind) == ("presented", "wait")
    stripe_server.settle_session(begun.vendor_id)
    assert gateway.advance(attempt=waiting).state == states.CAPTURED


def test_a_page_nobody_paid_expires(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    begun = gateway.begin(request=request_of(channel="qr", expires_at=soon()))
    stripe_server.advance_clock(seconds=3600)
    assert gateway.advance(attempt=begun).state == states.EXPIRED


def test_a_guest_pays_on_our_page(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    begun = gateway.begin(request=request_of(channel="remote"))
    assert begun.next.secret == ""
    (made,) = stripe_server.engine.named("POST /v1/payment_intents")
    assert made.params["automatic_payment_methods"] == {"enabled": True}
    session = online.page_session(begun)
    assert (session.publishable_key, session.account) == ("pk_test_fynlo", "acct_cafe")
    assert session.client_secret.startswith(begun.vendor_id)
    assert session.client_secret not in repr(session)
    shown = replace(begun, state=states.PRESENTED)
    stripe_server.pay_intent(begun.vendor_id, "declined")
    waiting = gateway.advance(attempt=shown)
    assert (waiting.state, waiting.failure_kind) == ("presented", "declined")
    assert online.page_session(waiting).client_secret == session.client_secret
    stripe_server.fault("GET /v1/payment_intents/{}", faults.unknown_enum("status", "processing"))
    on_its_way = online.page_session(waiting)
    assert (on_its_way.state, on_its_way.client_secret) == ("wait", "")
    stripe_server.pay_intent(begun.vendor_id, wallet="apple_pay")
    paid = gateway.advance(attempt=shown)
    assert (paid.state, paid.card.wallet, paid.failure_kind) == ("captured", "apple_pay", "")
    over = online.page_session(paid)
    assert (over.state, over.client_secret) == ("captured", "")


def test_the_address_of_a_page_is_good_for_one_merchant(
    gateway: StripeGateway, request_of: RequestOf, cafe: object, grocer: object
) -> None:
    begun = gateway.begin(request=request_of(channel="remote"))
    with tenant_context(cafe):  # type: ignore[arg-type]
        shown = gateway.present(
            attempt=begun, at=Presentation(key="k", return_url="https://pos.cafe.example/x")
        )
        host, _, token = shown.next.url.rpartition("/pay/")
        assert (shown.state, shown.next.kind, host) == ("presented", "redirect", "https://cafe.example")
        assert online.opened(token) == begun.id
        assert online.opened(token[:-2] + "AA") is None
        assert online.opened("") is None
    with tenant_context(grocer):  # type: ignore[arg-type]
        assert online.opened(token) is None
