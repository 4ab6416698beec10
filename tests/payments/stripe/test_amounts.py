"""The vendor's smallest units, which are ours but for a few currencies; what it takes is told beforehand."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from stripe import InvalidRequestError

from fynlo.core.ids import new_id
from fynlo.core.money import CURRENCIES, Money
from payments.gateways.base import ConnectionFacts, PaymentRequest, RefundRequest, Refused
from payments.gateways.stripe import StripeGateway
from payments.gateways.stripe.amounts import (
    NotPayable,
    from_vendor,
    largest,
    rounded_down,
    smallest,
    step,
    to_vendor,
)
from tests.contracts.stripe.selling import connected
from tests.contracts.stripe.server import StripeServer


@pytest.mark.parametrize(
    ("minor", "currency", "theirs"),
    [
        (1250, "EUR", 1250),
        (1250, "JPY", 1250),
        (1250, "KWD", 1250),
        (1250, "ISK", 125_000),
        (1250, "UGX", 125_000),
        (1255, "HUF", 1255),
        (1255, "TWD", 1255),
        (1200, "MGA", 12),
        (0, "EUR", 0),
        (-500, "EUR", -500),
    ],
)
def test_an_amount_there_and_back(minor: int, currency: str, theirs: int) -> None:
    assert to_vendor(minor, currency) == theirs
    assert from_vendor(theirs, currency) == minor


@pytest.mark.parametrize(("minor", "currency"), [(1251, "KWD"), (1255, "TND"), (1205, "MGA")])
def test_what_the_vendor_has_no_unit_for_is_refused(minor: int, currency: str) -> None:
    with pytest.raises(NotPayable):
        to_vendor(minor, currency)
    assert to_vendor(rounded_down(minor, currency), currency) in (1250, 12)


def test_every_currency_comes_back() -> None:
    assert [from_vendor(to_vendor(10_000, code), code) for code in CURRENCIES] == [10_000] * len(CURRENCIES)


def test_in_which_steps_amounts_go() -> None:
    assert {code: step(code) for code in CURRENCIES if step(code) != 1} == {
        **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 10),
        "MGA": 100,
    }


def test_the_least_that_is_taken() -> None:
    least = [smallest(code) for code in ("EUR", "GBP", "JPY", "HUF", "ISK", "KRW", "ZAR", "KWD", "MGA")]
    assert least == [50, 30, 50, 17_500, 1, 50, 50, 10, 100]


def test_the_most_that_is_taken_has_eight_digits_there_and_is_a_whole_step() -> None:
    assert {code: largest(code) for code in ("EUR", "JPY", "ISK", "KWD", "MGA")} == {
        "EUR": 99_999_999,
        "JPY": 99_999_999,
        "ISK": 999_999,
        "KWD": 99_999_990,
        "MGA": 9_999_999_900,
    }
    assert [code for code in CURRENCIES if largest(code) % step(code)] == []


@pytest.fixture
def kuwaiti(connection: ConnectionFacts, stripe_server: StripeServer) -> ConnectionFacts:
    """The café's account, in Kuwaiti dinars."""
    stripe_server.connect("acct_cafe", country="KW", currency="kwd")
    return connection


Requested = Callable[..., PaymentRequest]


@pytest.mark.django_db
def test_an_account_says_its_steps_and_the_vendor_holds_it_to_them(
    gateway: StripeGateway, kuwaiti: ConnectionFacts, request_of: Requested, stripe_server: StripeServer
) -> None:
    told = gateway.capabilities(connection=kuwaiti)
    assert (told.currencies, told.step_minor, told.largest_minor) == (frozenset({"KWD"}), 10, 99_999_990)
    with pytest.raises(InvalidRequestError, match="last digit of amounts in KWD must be 0"):
        connected(stripe_server).v1.payment_intents.create({"amount": 1255, "currency": "kwd"})
    with pytest.raises(Refused):
        gateway.begin(request=request_of(amount=Money(1255, "KWD")))
    assert gateway.begin(request=request_of(amount=Money(1250, "KWD"), channel="qr")).amount_minor == 1250


@pytest.mark.django_db
def test_tips_are_counted_from_the_step_below_what_the_till_says(
    gateway: StripeGateway,
    kuwaiti: ConnectionFacts,
    asked: Callable[..., object],
    stripe_server: StripeServer,
    reader: str,
) -> None:
    """Not sent as it is, and no reason to know nothing of a payment that was made."""
    asked(amount=Money(1250, "KWD"), tip_on_reader=True, tip_eligible_minor=1249)
    (sent,) = stripe_server.engine.named("POST /v1/terminal/readers/{}/process_payment_intent")
    assert sent.params["process_config"]["tipping"] == {"amount_eligible": 1240}


@pytest.mark.django_db
def test_refunds_go_in_steps_there_too(
    gateway: StripeGateway,
    kuwaiti: ConnectionFacts,
    asked: Callable[..., object],
    stripe_server: StripeServer,
    reader: str,
) -> None:
    attempt = asked(amount=Money(1250, "KWD"))
    stripe_server.tap(reader)
    paid = gateway.advance(attempt=attempt)  # type: ignore[arg-type]
    key = new_id()
    request = RefundRequest(id=key, attempt=paid, key=f"cafe:{key}:refund:1", amount_minor=1240)
    with pytest.raises(Refused):
        gateway.refund(request=replace(request, amount_minor=1245))
    assert stripe_server.engine.named("POST /v1/refunds") == []
    assert gateway.refund(request=request).state == "succeeded"
