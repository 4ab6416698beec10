"""Attempts: begun, put before the guest, looked at, let go, taken."""

import pytest
from prometheus_client import REGISTRY

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import InvalidInput
from payments.gateways.base import OutcomeUnknown
from payments.gateways.models import AttemptStep
from payments.gateways.services import (
    ConnectionDraft,
    cancel_attempt,
    drive_attempt,
    ensure_connection,
    look_at_attempt,
    save_connection,
    start_attempt,
)
from tests.payments.gateways.asking import AT, Desk

pytestmark = pytest.mark.django_db


def test_a_card_payment_from_the_draft_to_the_order(desk: Desk) -> None:
    started = desk.start()
    assert (started.state, desk.vendor.calls) == ("prepared", [("capabilities", "")])
    row = drive_attempt(attempt_id=started.pk, at=AT)
    assert (row.state, row.vendor_id, row.next["kind"]) == ("presented", "ch_1", "use_reader")
    desk.vendor.guest_pays(row.pk, tip=150)
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.tip_minor, row.captured_minor, row.captured_at) == ("captured", 150, 1400, AT)
    assert (row.settled_at, desk.settled, row.next_look_at) == (AT, [row.pk], None)
    steps = AttemptStep.objects.filter(attempt=row).values_list("what", "verb", "state")
    assert list(steps) == [
        ("sent", "begin", "prepared"),
        ("answered", "begin", "prepared"),
        ("sent", "present", "prepared"),
        ("answered", "present", "presented"),
        ("noticed", "advance", "captured"),
    ]


def test_what_providers_answer_is_counted(desk: Desk) -> None:
    def counted(verb: str, answer: str) -> float:
        labels = {"gateway": desk.vendor.code, "verb": verb, "answer": answer}
        return REGISTRY.get_sample_value("fynlo_payment_answers_total", labels) or 0

    asked = (("begin", "prepared"), ("present", "unknown"), ("present", "presented"))
    before = [counted(*each) for each in asked]
    desk.vendor.then("present", OutcomeUnknown("The line broke."))
    drive_attempt(attempt_id=desk.start().pk, at=AT)
    assert [counted(*each) - was for each, was in zip(asked, before, strict=True)] == [1, 1, 0]


def test_cash_is_taken_when_it_begins(desk: Desk) -> None:
    connection = ensure_connection(gateway="cash", at=AT)
    row = desk.presented(
        500, connection_id=connection.pk, tender_type="cash", channel="manual", reader_id=None
    )
    assert (row.state, row.captured_minor, row.settled_at) == ("captured", 500, AT)


def test_a_payment_is_let_go(desk: Desk) -> None:
    row = cancel_attempt(attempt_id=desk.presented().pk, actor=SYSTEM, at=AT)
    assert (row.state, row.next_look_at, desk.vendor.captured) == ("cancelled", None, 0)


def test_the_same_draft_again_is_the_same_attempt(desk: Desk) -> None:
    draft = desk.draft()
    first = start_attempt(draft=draft, actor=SYSTEM, at=AT)
    assert start_attempt(draft=draft, actor=SYSTEM, at=AT).pk == first.pk


def test_an_account_is_not_exchanged_while_money_is_still_looked_for_in_it(desk: Desk) -> None:
    row = desk.presented()
    other = ConnectionDraft(id=desk.connection.pk, gateway="vendor", name="Cards", account="acct_2")
    with pytest.raises(InvalidInput) as refused:
        save_connection(draft=other, actor=SYSTEM, at=AT)
    assert [each.pointer for each in refused.value.errors] == ["/account"]
    cancel_attempt(attempt_id=row.pk, actor=SYSTEM, at=AT)
    assert save_connection(draft=other, actor=SYSTEM, at=AT).account == "acct_2"
