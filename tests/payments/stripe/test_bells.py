"""Bells: whose signature, of when, and what they say to look at."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from stripe import WebhookSignature

from payments.gateways.base import Attempt, BadSignature, ConnectionFacts, Fact, Inbound, VerifiedEvent
from payments.gateways.stripe import StripeGateway
from payments.gateways.stripe.webhooks import SUBSCRIBED, interpret
from tests.contracts.stripe.server import StripeServer

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "payout.paid",
    "created": 1,
    "data": {"object": {"id": "po_1"}},
}


def inbound(
    connection: ConnectionFacts,
    *secrets: str,
    event: dict[str, Any] | None = None,
    seconds: int = 0,
    body: bytes | None = None,
) -> Inbound:
    """A bell signed with these secrets, so many seconds before (or after) it came in."""
    text = json.dumps(EVENT if event is None else event)
    at = int(AT.timestamp()) - seconds
    signed = [
        WebhookSignature.generate_signature_header(text, secret, at).split(",v1=") for secret in secrets
    ]
    header = ",".join([f"t={at}", *(f"v1={parts[1]}" for parts in signed)])
    raw = text.encode() if body is None else body
    return Inbound(connection=connection, body=raw, headers={"stripe-signature": header}, received_at=AT)


@pytest.fixture
def endpoint() -> ConnectionFacts:
    """An account with one secret."""
    from fynlo.core.ids import new_id

    return ConnectionFacts(
        id=new_id(),
        gateway="stripe",
        tenant="cafe",
        account="acct_cafe",
        secrets={"webhook_secret": "whsec_new"},
    )


def test_a_bell_of_now_is_believed(gateway: StripeGateway, endpoint: ConnectionFacts) -> None:
    event = gateway.verify(inbound=inbound(endpoint, "whsec_new"))
    assert (event.id, event.kind, event.account) == ("evt_1", "payout.paid", "")


@pytest.mark.parametrize(
    "secrets", [("whsec_old", "whsec_new"), ("whsec_new", "whsec_old")], ids=["old first", "new first"]
)
def test_two_signatures_while_a_secret_is_replaced(
    gateway: StripeGateway, endpoint: ConnectionFacts, secrets: tuple[str, str]
) -> None:
    assert gateway.verify(inbound=inbound(endpoint, *secrets)).id == "evt_1"
    both = replace(endpoint, secrets={"webhook_secret": "whsec_newer, whsec_old"})
    assert gateway.verify(inbound=inbound(both, *secrets)).id == "evt_1"


@pytest.mark.parametrize("seconds", [300, -300], ids=["past", "future"])
def test_five_minutes_to_both_sides_are_good_and_a_second_more_is_not(
    gateway: StripeGateway, endpoint: ConnectionFacts, seconds: int
) -> None:
    assert gateway.verify(inbound=inbound(endpoint, "whsec_new", seconds=seconds)).id == "evt_1"
    more = seconds + (1 if seconds > 0 else -1)
    with pytest.raises(BadSignature):
        gateway.verify(inbound=inbound(endpoint, "whsec_new", seconds=more))


@pytest.mark.parametrize("header", ["", "t=,v1=", "v1=abc", "t=99999999999999999999,v1=a", "t=1"])
def test_no_signature_is_none(gateway: StripeGateway, endpoint: ConnectionFacts, header: str) -> None:
    bell = replace(inbound(endpoint, "whsec_new"), headers={"stripe-signature": header})
    with pytest.raises(BadSignature):
        gateway.verify(inbound=bell)


def test_forged_altered_and_senseless_bells(gateway: StripeGateway, endpoint: ConnectionFacts) -> None:
    bells = [
        inbound(endpoint, "whsec_guessed"),
        inbound(endpoint, "whsec_new", body=b"{}"),
        inbound(endpoint, "whsec_new", body=b"\xff\xfe"),
        inbound(endpoint, "whsec_new", event={"object": "event"}),
        inbound(replace(endpoint, secrets={}), "whsec_new"),
        inbound(replace(endpoint, secrets={"webhook_secret": " , "}), ""),
    ]
    for bell in bells:
        with pytest.raises(BadSignature):
            gateway.verify(inbound=bell)


def test_a_thin_event_names_the_account_it_is_about(
    gateway: StripeGateway, endpoint: ConnectionFacts
) -> None:
    kind = "v2.core.account[configuration.merchant].capability_status_updated"
    thin = {
        "id": "evt_2",
        "object": "v2.core.event",
        "type": kind,
        "created": "2026-11-23T02:00:00.000Z",
        "livemode": False,
        "related_object": {
            "id": "acct_cafe",
            "type": "v2.core.account",
            "url": "/v2/core/accounts/acct_cafe",
        },
    }
    event = gateway.verify(inbound=inbound(endpoint, "whsec_new", event=thin))
    assert (event.kind, event.account, event.at) == (kind, "acct_cafe", AT)
    assert gateway.interpret(event=event) == (Fact(about="connection", vendor_id="acct_cafe"),)


def rung(kind: str, item: dict[str, Any], account: str = "acct_cafe") -> VerifiedEvent:
    """A snapshot event about `item`."""
    return VerifiedEvent(id="evt", kind=kind, account=account, at=AT, payload={"data": {"object": item}})


OURS = "01a2062d-f685-7113-857c-c6d81b05a33a"


@pytest.mark.parametrize(
    ("kind", "item", "facts"),
    [
        (
            "payment_intent.succeeded",
            {"id": "pi_1", "metadata": {"attempt": OURS}},
            [("attempt", "pi_1", True)],
        ),
        (
            "payment_intent.succeeded",
            {"id": "pi_1", "metadata": {"attempt": "x"}},
            [("attempt", "pi_1", False)],
        ),
        (
            "checkout.session.completed",
            {"id": "cs_1", "metadata": {"attempt": OURS}},
            [("attempt", "cs_1", True)],
        ),
        ("charge.captured", {"id": "ch_1", "payment_intent": "pi_1"}, [("attempt", "pi_1", False)]),
        ("charge.captured", {"id": "ch_1", "payment_intent": None}, []),
        ("charge.dispute.created", {"id": "dp_1"}, [("dispute", "dp_1", False)]),
        ("charge.refund.updated", {"id": "re_1"}, [("refund", "re_1", False)]),
        ("refund.failed", {"id": "re_1", "metadata": {"attempt": OURS}}, [("refund", "re_1", True)]),
        ("payout.reconciliation_completed", {"id": "po_1"}, [("payout", "po_1", False)]),
        ("account.updated", {"id": "acct_cafe", "object": "account"}, [("connection", "acct_cafe", False)]),
        ("account.application.deauthorized", {"id": "ca_1"}, [("connection", "acct_cafe", False)]),
        (
            "capability.updated",
            {"id": "card_payments", "account": "acct_x"},
            [("connection", "acct_cafe", False)],
        ),
        (
            "terminal.reader.action_succeeded",
            {"id": "tmr_1", "action": {"process_payment_intent": {"payment_intent": "pi_1"}}},
            [("reader", "tmr_1", False), ("attempt", "pi_1", False)],
        ),
        (
            "terminal.reader.action_succeeded",
            {"id": "tmr_1", "action": {"process_payment_intent": None, "refund_payment": {"refund": "re_1"}}},
            [("reader", "tmr_1", False), ("refund", "re_1", False)],
        ),
        ("customer.created", {"id": "cus_1"}, []),
        ("a.word.of.tomorrow", {"id": "x_1"}, []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_bell_says_to_look_at(
    kind: str, item: dict[str, Any], facts: list[tuple[str, str, bool]]
) -> None:
    told = interpret(rung(kind, item))
    assert [(fact.about, fact.vendor_id, fact.attempt_id is not None) for fact in told] == facts


def test_every_event_we_ask_for_says_something() -> None:
    item = {
        "id": "x_1",
        "payment_intent": "pi_1",
        "action": {"process_payment_intent": {"payment_intent": "pi_1"}},
    }
    assert [kind for kind in SUBSCRIBED if not interpret(rung(kind, item))] == []


def test_bells_of_the_strict_fake_lead_to_the_attempt(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    platform_key: None,
    asked: Callable[..., Attempt],
    reader: str,
) -> None:
    attempt = asked()
    stripe_server.tap(reader)
    told = set()
    for bell in stripe_server.bells.take():
        body, headers = stripe_server.bells.request(bell)
        lower = {name.lower(): value for name, value in headers.items()}
        facts = replace(attempt.connection, secrets={"webhook_secret": "whsec_fake"})
        event = gateway.verify(
            inbound=Inbound(connection=facts, body=body, headers=lower, received_at=dt.datetime.now(dt.UTC))
        )
        assert event.account == "acct_cafe"
        told |= {(fact.about, fact.vendor_id) for fact in gateway.interpret(event=event)}
    assert ("attempt", attempt.vendor_id) in told
    assert ("reader", reader) in told
