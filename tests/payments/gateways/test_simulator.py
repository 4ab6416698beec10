"""The simulator is a vendor: it remembers keys, takes money once, and loses answers when it is told to."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import transaction
from django.test import RequestFactory

from fynlo.core.errors import InvalidInput
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways import base
from payments.gateways.languages import GERMAN
from payments.gateways.models import Connection
from payments.gateways.simulator import Simulator, balance, guest, refunds
from payments.gateways.simulator.bells import HEADER, signature, waiting_bells
from payments.gateways.simulator.disputes import close_dispute, open_dispute
from payments.gateways.simulator.faults import BY_ENDING, Fault
from payments.gateways.simulator.links import opened
from payments.gateways.simulator.models import SimulatedObject
from payments.gateways.simulator.options import read_settings
from payments.gateways.simulator.readers import set_reader
from payments.gateways.simulator.store import desk_of
from payments.gateways.simulator.striking import plan_faults, waiting_faults
from payments.gateways.simulator.views import simulator_page
from tests.database import ROOT

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
SECRET = "sim_whsec_of_a_test"
simulator = Simulator()


@pytest.fixture
def account(in_cafe: Any) -> base.ConnectionFacts:
    """An account whose guests wait to be told, at noon."""
    settings = {"guest": "waits", "clock": AT.isoformat()}
    made = Connection.objects.create(
        gateway="simulator", name="Simulator", account="sim_1", settings=settings, created_at=AT
    )
    return facts(made.id, settings)


def facts(key: UUID, settings: dict[str, Any]) -> base.ConnectionFacts:
    return base.ConnectionFacts(
        id=key,
        gateway="simulator",
        tenant="cafe",
        account="sim_1",
        settings=settings,
        secrets={"webhook_secret": SECRET},
    )


def later(account: base.ConnectionFacts, **delta: float) -> base.ConnectionFacts:
    at = dt.datetime.fromisoformat(account.settings["clock"]) + dt.timedelta(**delta)
    return replace(account, settings={**account.settings, "clock": at.isoformat()})


def begun(account: base.ConnectionFacts, minor: int = 1000, **said: Any) -> base.Attempt:
    return simulator.begin(request=asked(account, minor, **said))


def asked(account: base.ConnectionFacts, minor: int = 1000, **said: Any) -> base.PaymentRequest:
    key = new_id()
    usual: dict[str, Any] = {
        "attempt_id": key,
        "connection": account,
        "key": f"cafe:{key}:begin:1",
        "amount": Money(minor, "EUR"),
        "channel": "present",
        "reference": "K1-7",
    }
    return base.PaymentRequest(**usual | said)


def shown(account: base.ConnectionFacts, minor: int = 1000, **said: Any) -> base.Attempt:
    attempt = begun(account, minor, **said)
    return simulator.present(attempt=attempt, at=base.Presentation(key=f"{attempt.id}:p:1", reader="R1"))


def paid(account: base.ConnectionFacts, minor: int = 1000, **said: Any) -> base.Attempt:
    attempt = shown(account, minor, **said)
    guest.pay(desk=desk_of(account), payment=attempt.vendor_id)
    return simulator.advance(attempt=attempt)


def refund(attempt: base.Attempt, minor: int, **said: Any) -> base.RefundRequest:
    key = new_id()
    return base.RefundRequest(id=key, attempt=attempt, key=f"cafe:{key}:refund:1", amount_minor=minor, **said)


def test_a_card_at_a_reader(account: base.ConnectionFacts) -> None:
    attempt = begun(account)
    assert (attempt.state, attempt.captured_minor) == ("prepared", 0)
    attempt = simulator.present(attempt=attempt, at=base.Presentation(key="p:1", reader="R1"))
    assert (attempt.state, attempt.next) == ("presented", base.Next(kind="use_reader", reader="R1"))
    assert simulator.advance(attempt=attempt).state == "presented"
    guest.pay(desk=desk_of(account), payment=attempt.vendor_id, tip_minor=150)
    attempt = simulator.advance(attempt=attempt)
    assert (attempt.state, attempt.captured_minor, attempt.tip_minor) == ("captured", 1150, 150)
    assert (attempt.card.brand, attempt.card.last4) == ("visa", "4242")


def test_in_a_demonstration_the_card_is_tapped_when_somebody_looks(account: base.ConnectionFacts) -> None:
    demo = facts(account.id, {"clock": AT.isoformat(), "guest_tip_percent": 10})
    attempt = shown(demo, 1250, tip_on_reader=True)
    attempt = simulator.advance(attempt=attempt)
    assert (attempt.state, attempt.captured_minor, attempt.tip_minor) == ("captured", 1375, 125)


def test_the_same_key_is_the_same_payment_and_another_key_another(account: base.ConnectionFacts) -> None:
    request = asked(account)
    first = simulator.begin(request=request)
    assert simulator.begin(request=request).vendor_id == first.vendor_id
    assert simulator.begin(request=replace(request, key="other")).vendor_id != first.vendor_id
    with pytest.raises(base.Refused) as refused:
        simulator.begin(request=replace(request, amount=Money(2000, "EUR")))
    assert refused.value.code == "idempotency_error"


def test_an_attempt_whose_answer_was_lost_is_found_by_its_own_id(account: base.ConnectionFacts) -> None:
    request = asked(account, 1016)
    with pytest.raises(base.OutcomeUnknown):
        simulator.begin(request=request)
    lost = base.Attempt(
        id=request.attempt_id,
        connection=account,
        currency="EUR",
        amount_minor=1016,
        channel="present",
        state="unknown",
    )
    found = simulator.advance(attempt=lost)
    assert found.vendor_id
    assert simulator.begin(request=request).vendor_id == found.vendor_id


@pytest.mark.parametrize(
    ("minor", "error"),
    [(1017, base.OutcomeUnknown), (1018, base.OutcomeUnknown), (1014, base.TryAgain), (1015, base.TryAgain)],
)
def test_what_never_arrived_made_nothing_and_arrives_the_second_time(
    account: base.ConnectionFacts, minor: int, error: type[Exception]
) -> None:
    request = asked(account, minor)
    with pytest.raises(error):
        simulator.begin(request=request)
    assert not SimulatedObject.objects.filter(kind="payment").exists()
    assert simulator.begin(request=request).state == "prepared"


def test_timed_out_and_taken_all_the_same(account: base.ConnectionFacts) -> None:
    attempt = begun(account, 1006)
    with pytest.raises(base.OutcomeUnknown):
        simulator.present(attempt=attempt, at=base.Presentation(key="p:1", reader="R1"))
    assert simulator.advance(attempt=attempt).state == "presented"
    guest.pay(desk=desk_of(account), payment=attempt.vendor_id)
    assert simulator.advance(attempt=attempt).captured_minor == 1006


def test_a_card_that_is_bad_stays_bad(account: base.ConnectionFacts) -> None:
    attempt = paid(account, 1005)
    assert (attempt.state, attempt.failure_kind, attempt.failure_code) == (
        "declined",
        "declined",
        "card_declined",
    )
    again = simulator.present(attempt=attempt, at=base.Presentation(key="p:2", reader="R1"))
    assert again.state == "presented"
    guest.pay(desk=desk_of(account), payment=attempt.vendor_id)
    assert simulator.advance(attempt=attempt).state == "declined"


@pytest.mark.parametrize(("minor", "trouble"), [(1008, "busy"), (1009, "offline")])
def test_a_reader_in_trouble_is_good_the_next_time(
    account: base.ConnectionFacts, minor: int, trouble: str
) -> None:
    attempt = begun(account, minor)
    with pytest.raises(base.ReaderTrouble) as caught:
        simulator.present(attempt=attempt, at=base.Presentation(key="p:1", reader="R1"))
    assert caught.value.trouble == trouble
    assert (
        simulator.present(attempt=attempt, at=base.Presentation(key="p:2", reader="R1")).state == "presented"
    )


def test_a_reader_does_one_thing_at_a_time(account: base.ConnectionFacts) -> None:
    shown(account)
    other = begun(account, 2000)
    with pytest.raises(base.ReaderTrouble):
        simulator.present(attempt=other, at=base.Presentation(key="p:1", reader="R1"))
    assert simulator.present(attempt=other, at=base.Presentation(key="p:2", reader="R2")).reader == "R2"
    set_reader(desk=desk_of(account), name="R3", is_online=False)
    with pytest.raises(base.ReaderTrouble):
        simulator.present(attempt=other, at=base.Presentation(key="p:3", reader="R3"))


def test_authorised_raised_and_captured_in_part(account: base.ConnectionFacts) -> None:
    attempt = paid(account, 1000, capture="manual", incremental=True)
    assert (attempt.state, attempt.authorised_minor, attempt.can_increment) == ("authorised", 1000, True)
    assert attempt.capture_before == AT + dt.timedelta(hours=48)
    attempt = simulator.increment(attempt=attempt, to=Money(1500, "EUR"), key="i:1")
    assert (attempt.amount_minor, attempt.authorised_minor) == (1500, 1500)
    attempt = simulator.capture(attempt=attempt, amount=Money(1200, "EUR"), key="c:1")
    assert (attempt.state, attempt.captured_minor) == ("captured", 1200)
    assert simulator.capture(attempt=attempt, amount=Money(1200, "EUR"), key="c:1").captured_minor == 1200


def test_an_eleventh_increment_is_refused(account: base.ConnectionFacts) -> None:
    attempt = paid(account, 1000, capture="manual", incremental=True)
    for number in range(1, 11):
        attempt = simulator.increment(attempt=attempt, to=Money(1000 + number, "EUR"), key=f"i:{number}")
    assert (attempt.authorised_minor, attempt.can_increment) == (1010, False)
    with pytest.raises(base.Refused):
        simulator.increment(attempt=attempt, to=Money(2000, "EUR"), key="i:11")


def test_what_is_captured_too_late_has_expired(account: base.ConnectionFacts) -> None:
    attempt = paid(account, 1000, capture="manual")
    attempt = replace(attempt, connection=later(account, hours=49))
    attempt = simulator.capture(attempt=attempt, amount=Money(1000, "EUR"), key="c:1")
    assert (attempt.state, attempt.captured_minor) == ("expired", 0)


def test_cancelled_in_time_and_too_late(account: base.ConnectionFacts) -> None:
    assert simulator.cancel(attempt=shown(account), key="x:1").state == "cancelled"
    with pytest.raises(base.TooLate):
        simulator.cancel(attempt=paid(account), key="x:2")
    late = shown(account, 1011)
    with pytest.raises(base.TooLate):
        simulator.cancel(attempt=late, key="x:3")
    assert simulator.advance(attempt=late).captured_minor == 1011


def test_money_that_arrives_after_all(account: base.ConnectionFacts) -> None:
    attempt = simulator.cancel(attempt=shown(account, channel="qr"), key="x:1")
    guest.pay(desk=desk_of(account), payment=attempt.vendor_id)
    assert simulator.advance(attempt=attempt).state == "cancelled"
    guest.pay(desk=desk_of(account), payment=attempt.vendor_id, is_late=True)
    assert simulator.advance(attempt=attempt).captured_minor == 1000


def test_never_more_goes_back_than_was_taken(account: base.ConnectionFacts) -> None:
    attempt = paid(account)
    for minor in (400, 600):
        request = refund(attempt, minor)
        assert simulator.refund(request=request).state == "succeeded"
        assert simulator.refund(request=request).state == "succeeded"
    with pytest.raises(base.Refused) as refused:
        simulator.refund(request=refund(attempt, 1))
    assert refused.value.code == "charge_already_refunded"
    assert SimulatedObject.objects.filter(kind="refund").count() == 2


def test_a_refund_fails_later(account: base.ConnectionFacts) -> None:
    attempt = paid(account)
    request = refund(attempt, 412)
    sent = simulator.refund(request=request)
    assert sent.state == "pending"
    seen = simulator.refund(request=replace(request, vendor_id=sent.vendor_id))
    assert (seen.state, seen.failure_code) == ("failed", "lost_or_stolen_card")
    done = simulator.refund(request=refund(attempt, 1000))
    assert done.state == "succeeded"
    refunds.fail_refund(desk=desk_of(account), name=done.vendor_id)
    assert simulator.refund(request=refund(attempt, 1000, vendor_id=done.vendor_id)).state == "failed"


def test_a_script_strikes_in_its_order(account: base.ConnectionFacts) -> None:
    plan_faults(desk=desk_of(account), stated=["lost_before", {"fault": "unknown_state", "verb": "advance"}])
    request = asked(account)
    with pytest.raises(base.OutcomeUnknown):
        simulator.begin(request=request)
    attempt = simulator.begin(request=request)
    assert [fault.name for fault in waiting_faults(desk=desk_of(account))] == ["unknown_state"]
    with pytest.raises(base.TryAgain) as caught:
        simulator.advance(attempt=attempt)
    assert caught.value.code == "unknown_state"
    assert simulator.advance(attempt=attempt).state == "prepared"
    with pytest.raises(ValueError, match="no fault of the simulator"):
        plan_faults(desk=desk_of(account), stated=["earthquake"])


def test_faults_of_the_settings_strike_once_each(account: base.ConnectionFacts) -> None:
    scripted = facts(account.id, {**account.settings, "faults": ["lost_before", "rate_limited"]})
    request = asked(scripted)
    with pytest.raises(base.OutcomeUnknown):
        simulator.begin(request=request)
    with pytest.raises(base.TryAgain) as caught:
        simulator.begin(request=request)
    assert caught.value.after == 1.0
    assert simulator.begin(request=request).state == "prepared"


def test_a_payout_has_its_lines_to_the_cent(account: base.ConnectionFacts) -> None:
    desk = desk_of(account)
    first, second = paid(account), paid(account, 2000)
    sent = simulator.refund(request=refund(first, 300))
    disputed = open_dispute(desk=desk, payment=second.vendor_id)
    balance.add_line(desk=desk, category="loan_repayment", gross_minor=-100, currency="EUR")
    (name,) = balance.pay_out(desk=desk)
    close_dispute(desk=desk, name=disputed, is_won=True)
    payout, rest = simulator.settlements(connection=account, since=AT)
    lines = [
        (line.category, line.source, line.gross_minor, line.fee_minor, line.net_minor)
        for line in payout.lines
    ]
    assert lines == [
        ("charge", first.vendor_id, 1000, 19, 981),
        ("charge", second.vendor_id, 2000, 33, 1967),
        ("refund", sent.vendor_id, -300, 0, -300),
        ("dispute", disputed, -2000, 1500, -3500),
        ("loan_repayment", "", -100, 0, -100),
    ]
    assert (payout.id, payout.amount_minor, payout.arrives_on) == (name, -952, dt.date(2026, 3, 4))
    assert (rest.id, rest.amount_minor) == ("", 2000)
    assert [line.category for line in rest.lines] == ["dispute_reversal"]
    assert next(simulator.settlements(connection=account, since=AT + dt.timedelta(days=1))).id == ""


def test_bells_are_signed_and_old_new_and_forged_ones_are_refused(account: base.ConnectionFacts) -> None:
    attempt = paid(account)
    (bell,) = waiting_bells(desk=desk_of(account), secret=SECRET)
    inbound = base.Inbound(connection=account, body=bell.body, headers=bell.headers, received_at=AT)
    event = simulator.verify(inbound=inbound)
    assert (event.kind, event.account) == ("payment.captured", "sim_1")
    assert list(simulator.interpret(event=event)) == [
        base.Fact(about="attempt", vendor_id=attempt.vendor_id, attempt_id=attempt.id)
    ]
    for seconds in (-301, 301):
        moved = replace(inbound, received_at=AT + dt.timedelta(seconds=seconds))
        with pytest.raises(base.BadSignature):
            simulator.verify(inbound=moved)
    forged = {HEADER: signature(body=bell.body, secret="another", at=AT)}
    for wrong in (forged, {}, {HEADER: "t=x,v1=é"}):
        with pytest.raises(base.BadSignature):
            simulator.verify(inbound=replace(inbound, headers=wrong))
    with pytest.raises(base.BadSignature):
        simulator.verify(inbound=replace(inbound, connection=replace(account, secrets={})))


def test_no_live_account_and_no_platform_that_forbids_it(
    account: base.ConnectionFacts, settings: Any
) -> None:
    assert simulator.capabilities(connection=account).trouble == ""
    live = replace(account, is_live=True)
    assert "no real money" in simulator.capabilities(connection=live).trouble
    with pytest.raises(base.NotConnected):
        begun(live)
    settings.FYNLO_SIMULATOR = False
    assert "switched off" in simulator.capabilities(connection=account).trouble
    with pytest.raises(base.NotConnected):
        begun(account)


def test_it_is_never_asked_inside_a_transaction_of_ours(account: base.ConnectionFacts) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        begun(account)


def test_a_guest_pays_on_a_page(account: base.ConnectionFacts, client_for: Any, in_cafe: Any) -> None:
    attempt = shown(account, channel="qr")
    assert attempt.next.kind == "show_qr"
    client = client_for(in_cafe)
    asked_for = client.get(attempt.next.url)
    assert asked_for.status_code == 200
    assert b"10.00 EUR" in asked_for.content
    for _twice in range(2):
        pressed = client.post(attempt.next.url, {"answer": "pay"})
        assert (pressed.status_code, pressed["Location"]) == (302, urlsplit(attempt.next.url).path)
        assert b"It is paid" in client.get(attempt.next.url).content
    too_late = client.post(attempt.next.url, {"answer": "decline"}, follow=True)
    assert b"It is paid" in too_late.content
    assert client.get("/pay/simulator/nobody").status_code == 404
    with tenant_context(in_cafe):
        assert simulator.advance(attempt=attempt).captured_minor == 1000
        assert SimulatedObject.objects.filter(kind="line").count() == 1


@pytest.mark.parametrize(
    ("shop", "guest_asks", "tag", "told"),
    [
        ("de-AT", "", "de", ["10,00 EUR", ">Bezahlen<", ">Ablehnen<", "es fließt kein Geld"]),
        ("fr", "el, pt;q=0.8", "fr", ["10,00 EUR", ">Payer<", ">Refuser<", "aucun argent"]),
        ("de", "fr-CA, en;q=0.7", "fr", ["10,00 EUR", ">Payer<"]),
        ("fr", "fr;q=0, en-GB;q=0.5", "en", ["10.00 EUR", ">Pay<", ">Decline<"]),
        ("el", "x" * 600, "en", ["10.00 EUR", ">Pay<"]),
    ],
    ids=["the shop's", "one nobody has here", "the guest's", "not French", "none"],
)
def test_the_page_speaks_the_guests_language_or_the_shops(
    account: base.ConnectionFacts, in_cafe: Any, shop: str, guest_asks: str, tag: str, told: list[str]
) -> None:
    attempt, in_cafe.language = shown(account, channel="qr"), shop
    asked_for = RequestFactory().get(attempt.next.url, headers={"Accept-Language": guest_asks})
    with tenant_context(in_cafe):
        page = simulator_page(asked_for, attempt.next.url.rpartition("/")[2]).content.decode()
    assert f'<html lang="{tag}">' in page
    assert [each for each in told if each not in page] == []


@pytest.mark.parametrize("state", ["authorised", "captured", "declined", "cancelled", "expired"])
def test_a_page_opened_when_it_is_over_says_so_in_one_sentence_and_asks_for_nothing(
    account: base.ConnectionFacts, client_for: Any, in_cafe: Any, state: str
) -> None:
    attempt, client = shown(account, channel="qr"), client_for(in_cafe)
    row = SimulatedObject.objects.get(about=str(attempt.id))
    row.data = {**row.data, "state": state}
    row.save()
    for pressed in ("pay", "decline"):
        client.post(attempt.next.url, {"answer": pressed})
    page = client.get(attempt.next.url, headers={"Accept-Language": "de"}).content.decode()
    assert f'<p id="told" role="status">{GERMAN.page[state]}</p>' in page
    assert "<button" not in page
    with tenant_context(in_cafe):
        row.refresh_from_db()
        assert row.data["state"] == state


@pytest.mark.parametrize("is_production", [False, True])
def test_a_telephone_can_open_what_a_qr_code_says(
    account: base.ConnectionFacts, settings: Any, is_production: bool
) -> None:
    settings.PRODUCTION, settings.FYNLO_PORT = is_production, 8077
    attempt = shown(account, channel="qr")
    host, _, token = attempt.next.url.rpartition("/pay/simulator/")
    assert host == ("https://cafe.localhost" if is_production else "http://cafe.localhost:8077")
    assert opened(token) is not None
    named = replace(account, settings={**account.settings, "origin": "https://cafe.example/"})
    assert shown(named, channel="remote").next.url.startswith("https://cafe.example/pay/simulator/")


def test_the_page_of_a_live_account_does_not_exist(
    account: base.ConnectionFacts, client_for: Any, in_cafe: Any
) -> None:
    attempt = shown(account, channel="remote")
    assert attempt.next.kind == "redirect"
    Connection.objects.update(is_live=True)
    assert client_for(in_cafe).get(attempt.next.url).status_code == 404


def test_the_page_tells_every_fault_by_amount() -> None:
    page = (ROOT / "docs" / "concepts" / "simulator.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d\d) \| `(\w+)` \| `(\w+)`", page, re.MULTILINE)
    told = {int(ending): Fault(name=name, verb=verb) for ending, verb, name in rows}
    assert told == dict(BY_ENDING)


_SETTINGS = {
    "capture_hours": "48h",
    "clock": "yesterday",
    "faults": '["no such fault"]',
    "fee_basis_points": "-1",
    "guest": "sleeps",
    "guest_tip_percent": "1e9",
    "is_revoked": "perhaps",
}


def test_settings_that_nobody_can_read_are_refused_where_they_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        Simulator().check_settings(settings={**_SETTINGS, "note": "whatever"})
    assert [each.pointer for each in refused.value.errors] == [f"/settings/{name}" for name in _SETTINGS]
    assert read_settings(settings={**_SETTINGS, "note": "whatever"}) == {"note": "whatever"}


def test_settings_are_texts_over_http_and_mean_what_they_say() -> None:
    said = {"bells": "false", "capture_hours": "48", "faults": '["lost_after"]', "is_revoked": "false"}
    Simulator().check_settings(settings=said)
    assert read_settings(settings=said) == {
        "bells": False,
        "capture_hours": 48,
        "faults": ["lost_after"],
        "is_revoked": False,
    }
