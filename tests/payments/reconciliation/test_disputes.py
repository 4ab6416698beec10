"""Disputes: copied, told in time, answered once with the shop's own papers."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.errors import Forbidden
from fynlo.events.models import Event
from payments.gateways import base
from payments.gateways.models import AttemptStep
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
    """The vendor takes evidence: once per key. `lost` answers never arrive, `cut` requests neither.

    While it is `silent` nobody can read there either.
    """

    __slots__ = ("cut", "drafts", "lost", "sent", "silent")

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, base.Evidence] = {}
        self.drafts: dict[str, base.Evidence] = {}
        self.lost = self.cut = 0
        self.silent = False

    def disputes(self, *, connection: base.ConnectionFacts, since: dt.datetime) -> Iterator[base.DisputeFact]:
        if self.silent:
            raise base.TryAgain("Nobody there.")
        yield from super().disputes(connection=connection, since=since)

    def submit_evidence(
        self,
        *,
        connection: base.ConnectionFacts,
        dispute_id: str,
        evidence: base.Evidence,
        key: str,
        is_draft: bool = False,
    ) -> base.DisputeFact:
        assert connection.gateway == self.code
        if self.cut:
            self.cut -= 1
            raise base.OutcomeUnknown("The line was dead.")
        kept = self.drafts if is_draft else self.sent
        assert kept.setdefault(key, evidence) == evidence, "another request under the same key"
        (known,) = [each for each in self.disputes_now if each.id == dispute_id]
        self.disputes_now = [known if is_draft else replace(known, state="under_review")]
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
    attempt = desk.attempt(
        5000, card={"brand": "visa", "last4": "4242", "receipt": {"aid": "A000", "response_code": "3030"}}
    )
    vendor.disputes_now = [fact(payment=attempt.vendor_id)]
    refresh_disputes(connection=desk.connection, at=AT)
    row = submit_evidence(dispute_id=Dispute.objects.get().pk, note=" They ate it. ", actor=SYSTEM, at=AT)
    assert (row.state, row.submitted_at, row.submitted_by) == ("under_review", AT, "system")
    (evidence,) = vendor.sent.values()
    assert evidence.texts == {
        "card": "AID: A000\nCard: visa\nLast four digits: 4242\nARC: 3030",
        "note": "They ate it.",
        "served_on": "2026-03-17",
    }
    assert row.evidence["texts"]["note"] == "They ate it."
    with pytest.raises(EvidenceNotPossible):
        submit_evidence(dispute_id=row.pk, note="", actor=SYSTEM, at=AT)


def opened(desk: Desk) -> Any:
    """A dispute that wants an answer."""
    desk.vendor.disputes_now = [fact()]
    refresh_disputes(connection=desk.connection, at=AT)
    return Dispute.objects.get().pk


def numbers(kept: dict[str, base.Evidence]) -> list[str]:
    """The last part of every key."""
    return [key.rpartition(":")[2] for key in kept]


def test_when_the_answer_is_lost_the_dispute_says_that_it_came(desk: Desk, vendor: Answering) -> None:
    key = opened(desk)
    vendor.lost = 1
    row = submit_evidence(dispute_id=key, note="We served it.", actor=SYSTEM, at=AT)
    assert (numbers(vendor.sent), row.state, row.submitted_at) == (["1"], "under_review", AT)
    assert row.evidence["texts"] == {"note": "We served it."}


def test_what_did_not_arrive_is_another_request_the_next_time(desk: Desk, vendor: Answering) -> None:
    """A vendor that broke down remembers its own failure under the key, for a day."""
    key = opened(desk)
    vendor.cut = 1
    with pytest.raises(EvidenceNotPossible, match="did not arrive"):
        submit_evidence(dispute_id=key, note="We served it.", actor=SYSTEM, at=AT)
    assert Dispute.objects.get().submitted_at is None
    row = submit_evidence(dispute_id=key, note="We served it, twice.", actor=SYSTEM, at=AT)
    assert (numbers(vendor.sent), row.evidence["texts"]["note"]) == (["2"], "We served it, twice.")


def test_while_nobody_can_say_the_same_again_is_the_same_request(desk: Desk, vendor: Answering) -> None:
    key = opened(desk)
    vendor.lost, vendor.silent = 1, True
    with pytest.raises(EvidenceNotPossible, match="Nobody answered"):
        submit_evidence(dispute_id=key, note="We served it.", actor=SYSTEM, at=AT)
    assert Dispute.objects.get().submitted_at is None
    vendor.silent = False
    row = submit_evidence(dispute_id=key, note="We served it.", actor=SYSTEM, at=AT)
    assert (numbers(vendor.sent), row.state) == (["1"], "under_review")


def test_a_draft_is_changed_and_then_sent(desk: Desk, vendor: Answering) -> None:
    key = opened(desk)
    for number, note in enumerate(("One.", "Two.", "One."), 1):
        at = AT + number * DAY
        row = submit_evidence(dispute_id=key, note=note, actor=SYSTEM, at=at, is_draft=True)
        assert (row.state, row.submitted_at) == ("needs_response", None)
        assert row.evidence["draft"] == {"at": at.isoformat(), "by": "system"}
    assert [evidence.texts["note"] for evidence in vendor.drafts.values()] == ["One.", "Two.", "One."]
    row = submit_evidence(dispute_id=key, note="Three.", actor=SYSTEM, at=AT + 4 * DAY)
    assert (numbers(vendor.drafts), numbers(vendor.sent)) == (["1", "2", "3"], ["4"])
    assert (row.state, row.evidence) == ("under_review", {"texts": {"note": "Three."}, "papers": {}})


def test_a_draft_nobody_answered_is_saved_again(desk: Desk, vendor: Answering) -> None:
    key = opened(desk)
    vendor.lost = 1
    with pytest.raises(EvidenceNotPossible, match="send it again"):
        submit_evidence(dispute_id=key, note="One.", actor=SYSTEM, at=AT, is_draft=True)
    submit_evidence(dispute_id=key, note="Two.", actor=SYSTEM, at=AT, is_draft=True)
    assert [evidence.texts["note"] for evidence in vendor.drafts.values()] == ["One.", "Two."]


def test_what_was_asked_and_answered_speaks_for_the_sale(desk: Desk, vendor: Answering) -> None:
    attempt = desk.attempt(5000, channel="qr")
    for number, (what, verb, state) in enumerate(
        (("sent", "begin", "prepared"), ("noticed", "advance", "captured")), start=1
    ):
        AttemptStep.objects.create(
            attempt=attempt, number=number, what=what, verb=verb, state=state, at=AT - 3 * DAY
        )
    vendor.disputes_now = [fact(payment=attempt.vendor_id)]
    refresh_disputes(connection=desk.connection, at=AT)
    submit_evidence(dispute_id=Dispute.objects.get().pk, note="", actor=SYSTEM, at=AT)
    (evidence,) = vendor.sent.values()
    assert evidence.texts == {
        "activity": "2026-03-17 13:00:00 CET Begin the payment, sent: Being prepared\n"
        "2026-03-17 13:00:00 CET Look what became of it, noticed: Taken",
        "served_on": "2026-03-17",
    }


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
