"""Cards at a reader that the server drives."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.money import Money
from payments.gateways import states
from payments.gateways.base import (
    Attempt,
    ConnectionFacts,
    Declined,
    NotConnected,
    OutcomeUnknown,
    PaymentRequest,
    Presentation,
    ReaderTrouble,
    Refused,
    TooLate,
)
from payments.gateways.stripe import StripeGateway, readers
from tests.contracts.stripe import faults
from tests.contracts.stripe.server import StripeServer
from tests.payments.stripe.conftest import theirs

pytestmark = pytest.mark.django_db

PROCESS = "POST /v1/terminal/readers/{}/process_payment_intent"
CREATE = "POST /v1/payment_intents"

Asked = Callable[..., Attempt]
RequestOf = Callable[..., PaymentRequest]


def test_a_card_is_asked_for_and_taken(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked()
    assert (attempt.state, attempt.next.kind, attempt.next.reader) == ("presented", "use_reader", reader)
    assert gateway.advance(attempt=attempt).state == states.PRESENTED
    stripe_server.tap(reader)
    taken = gateway.advance(attempt=attempt)
    assert (taken.state, taken.captured_minor, taken.amount_minor, taken.tip_minor) == (
        "captured",
        1250,
        1250,
        0,
    )
    assert (taken.card.brand, taken.card.last4, taken.next.kind) == ("visa", "4242", "none")
    assert taken.card.receipt["aid"]
    (made,) = stripe_server.engine.named(CREATE)
    assert made.params["allowed_payment_method_types"] == ["card_present"]
    assert made.params["metadata"] == {"tenant": "cafe", "attempt": str(attempt.id), "order": "A-17"}
    assert made.account == "acct_cafe"


def test_the_same_key_makes_the_same_intent(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    request = request_of()
    assert gateway.begin(request=request).vendor_id == gateway.begin(request=request).vendor_id
    assert stripe_server.executed(CREATE) == 1


def test_a_tip_at_the_reader_is_told_apart(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked(tip_on_reader=True, tip_eligible_minor=1000)
    stripe_server.tap(reader, tip=150)
    taken = gateway.advance(attempt=attempt)
    assert (taken.amount_minor, taken.tip_minor, taken.captured_minor) == (1250, 150, 1400)
    (sent,) = stripe_server.engine.named(PROCESS)
    assert sent.params["process_config"]["tipping"] == {"amount_eligible": 1000}


def test_no_tip_is_asked_for_unless_the_till_says_so(stripe_server: StripeServer, asked: Asked) -> None:
    asked()
    (sent,) = stripe_server.engine.named(PROCESS)
    assert sent.params["process_config"] == {"enable_customer_cancellation": True, "skip_tipping": True}


def test_a_declined_card_is_followed_by_another_on_the_same_intent(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked()
    stripe_server.tap(reader, "insufficient")
    no = gateway.advance(attempt=attempt)
    assert (no.state, no.failure_kind, no.failure_code) == ("declined", "declined", "insufficient_funds")
    again = gateway.present(
        attempt=replace(no, reader=reader), at=Presentation(key=f"cafe:{no.id}:present:2", reader=reader)
    )
    assert (again.state, again.vendor_id, again.failure_kind) == ("presented", attempt.vendor_id, "")
    stripe_server.tap(reader)
    assert gateway.advance(attempt=again).captured_minor == 1250
    assert stripe_server.executed(CREATE) == 1


@pytest.mark.parametrize("old_software", [False, True], ids=["reader 2.42", "reader before 2.42"])
def test_a_guest_who_cancels_at_the_reader(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str, old_software: bool
) -> None:
    attempt = asked()
    stripe_server.fail_action(reader, old_software=old_software)
    no = gateway.advance(attempt=attempt)
    assert (no.state, no.failure_kind, no.failure_code) == ("declined", "reader_trouble", "customer_canceled")


def test_manual_capture_takes_less_than_was_authorised(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked(capture="manual")
    stripe_server.tap(reader)
    held = gateway.advance(attempt=attempt)
    assert (held.state, held.authorised_minor, held.captured_minor) == ("authorised", 1250, 0)
    assert held.capture_before is not None
    taken = gateway.capture(attempt=held, amount=Money(900, "EUR"), key=f"cafe:{held.id}:capture:1")
    assert (taken.state, taken.captured_minor) == ("captured", 900)
    again = gateway.capture(attempt=held, amount=Money(900, "EUR"), key=f"cafe:{held.id}:capture:2")
    assert (again.state, again.captured_minor) == ("captured", 900)


def test_more_is_authorised_and_a_decline_leaves_the_old_amount(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked(capture="manual", incremental=True)
    stripe_server.tap(reader)
    held = gateway.advance(attempt=attempt)
    assert held.can_increment
    more = gateway.increment(attempt=held, to=Money(2000, "EUR"), key=f"cafe:{held.id}:increment:1")
    assert (more.state, more.authorised_minor, more.amount_minor) == ("authorised", 2000, 2000)
    stripe_server.decline_next_increment(held.vendor_id)
    with pytest.raises(Declined):
        gateway.increment(attempt=more, to=Money(3000, "EUR"), key=f"cafe:{held.id}:increment:2")
    assert gateway.advance(attempt=more).authorised_minor == 2000


def test_ten_increments_and_no_more_and_what_is_held_stays(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked(capture="manual", incremental=True)
    stripe_server.tap(reader)
    held = gateway.advance(attempt=attempt)
    for number in range(1, 11):
        to = Money(1250 + 100 * number, "EUR")
        held = gateway.increment(attempt=held, to=to, key=f"cafe:{held.id}:increment:{number}")
    with pytest.raises(Refused, match="maximum number of increments"):
        gateway.increment(attempt=held, to=Money(9000, "EUR"), key=f"cafe:{held.id}:increment:11")
    assert (gateway.advance(attempt=held).state, held.authorised_minor) == ("authorised", 2250)
    taken = gateway.capture(attempt=held, amount=Money(2250, "EUR"), key=f"cafe:{held.id}:capture:1")
    assert taken.captured_minor == 2250


def test_an_authorisation_that_lapsed_is_expired(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked(capture="manual")
    stripe_server.tap(reader)
    held = gateway.advance(attempt=attempt)
    stripe_server.advance_clock(seconds=8 * 86_400)
    late = gateway.capture(attempt=held, amount=Money(1250, "EUR"), key=f"cafe:{held.id}:capture:1")
    assert (late.state, late.captured_minor) == ("expired", 0)


def test_cancelling_takes_it_off_the_reader(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    connection: ConnectionFacts,
    asked: Asked,
    reader: str,
) -> None:
    attempt = asked()
    assert gateway.cancel(attempt=attempt, key=f"cafe:{attempt.id}:cancel:1").state == states.CANCELLED
    (seen,) = readers.readers_of(connection=connection)
    assert (seen.vendor_id, seen.doing, seen.is_online) == (reader, "", True)


def test_cancelling_too_late_is_decided_by_looking(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked()
    stripe_server.insert_card(reader)
    with pytest.raises(TooLate):
        gateway.cancel(attempt=attempt, key=f"cafe:{attempt.id}:cancel:1")
    stripe_server.tap(reader)
    with pytest.raises(TooLate):
        gateway.cancel(attempt=attempt, key=f"cafe:{attempt.id}:cancel:2")
    assert gateway.advance(attempt=attempt).state == states.CAPTURED


def test_cancelling_what_is_cancelled_is_done(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked
) -> None:
    attempt = asked()
    gateway.cancel(attempt=attempt, key=f"cafe:{attempt.id}:cancel:1")
    assert gateway.cancel(attempt=attempt, key=f"cafe:{attempt.id}:cancel:2").state == states.CANCELLED


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [(faults.reader_busy, "busy"), (faults.reader_offline, "offline")],
    ids=["busy", "offline"],
)
def test_a_reader_in_trouble(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    request_of: RequestOf,
    reader: str,
    fault: Callable[[], faults.Fault],
    trouble: str,
) -> None:
    begun = gateway.begin(request=request_of())
    stripe_server.fault(PROCESS, fault())
    with pytest.raises(ReaderTrouble) as caught:
        gateway.present(attempt=replace(begun, reader=reader), at=Presentation(key="k", reader=reader))
    assert caught.value.trouble == trouble


def test_a_reader_that_was_taken_out_of_the_account_holds_nothing_up(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked()
    del stripe_server.vendor.worlds["acct_cafe"].tables["terminal.reader"][reader]
    assert gateway.advance(attempt=attempt).failure_code == "not_on_reader"
    assert gateway.cancel(attempt=attempt, key=f"cafe:{attempt.id}:cancel:1").state == states.CANCELLED


def test_a_busy_reader_says_for_whom_it_works(
    gateway: StripeGateway, request_of: RequestOf, asked: Asked, reader: str
) -> None:
    first = asked(reference="B-3")
    second = replace(gateway.begin(request=request_of()), reader=reader)
    with pytest.raises(ReaderTrouble) as caught:
        gateway.present(attempt=second, at=Presentation(key="p2", reader=reader))
    assert caught.value.text == "The reader asks for B-3 at the moment."
    gateway.cancel(attempt=first, key="c1")
    assert gateway.present(attempt=second, at=Presentation(key="p3", reader=reader)).state == states.PRESENTED


@pytest.mark.parametrize("acted", [True, False], ids=["the reader asks", "the reader does not"])
def test_a_reader_that_timed_out_is_looked_at(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf, reader: str, acted: bool
) -> None:
    begun = gateway.begin(request=request_of())
    stripe_server.fault(PROCESS, faults.reader_timeout(acted=acted))
    with pytest.raises(OutcomeUnknown):
        gateway.present(attempt=replace(begun, reader=reader), at=Presentation(key="k", reader=reader))
    lost = replace(begun, state=states.UNKNOWN, reader=reader)
    seen = gateway.advance(attempt=lost)
    assert (seen.state, seen.failure_code) == (("presented", "") if acted else ("declined", "not_on_reader"))


def test_an_account_that_left_is_not_connected(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf
) -> None:
    stripe_server.disconnect("acct_cafe")
    with pytest.raises(NotConnected) as caught:
        gateway.begin(request=request_of())
    assert caught.value.code == "account_invalid"


@pytest.mark.parametrize("owner", ["grocer", "nobody"])
def test_the_platforms_key_is_not_used_for_an_account_somebody_typed(
    gateway: StripeGateway,
    stripe_server: StripeServer,
    request_of: RequestOf,
    connection: ConnectionFacts,
    grocer: Any,
    owner: str,
) -> None:
    stripe_server.connect("acct_grocer", country="GB", currency="gbp")
    if owner == "grocer":
        theirs("acct_grocer", grocer)
    typed = replace(connection, account="acct_grocer")
    with pytest.raises(NotConnected) as caught:
        gateway.begin(request=request_of(connection=typed))
    assert caught.value.code == "account_not_theirs"
    with pytest.raises(NotConnected):
        gateway.capabilities(connection=typed)
    assert stripe_server.requests == []


def test_a_merchant_with_a_key_of_their_own_acts_for_themselves(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf, connection: ConnectionFacts
) -> None:
    own = replace(connection, account="", secrets={"secret_key": "sk_test_own"})
    gateway.begin(request=request_of(connection=own))
    assert stripe_server.engine.named(CREATE)[0].account == "acct_platform"
    assert gateway.capabilities(connection=own).trouble == ""
    assert "sk_test_own" not in repr(own)


def test_the_platforms_fee_is_taken_from_the_merchants_charge(
    gateway: StripeGateway, stripe_server: StripeServer, asked: Asked, reader: str
) -> None:
    attempt = asked(application_fee_minor=25)
    stripe_server.tap(reader)
    assert gateway.advance(attempt=attempt).details["application_fee"] == 25


def test_canadas_debit_cards_are_taken_at_once(
    gateway: StripeGateway, stripe_server: StripeServer, request_of: RequestOf, connection: ConnectionFacts
) -> None:
    stripe_server.connect("acct_bistro", country="CA", currency="cad")
    theirs("acct_bistro")
    canada = replace(connection, account="acct_bistro", settings={**connection.settings, "country": "CA"})
    gateway.begin(request=request_of(connection=canada, amount=Money(1250, "CAD"), capture="manual"))
    (made,) = stripe_server.engine.named(CREATE)
    assert made.params["allowed_payment_method_types"] == ["card_present", "interac_present"]
    assert made.params["payment_method_options"] == {"card_present": {"capture_method": "manual_preferred"}}
