"""What happens when the vendor, the line or the reader does not do what it should: one charge, and the truth."""

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import Conflict
from fynlo.core.tenancy import current_tenant
from payments.gateways import base
from payments.gateways.errors import AttemptDiffers, PaymentOutcomeUnknown
from payments.gateways.models import Attempt, AttemptStep
from payments.gateways.sentences import sentence
from payments.gateways.services import (
    cancel_attempt,
    drive_attempt,
    look_at_attempt,
    override_attempt,
    present_again,
    start_attempt,
)
from tests.payments.gateways.asking import AT, Desk, later
from tests.payments.gateways.vendor import LOST

pytestmark = pytest.mark.django_db


def keys(desk: Desk, verb: str) -> list[str]:
    """The ends of the keys the vendor saw with `verb`."""
    return [key.rpartition(":")[2] for called, key in desk.vendor.calls if called == verb]


def test_a_lost_answer_is_unknown_until_somebody_looked(desk: Desk) -> None:
    desk.vendor.then("begin", LOST)
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    assert (row.state, row.vendor_id, row.failure_text) == ("unknown", "", "The line went dead.")
    assert sentence(row) == (
        "It is not known yet whether 12.50 EUR was taken. Do not take it again: it is being looked up."
    )
    row = look_at_attempt(attempt_id=row.pk, at=later(seconds=2))
    assert (row.state, row.vendor_id) == ("prepared", "ch_1")
    assert drive_attempt(attempt_id=row.pk, at=later(seconds=3)).state == "presented"
    assert len(desk.vendor.charges) == 1


def test_a_lost_answer_of_presenting_ends_with_what_the_vendor_has(desk: Desk) -> None:
    desk.vendor.then("present", LOST)
    row = desk.presented()
    assert row.state == "unknown"
    desk.vendor.guest_pays(row.pk)
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.captured_minor, desk.settled) == ("captured", 1250, [row.pk])


def test_unknown_blocks_the_same_amount_of_the_order_and_no_other(desk: Desk) -> None:
    desk.vendor.then("begin", LOST)
    lost = desk.presented()
    with pytest.raises(PaymentOutcomeUnknown) as refused:
        desk.start()
    assert refused.value.data == {"attempt_id": str(lost.pk), "state": "unknown"}
    assert refused.value.detail == sentence(lost)
    assert desk.start(900).state == "prepared"
    assert desk.start(order_id=lost.pk).state == "prepared"


def test_who_is_refused_reads_why_in_the_language_of_the_shop(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current_tenant(), "language", "de")
    first = desk.presented()
    desk.vendor.guest_is_declined(first.pk)
    look_at_attempt(attempt_id=first.pk, at=AT)
    told = sentence(desk.start(), language="de")
    assert "12,50 EUR" in told
    with pytest.raises(PaymentOutcomeUnknown) as refused:
        desk.start()
    assert refused.value.detail == told
    with pytest.raises(PaymentOutcomeUnknown) as refused:
        present_again(attempt_id=first.pk, reader_id=None, actor=SYSTEM, at=AT)
    assert refused.value.detail == told


def test_an_override_lets_go_on_and_late_money_is_kept(desk: Desk) -> None:
    desk.vendor.then("present", LOST)
    lost = desk.presented()
    row = override_attempt(attempt_id=lost.pk, reason="guest shows her bank app", actor=SYSTEM, at=AT)
    assert (row.overridden_by, row.override_reason) == ("system", "guest shows her bank app")
    assert desk.start().state == "prepared"
    desk.vendor.guest_pays(lost.pk)
    row = look_at_attempt(attempt_id=lost.pk, at=AT)
    assert (row.state, row.captured_minor, row.settled_at) == ("captured", 1250, AT)


def test_a_decline_takes_nothing_and_the_same_payment_is_presented_again(desk: Desk) -> None:
    row = desk.presented()
    desk.vendor.guest_is_declined(row.pk)
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.failure_kind, row.failure_code) == ("declined", "declined", "insufficient")
    row = present_again(attempt_id=row.pk, reader_id=desk.reader.pk, actor=SYSTEM, at=AT)
    assert (row.state, row.failure_kind, keys(desk, "present")) == ("presented", "", ["1", "2"])
    desk.vendor.guest_pays(row.pk)
    assert look_at_attempt(attempt_id=row.pk, at=AT).state == "captured"
    assert len(desk.vendor.charges) == 1


def test_a_declined_payment_is_let_go_before_another_of_its_amount_begins(desk: Desk) -> None:
    first = desk.presented()
    desk.vendor.guest_is_declined(first.pk)
    look_at_attempt(attempt_id=first.pk, at=AT)
    second = desk.presented()
    states = {charge.ours: charge.state for charge in desk.vendor.charges.values()}
    assert states == {str(first.pk): "cancelled", str(second.pk): "waiting"}


def test_nobody_is_asked_again_for_what_a_declined_payment_took_after_all(desk: Desk) -> None:
    first = desk.presented()
    desk.vendor.guest_is_declined(first.pk)
    look_at_attempt(attempt_id=first.pk, at=AT)
    second = desk.start()
    desk.vendor.charges["ch_1"].state = "waiting"
    desk.vendor.guest_pays(first.pk)
    desk.vendor.then("cancel", base.TooLate())
    second = drive_attempt(attempt_id=second.pk, at=AT)
    assert (second.state, second.failure_code) == ("cancelled", "paid_before")
    assert sentence(second).startswith("12.50 EUR was not asked for again: an earlier payment went through")
    assert (len(desk.vendor.charges), desk.settled) == (1, [first.pk])


def test_a_declined_payment_is_not_presented_again_beside_another_of_its_amount(desk: Desk) -> None:
    first = desk.presented()
    desk.vendor.guest_is_declined(first.pk)
    look_at_attempt(attempt_id=first.pk, at=AT)
    second = desk.start()
    with pytest.raises(PaymentOutcomeUnknown) as told:
        present_again(attempt_id=first.pk, reader_id=None, actor=SYSTEM, at=AT)
    assert told.value.data["attempt_id"] == str(second.pk)
    assert desk.vendor.charges["ch_1"].presented_at == ["rd_1"]


def test_a_reader_in_trouble_ends_nothing_for_good(desk: Desk) -> None:
    desk.vendor.then("present", base.ReaderTrouble("It is switched off.", code="offline"))
    row = desk.presented()
    assert (row.state, row.failure_kind) == ("declined", "reader_trouble")
    row = present_again(attempt_id=row.pk, reader_id=None, actor=SYSTEM, at=AT)
    assert row.state == "presented"


def test_try_again_keeps_the_state_and_the_key(desk: Desk) -> None:
    desk.vendor.then("begin", base.TryAgain("Too many.", after=7), None)
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    assert (row.state, row.failure_kind, row.next_look_at) == ("prepared", "try_again", later(seconds=7))
    row = drive_attempt(attempt_id=row.pk, at=later(seconds=7))
    assert (row.state, keys(desk, "begin")) == ("presented", ["1", "1"])


def test_our_own_mistake_is_refused_and_never_repeated(desk: Desk) -> None:
    desk.vendor.then("begin", base.Refused("No such parameter.", code="parameter_unknown"))
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    assert (row.state, row.failure_code, row.next_look_at) == ("refused", "parameter_unknown", None)
    assert drive_attempt(attempt_id=row.pk, at=AT).state == "refused"
    assert keys(desk, "begin") == ["1"]


def test_an_account_that_is_lost_is_told_once(desk: Desk) -> None:
    from fynlo.events.log import read_after

    gone = base.NotConnected("The key was revoked.", code="401")
    desk.vendor.then("begin", gone, gone)
    first, second = desk.start(), desk.start(900)
    assert drive_attempt(attempt_id=first.pk, at=AT).state == "refused"
    desk.connection.refresh_from_db()
    assert (desk.connection.state, desk.connection.told_at) == ("disconnected", AT)
    drive_attempt(attempt_id=second.pk, at=later(seconds=1))
    assert [item.t for item in read_after(0)].count("connection.lost") == 1


def test_a_cancel_that_comes_too_late_keeps_the_money(desk: Desk) -> None:
    row = desk.presented()
    desk.vendor.guest_pays(row.pk)
    row = cancel_attempt(attempt_id=row.pk, actor=SYSTEM, at=AT)
    assert (row.state, row.captured_minor, desk.settled) == ("captured", 1250, [row.pk])
    with pytest.raises(Conflict):
        cancel_attempt(attempt_id=row.pk, actor=SYSTEM, at=AT)


def test_money_after_a_cancel_is_kept_and_decided_once(desk: Desk) -> None:
    row = cancel_attempt(attempt_id=desk.presented().pk, actor=SYSTEM, at=AT)
    charge = desk.vendor.charges["ch_1"]
    charge.state = "waiting"  # the reader had it before the cancel arrived
    desk.vendor.guest_pays(row.pk)
    for _ in range(2):
        row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.settled_at) == ("captured", AT)
    decided = AttemptStep.objects.filter(attempt=row, verb="decide").values_list("detail", flat=True)
    assert list(decided) == [{"decision": "keep"}]


def test_a_word_that_is_new_to_us_ends_nothing(desk: Desk) -> None:
    row = desk.presented()
    desk.vendor.charges["ch_1"].state = "under_review"
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.next_look_at) == ("presented", later(seconds=2))


def test_a_word_that_is_new_to_us_in_answer_to_a_request_is_unknown(desk: Desk) -> None:
    started = desk.start()
    desk.vendor.words["waiting"] = "under_review"
    row = drive_attempt(attempt_id=started.pk, at=AT)
    assert (row.state, row.failure_text) == ("unknown", "The provider answered 'under_review'.")


def test_a_fault_of_the_gateway_itself_is_unknown(desk: Desk) -> None:
    desk.vendor.then("begin", ZeroDivisionError("secret sk_live_1 in a message"))
    row = drive_attempt(attempt_id=desk.start().pk, at=AT)
    assert (row.state, row.failure_text) == ("unknown", "The call failed (ZeroDivisionError).")


def test_a_read_that_fails_changes_nothing(desk: Desk) -> None:
    row = desk.presented()
    desk.vendor.then("advance", LOST, base.TryAgain("busy", after=30))
    assert look_at_attempt(attempt_id=row.pk, at=AT).state == "presented"
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.looks, row.next_look_at) == ("presented", 0, later(seconds=30))


def test_an_older_answer_does_not_overwrite_a_newer_one(desk: Desk) -> None:
    """While the first look is on its way back, the guest pays and a second look is written."""
    row = desk.presented()

    def meanwhile() -> None:
        desk.vendor.guest_pays(row.pk)
        assert look_at_attempt(attempt_id=row.pk, at=AT).state == "captured"
        desk.vendor.charges["ch_1"].state = "waiting"  # what the first look saw, before

    desk.vendor.meanwhile["advance"] = meanwhile
    row = look_at_attempt(attempt_id=row.pk, at=AT)
    assert (row.state, row.captured_minor) == ("captured", 1250)


def test_the_same_id_for_something_else_is_refused(desk: Desk) -> None:
    draft = desk.draft()
    start_attempt(draft=draft, actor=SYSTEM, at=AT)
    with pytest.raises(AttemptDiffers):
        start_attempt(draft=desk.draft(1300, id=draft.id), actor=SYSTEM, at=AT)
    with pytest.raises(AttemptDiffers):
        start_attempt(draft=desk.draft(id=draft.id, tip_on_reader=True), actor=SYSTEM, at=AT)
    assert Attempt.objects.count() == 1


def test_no_secret_is_in_a_row_a_step_or_the_feed(desk: Desk) -> None:
    from fynlo.events.log import read_after

    desk.vendor.then("present", LOST)
    row = desk.presented()
    told = [str(item.data) for item in read_after(0)]
    kept = [str(values) for values in AttemptStep.objects.values()] + [str(vars(row))]
    assert not [text for text in told + kept if "sk_open_sesame" in text]
