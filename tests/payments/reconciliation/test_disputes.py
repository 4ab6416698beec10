"""Disputes: copied, told in time, answered once with the shop's own papers."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden
from fynlo.events.models import Event
from payments.gateways import base
from payments.reconciliation.errors import EvidenceNotPossible
from payments.reconciliation.models import Dispute
from payments.reconciliation.queries.reading import disputes
from payments.reconciliation.services import refresh_disputes, remind_of_disputes, submit_evidence
from tests.payments.reconciliation.listing import AT, DAY, Desk, Listing

pytestmark = pytest.mark.django_db
DUE = AT + 7 * DAY


def fact(name: str = "dis_1", **said: Any) -> base.DisputeFact:
    values: dict[str, Any] = {
        "id": name,
        "payment": "pay_x",
        "amount_minor": 5000,
        "currency": "EUR",
        "state": "needs_response",
        "opened_at": AT,
        "due_at": DUE,
        "reason": "fraudulent",
    }
    return base.DisputeFact(**{**values, **said})


def kinds() -> list[str]:
    return list(
        Event.objects.filter(kind__contains="dispute").order_by("position").values_list("kind", flat=True)
    )


class Answering(Listing):
    """The vendor takes evidence: once per key; `lost` times the answer never arrives."""

    __slots__ = ("lost", "sent")

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, base.Evidence] = {}
        self.lost = 0

    def submit_evidence(
        self, *, connection: base.ConnectionFacts, dispute_id: str, evidence: base.Evidence, key: str
    ) -> base.DisputeFact:
        assert connection.gateway == self.code
        assert self.sent.setdefault(key, evidence) == evidence, "another request under the same key"
        (known,) = [each for each in self.disputes_now if each.id == dispute_id]
        self.disputes_now = [replace(known, state="under_review")]
        if self.lost:
            self.lost -= 1
            raise base.OutcomeUnknown("The line went dead.")
        return self.disputes_now[0]


@pytest.fixture
def vendor() -> Any:
    from payments.gateways.registry import add_gateway, remove_gateway

    made: Any = Answering()
    add_gateway(made)
    yield made
    remove_gateway(made.code)


def test_a_dispute_is_copied_with_its_payment_and_told_once(desk: Desk) -> None:
    attempt = desk.attempt(5000)
    desk.vendor.disputes_now = [fact(payment=attempt.vendor_id)]
    for _ in range(2):
        assert refresh_disputes(connection=desk.connection, at=AT) == {"dis_1"}
    row = Dispute.objects.get()
    assert (row.attempt_id, row.order_id, row.state) == (attempt.pk, attempt.order_id, "needs_response")
    desk.vendor.disputes_now = [fact(payment=attempt.vendor_id, state="lost")]
    refresh_disputes(connection=desk.connection, at=AT + DAY)
    assert kinds() == ["payment.dispute_opened", "payment.dispute_decided"]
    assert Event.objects.get(kind="payment.dispute_decided").data["outcome"] == "lost"


def test_a_key_of_ours_from_another_account_is_not_believed(desk: Desk) -> None:
    from payments.gateways.models import Attempt, Connection

    attempt = desk.attempt(5000)
    other = Connection.objects.create(gateway="listing", name="Second", account="acct_2", created_at=AT)
    Attempt.objects.update(connection=other)
    desk.vendor.disputes_now = [fact(attempt_id=attempt.pk)]
    refresh_disputes(connection=desk.connection, at=AT)
    assert Dispute.objects.get().attempt_id is None


def test_a_deadline_is_told_three_days_and_one_day_before(desk: Desk) -> None:
    desk.vendor.disputes_now = [fact(), fact("dis_2", state="under_review")]
    refresh_disputes(connection=desk.connection, at=AT)
    told = [remind_of_disputes(at=DUE - dt.timedelta(hours=hours)) for hours in (80, 72, 60, 24, 12, -1)]
    assert told == [0, 1, 0, 1, 0, 0]
    assert kinds().count("payment.dispute_due") == 2


def test_what_wants_an_answer_first_stands_first(desk: Desk) -> None:
    desk.vendor.disputes_now = [
        fact("dis_done", state="won"),
        fact("dis_late", due_at=DUE + DAY),
        fact("dis_soon", due_at=DUE - DAY),
    ]
    refresh_disputes(connection=desk.connection, at=AT)
    assert [row.vendor_id for row in disputes()] == ["dis_soon", "dis_late", "dis_done"]


def test_evidence_is_sent_once(desk: Desk, vendor: Answering) -> None:
    attempt = desk.attempt(5000, card={"brand": "visa", "last4": "4242", "receipt": {"AID": "A000"}})
    vendor.disputes_now = [fact(payment=attempt.vendor_id)]
    refresh_disputes(connection=desk.connection, at=AT)
    row = submit_evidence(dispute_id=Dispute.objects.get().pk, note=" They ate it. ", actor=SYSTEM, at=AT)
    assert (row.state, row.submitted_at, row.submitted_by) == ("under_review", AT, "system")
    (evidence,) = vendor.sent.values()
    assert evidence.texts == {
        "card": "AID: A000\nbrand: visa\nlast4: 4242",
        "note": "They ate it.",
        "served_on": "2026-03-17",
    }
    assert row.evidence["texts"]["note"] == "They ate it."
    with pytest.raises(EvidenceNotPossible):
        submit_evidence(dispute_id=row.pk, note="", actor=SYSTEM, at=AT)


def test_an_answer_that_is_lost_is_sent_again_under_the_same_key(desk: Desk, vendor: Answering) -> None:
    vendor.disputes_now, vendor.lost = [fact()], 1
    refresh_disputes(connection=desk.connection, at=AT)
    key = Dispute.objects.get().pk
    with pytest.raises(EvidenceNotPossible, match="send it again"):
        submit_evidence(dispute_id=key, note="We served it.", actor=SYSTEM, at=AT)
    assert Dispute.objects.get().submitted_at is None
    row = submit_evidence(dispute_id=key, note="We served it.", actor=SYSTEM, at=AT)
    assert (len(vendor.sent), row.state) == (1, "under_review")


@pytest.mark.parametrize(
    ("said", "at"),
    [({"state": "lost"}, AT), ({"state": "under_review"}, AT), ({}, DUE)],
    ids=["over", "answered", "late"],
)
def test_what_is_over_or_late_takes_no_evidence(
    desk: Desk, vendor: Answering, said: dict[str, Any], at: dt.datetime
) -> None:
    vendor.disputes_now = [fact(**said)]
    refresh_disputes(connection=desk.connection, at=AT)
    with pytest.raises(EvidenceNotPossible):
        submit_evidence(dispute_id=Dispute.objects.get().pk, note="", actor=SYSTEM, at=at)


def test_who_may_not_sends_nothing(desk: Desk, vendor: Answering) -> None:
    vendor.disputes_now = [fact()]
    refresh_disputes(connection=desk.connection, at=AT)
    nobody = Actor(kind="employee", id=None, name="Eve")
    with pytest.raises(Forbidden):
        submit_evidence(dispute_id=Dispute.objects.get().pk, note="", actor=nobody, at=AT)
    assert vendor.sent == {}
