"""The fake's webhooks: signed as the library verifies them, rung as a test says."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import stripe
from stripe import SignatureVerificationError, StripeClient

from tests.contracts.stripe.selling import Shop


class Ear:
    """A receiver that verifies each bell and answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status = 200
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event = stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], "whsec_fake")
                ear.heard.append(event.type)
                self.send_response(ear.status)
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/payments/webhooks/stripe"


@pytest.fixture
def ear() -> Iterator[Ear]:
    heard = Ear()
    yield heard
    heard.http.shutdown()
    heard.http.server_close()
    heard.thread.join()


def test_the_library_verifies_a_bell(shop: Shop, client: StripeClient) -> None:
    intent = shop.paid()
    (bell,) = shop.server.bells.take("payment_intent.succeeded")
    body, headers = shop.server.bells.request(bell)
    event = client.construct_event(body, headers["Stripe-Signature"], "whsec_fake")
    assert (event.type, event.account, event.data.object["id"]) == (
        "payment_intent.succeeded",
        "acct_cafe",
        intent.id,
    )


def test_a_forged_bell_and_a_stale_one_are_refused_by_the_library(shop: Shop, client: StripeClient) -> None:
    bell = shop.server.bells.take()[0] if shop.intent() else pytest.fail("no bell")
    body, headers = shop.server.bells.forged(bell)
    with pytest.raises(
        SignatureVerificationError, match="No signatures found matching the expected signature"
    ):
        client.construct_event(body, headers["Stripe-Signature"], "whsec_fake")
    body, headers = shop.server.bells.request(bell, signed_at=1_500_000_000)
    with pytest.raises(SignatureVerificationError, match="Timestamp outside the tolerance zone"):
        client.construct_event(body, headers["Stripe-Signature"], "whsec_fake")


@pytest.mark.parametrize("secret", ["whsec_old", "whsec_new"])
def test_two_secrets_sign_while_one_rolls(shop: Shop, client: StripeClient, secret: str) -> None:
    shop.server.bells.secrets = ["whsec_old", "whsec_new"]
    shop.intent()
    body, headers = shop.server.bells.request(shop.server.bells.take()[0])
    assert client.construct_event(body, headers["Stripe-Signature"], secret).type == "payment_intent.created"


def test_a_sale_rings_in_order(shop: Shop) -> None:
    shop.held()
    assert [bell.kind for bell in shop.server.bells.take()] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "terminal.reader.action_succeeded",
    ]


def test_bells_ring_twice_and_backwards(shop: Shop, ear: Ear) -> None:
    shop.held()
    shop.server.bells.deliver_to(ear.url)
    shop.server.bells.ring("payment_intent.created", "charge.succeeded", backwards=True, twice=True)
    assert ear.heard == [
        "charge.succeeded",
        "charge.succeeded",
        "payment_intent.created",
        "payment_intent.created",
    ]
    assert len(shop.server.bells.pending) == 2


def test_an_unanswered_bell_waits_for_the_next_ringing(shop: Shop, ear: Ear) -> None:
    shop.intent()
    shop.server.bells.deliver_to(ear.url)
    ear.status = 503
    assert shop.server.bells.ring() == [503]
    ear.status = 200
    assert shop.server.bells.ring() == [200]
    assert shop.server.bells.ring() == []


def test_a_dropped_bell_is_still_in_the_list_of_events(shop: Shop) -> None:
    shop.server.bells.drop("payment_intent.created")
    shop.intent()
    assert shop.server.bells.pending == []
    assert [event.type for event in shop.client.v1.events.list({"types": ["payment_intent.*"]}).data] == [
        "payment_intent.created"
    ]


def test_a_bell_may_ring_before_the_answer_that_caused_it(shop: Shop, ear: Ear) -> None:
    shop.server.bells.deliver_to(ear.url, at_once=True)
    shop.intent()
    assert ear.heard == ["payment_intent.created"]


def test_an_event_shows_the_object_as_it_was(shop: Shop) -> None:
    intent = shop.intent(1000)
    shop.client.v1.payment_intents.update(intent.id, {"amount": 2000})
    (bell,) = shop.server.bells.take("payment_intent.created")
    assert shop.client.v1.events.retrieve(bell.event["id"]).data.object["amount"] == 1000


def test_a_thin_bell_names_the_account_and_nothing_else(shop: Shop, client: StripeClient) -> None:
    shop.server.set_account("acct_cafe", "restricted", code="requirements_past_due", thin=True)
    kind = "v2.core.account[configuration.merchant].capability_status_updated"
    body, headers = shop.server.bells.request(shop.server.bells.take(kind)[0])
    told: Any = client.parse_event_notification(body, headers["Stripe-Signature"], "whsec_fake")
    assert (told.type, told.related_object.id) == (kind, "acct_cafe")
    with pytest.raises(ValueError, match="parse_event_notification"):
        client.construct_event(body, headers["Stripe-Signature"], "whsec_fake")
