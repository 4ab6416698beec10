"""Money that goes back: once, in parts, later failing, and for Canada's debit cards at the reader."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.gateways.base import Attempt, OutcomeUnknown, ReaderTrouble, RefundRequest, Refused
from payments.gateways.stripe import StripeGateway
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer

pytestmark = pytest.mark.django_db

Asked = Callable[..., Attempt]
REFUNDS = "POST /v1/refunds"


@pytest.fixture
def taken(gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str) -> Attempt:
    """12.50 EUR taken at the reader, 25 cents of them the platform's."""
    attempt = asked(application_fee_minor=25)
    stripe_server.tap(reader)
    return gateway.advance(attempt=attempt)


def back(attempt: Attempt, amount: int, number: int = 1, **said: object) -> RefundRequest:
    """A refund of so much."""
    key = new_id()
    facts = {"id": key, "attempt": attempt, "key": f"cafe:{key}:refund:{number}", "amount_minor": amount}
    return RefundRequest(**{**facts, **said})  # type: ignore[arg-type]


def test_refunded_in_parts(gateway: StripeGateway, stripe_server: StripeServer, taken: Attempt) -> None:
    first = gateway.refund(request=back(taken, 500))
    second = gateway.refund(request=back(taken, 750))
    assert [first.state, second.state] == ["succeeded", "succeeded"]
    with pytest.raises(Refused):
        gateway.refund(request=back(taken, 1))
    sent = stripe_server.engine.named(REFUNDS)[0].params
    assert (sent["amount"], sent["refund_application_fee"]) == (500, True)


def test_a_charge_without_a_fee_gives_none_back(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked()
    stripe_server.tap(reader)
    assert gateway.refund(request=back(gateway.advance(attempt=attempt), 100)).state == "succeeded"
    assert "refund_application_fee" not in stripe_server.engine.named(REFUNDS)[0].params


@pytest.mark.parametrize("fault", [faults.lost_answer, faults.slow_answer], ids=["lost", "slow"])
def test_a_lost_answer_is_found_again_even_under_another_vendors_memory(
    gateway: StripeGateway, stripe_server: StripeServer, taken: Attempt, fault: Callable[[], faults.Fault]
) -> None:
    request = back(replace(taken, connection=impatient(taken)), 500)
    stripe_server.fault(REFUNDS, fault(), times=3)
    with pytest.raises(OutcomeUnknown):
        gateway.refund(request=request)
    stripe_server.faults.release()
    stripe_server.engine._stored.clear()  # the key is forgotten, as it is after a day
    assert gateway.refund(request=request).state == "succeeded"
    assert stripe_server.executed(REFUNDS) == 1


def impatient(attempt: Attempt) -> object:
    """The same account, waited for less than a second."""
    told = attempt.connection
    return replace(told, settings={**told.settings, "timeout_seconds": 0.8})


def test_a_failed_one_is_sent_anew_under_another_key(
    gateway: StripeGateway, stripe_server: StripeServer, taken: Attempt
) -> None:
    request = back(taken, 500)
    sent = gateway.refund(request=request)
    stripe_server.fail_refund(sent.vendor_id)
    looked = gateway.refund(request=replace(request, vendor_id=sent.vendor_id))
    assert (looked.state, looked.failure_code) == ("failed", "lost_or_stolen_card")
    assert looked.failure_text == "The card was reported lost or stolen."
    anew = gateway.refund(request=replace(request, key=f"cafe:{request.id}:refund:2"))
    assert (anew.state, anew.vendor_id == sent.vendor_id) == ("succeeded", False)


def test_one_that_waits_is_looked_at_until_it_arrives(
    gateway: StripeGateway, stripe_server: StripeServer, taken: Attempt
) -> None:
    stripe_server.delay_refunds(taken.details["charge"])
    request = back(taken, 500)
    sent = gateway.refund(request=request)
    assert sent.state == "pending"
    stripe_server.settle_refund(sent.vendor_id)
    assert gateway.refund(request=replace(request, vendor_id=sent.vendor_id)).state == "succeeded"


def test_a_state_we_do_not_know_is_looked_at_again(
    gateway: StripeGateway, stripe_server: StripeServer, taken: Attempt
) -> None:
    stripe_server.fault(REFUNDS, faults.unknown_enum("status"))
    request = back(taken, 500)
    sent = gateway.refund(request=request)
    assert (sent.state, sent.failure_code) == ("pending", "status:a_word_of_tomorrow")
    assert gateway.refund(request=replace(request, vendor_id=sent.vendor_id)).state == "succeeded"


def test_interac_needs_the_card_at_the_reader(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, connection: object, reader: str
) -> None:
    world = stripe_server.vendor.worlds["acct_cafe"]
    world.country, world.currency = "CA", "cad"
    told = replace(connection, settings={**connection.settings, "country": "CA"})  # type: ignore[type-var, attr-defined]
    attempt = asked(connection=told, amount=Money(1250, "CAD"))
    stripe_server.tap(reader, "interac")
    taken = gateway.advance(attempt=attempt)
    assert taken.details["method"] == "interac_present"
    request = back(taken, 1250)
    with pytest.raises(ReaderTrouble) as caught:
        gateway.refund(request=request)
    assert caught.value.code == "needs_reader"
    waiting = gateway.refund(request=replace(request, reader=reader))
    assert (waiting.state, waiting.vendor_id) == ("pending", reader)
    looked = gateway.refund(request=replace(request, reader=reader, vendor_id=reader))
    assert looked.state == "pending"
    stripe_server.tap(reader, "interac")
    done = gateway.refund(request=replace(request, reader=reader, vendor_id=reader))
    assert done.state == "succeeded"
    assert done.vendor_id != reader


def test_what_goes_through_at_the_reader_between_two_questions_did_not_fail(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, connection: object, reader: str
) -> None:
    """Called failed, it would be sent again, and the guest would have it twice."""
    world = stripe_server.vendor.worlds["acct_cafe"]
    world.country, world.currency = "CA", "cad"
    told = replace(connection, settings={**connection.settings, "country": "CA"})  # type: ignore[type-var, attr-defined]
    attempt = asked(connection=told, amount=Money(1250, "CAD"))
    stripe_server.tap(reader, "interac")
    request = replace(back(gateway.advance(attempt=attempt), 1250), reader=reader)
    assert gateway.refund(request=request).state == "pending"
    stripe_server.tap(reader, "interac")
    asked(connection=told, amount=Money(300, "CAD"))  # the reader is another guest's by now
    stripe_server.fault(
        "GET /v1/refunds", faults.Fault("a moment ago", change=lambda body: body.update(data=[]))
    )
    assert gateway.refund(request=replace(request, vendor_id=reader)).state == "succeeded"
