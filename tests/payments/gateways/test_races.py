"""Two at the same moment: the guard lets one through, and the twin without it shows what would happen."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import run_in_tenant, tenant_context
from fynlo.events.log import unit_of_work
from payments.gateways import base, states
from payments.gateways.errors import AmountOutOfRange, PaymentOutcomeUnknown
from payments.gateways.facts import attempt_facts
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.services import (
    cancel_attempt,
    capture_attempt,
    connection_facts,
    drive_attempt,
    look_at_attempt,
    plan_refund,
    present_again,
    start_attempt,
)
from payments.gateways.services.attempts import attempt_row
from payments.gateways.services.calling import Answer
from payments.gateways.services.writing import write_look
from tests.concurrency.rivals import at_once
from tests.payments.gateways.asking import AT, Desk, desk_of
from tests.payments.gateways.vendor import Vendor, vendor_present

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(cafe: Any) -> Iterator[Desk]:
    with vendor_present() as vendor, tenant_context(cafe):
        yield desk_of(vendor, [])


def codes(outcomes: list[Any]) -> list[str]:
    """`done`, or the code of the refusal, in order of the alphabet."""
    return sorted(
        getattr(type(each), "code", "done") if isinstance(each, Exception) else "done" for each in outcomes
    )


# -- two tills begin the same amount ------------------------------------------------------------------------


def test_of_many_tills_that_ask_for_the_same_amount_one_does(cafe: Any, desk: Desk) -> None:
    drafts = [desk.draft() for _ in range(6)]
    for draft in drafts[:1]:
        desk.start(900, order_id=draft.id)  # the account was asked what it can do
    outcomes = at_once(
        cafe, [lambda draft=draft: start_attempt(draft=draft, actor=SYSTEM, at=AT) for draft in drafts]
    )
    assert codes(outcomes) == ["done", *["payment_outcome_unknown"] * 5]
    assert all(isinstance(each, Attempt | PaymentOutcomeUnknown) for each in outcomes)
    assert Attempt.objects.filter(order_id=desk.order_id).count() == 1


def test_twin_that_only_looks_before_it_begins_asks_a_guest_twice(cafe: Any, desk: Desk) -> None:
    """The same without the constraint: rows that name no order stand outside of it, and a look instead."""
    looked = threading.Barrier(2, timeout=20)

    def unguarded() -> Attempt:
        assert not Attempt.objects.filter(order_id=desk.order_id, state__in=states.BLOCKING).exists()
        looked.wait()
        row = start_attempt(draft=desk.draft(order_id=None), actor=SYSTEM, at=AT)
        return drive_attempt(attempt_id=row.pk, at=AT)

    rows = at_once(cafe, [unguarded, unguarded])
    for row in rows:
        desk.vendor.guest_pays(row.pk)
    assert desk.vendor.captured == 2500


def test_the_same_draft_at_once_is_one_attempt(cafe: Any, desk: Desk) -> None:
    draft = desk.draft()
    desk.start(900, order_id=draft.id)
    outcomes = at_once(cafe, [lambda: start_attempt(draft=draft, actor=SYSTEM, at=AT).pk] * 4)
    assert outcomes == [draft.id] * 4


# -- one attempt is driven twice ----------------------------------------------------------------------------


def test_an_attempt_driven_by_many_is_one_payment_at_the_vendor(cafe: Any, desk: Desk) -> None:
    row = desk.start()
    outcomes = at_once(cafe, [lambda: drive_attempt(attempt_id=row.pk, at=AT).state] * 5)
    assert len(desk.vendor.charges) == 1
    assert desk.vendor.charges["ch_1"].presented_at == ["rd_1"]
    assert look_at_attempt(attempt_id=row.pk, at=AT).state == "presented", outcomes


# -- two answers at once ------------------------------------------------------------------------------------


def told(desk: Desk, row: Attempt, **facts: Any) -> Answer:
    """An answer of the vendor's as it left there some time ago."""
    known = attempt_row(attempt_id=row.pk)
    facts_of = attempt_facts(row=known, connection=connection_facts(connection=known.connection))
    return Answer(told=replace(facts_of, **facts))


def declined_and_presented_again(desk: Desk) -> tuple[Attempt, int, Answer]:
    """While `declined` is on its way, the guest is asked again. The row, its revision then, the answer."""
    row = desk.presented()
    desk.vendor.guest_is_declined(row.pk)
    late = told(desk, row, state=states.DECLINED, failure_kind="declined")
    revision = attempt_row(attempt_id=row.pk).revision
    look_at_attempt(attempt_id=row.pk, at=AT)
    present_again(attempt_id=row.pk, reader_id=None, actor=SYSTEM, at=AT)
    return row, revision, late


def test_an_older_answer_changes_nothing(desk: Desk) -> None:
    row, revision, late = declined_and_presented_again(desk)
    kept, is_written = write_look(attempt_id=row.pk, revision=revision, answer=late, at=AT)
    assert (kept.state, is_written) == ("presented", False)


def test_twin_that_writes_to_whatever_is_there_ends_a_payment_that_is_being_made(desk: Desk) -> None:
    row, _, late = declined_and_presented_again(desk)
    newest = attempt_row(attempt_id=row.pk).revision
    kept, _ = write_look(attempt_id=row.pk, revision=newest, answer=late, at=AT)
    assert (kept.state, desk.vendor.charges["ch_1"].state) == ("declined", "waiting")


def test_of_many_looks_at_once_one_notices_the_money(cafe: Any, desk: Desk) -> None:
    row = desk.presented(purpose="nothing")
    desk.vendor.guest_pays(row.pk)
    states_seen = at_once(cafe, [lambda: look_at_attempt(attempt_id=row.pk, at=AT).state] * 5)
    assert states_seen == ["captured"] * 5
    assert list(row.steps.filter(what="noticed").values_list("state", flat=True)) == ["captured"]


# -- cancel against capture ---------------------------------------------------------------------------------


def reserved(desk: Desk) -> Attempt:
    row = desk.presented(5000, capture="manual", purpose="nothing")
    desk.vendor.guest_pays(row.pk)
    return look_at_attempt(attempt_id=row.pk, at=AT)


def test_cancel_against_capture_ends_with_what_the_vendor_did(cafe: Any, desk: Desk) -> None:
    for number in range(4):
        desk.order_id = new_id()
        row = reserved(desk)
        calls: list[Callable[[], Any]] = [
            lambda row=row: cancel_attempt(attempt_id=row.pk, actor=SYSTEM, at=AT),
            lambda row=row: capture_attempt(attempt_id=row.pk, amount=None, actor=SYSTEM, at=AT),
        ]
        at_once(cafe, calls if number % 2 else calls[::-1])
        row = look_at_attempt(attempt_id=row.pk, at=AT)
        charge = next(each for each in desk.vendor.charges.values() if each.ours == str(row.pk))
        assert row.state == charge.state
        assert (row.state, row.captured_minor) in {("captured", 5000), ("cancelled", 0)}


def test_a_capture_between_a_cancel_and_its_answer_is_kept(desk: Desk) -> None:
    """The other till takes the money while the cancel is on its way."""
    row = reserved(desk)
    aside = desk.vendor.meanwhile
    aside["cancel"] = lambda: capture_attempt(attempt_id=row.pk, amount=None, actor=SYSTEM, at=AT)
    row = cancel_attempt(attempt_id=row.pk, actor=SYSTEM, at=AT)
    assert (row.state, row.captured_minor, desk.vendor.captured) == ("captured", 5000, 5000)


def test_twin_that_believes_its_cancel_says_that_nothing_was_taken(desk: Desk) -> None:
    row = reserved(desk)

    def believing(vendor: Vendor) -> None:
        facts = attempt_facts(row=row, connection=connection_facts(connection=row.connection))
        vendor.meanwhile["cancel"] = lambda: capture_attempt(
            attempt_id=row.pk, amount=None, actor=SYSTEM, at=AT
        )
        try:
            vendor.cancel(attempt=facts, key="x")
        except base.TooLate:
            Attempt.objects.filter(pk=row.pk).update(state=states.CANCELLED)  # no table, no revision, no look

    believing(desk.vendor)
    assert (attempt_row(attempt_id=row.pk).state, desk.vendor.captured) == ("cancelled", 5000)


# -- refunds ------------------------------------------------------------------------------------------------


def paid(desk: Desk) -> Attempt:
    row = desk.presented(purpose="nothing")
    desk.vendor.guest_pays(row.pk)
    return look_at_attempt(attempt_id=row.pk, at=AT)


def test_of_many_refunds_of_everything_one_is_planned(cafe: Any, desk: Desk) -> None:
    row = paid(desk)

    def give() -> GatewayRefund:
        with unit_of_work():
            return plan_refund(
                attempt_id=row.pk,
                part_id=new_id(),
                amount_minor=1250,
                reason="",
                at=AT,
                business_date=AT.date(),
            )

    outcomes = at_once(cafe, [give] * 5)
    assert codes(outcomes) == ["amount_out_of_range"] * 4 + ["done"]
    assert sum(isinstance(each, AmountOutOfRange) for each in outcomes) == 4
    row.refresh_from_db()
    assert (row.refunded_minor, row.refunds.count()) == (1250, 1)


def test_twin_that_reads_what_is_left_without_a_lock_gives_back_twice(cafe: Any, desk: Desk) -> None:
    row, looked = paid(desk), threading.Barrier(2, timeout=20)

    def unguarded() -> None:
        left = Attempt.objects.get(pk=row.pk)
        assert left.captured_minor - left.refunded_minor >= 1250
        looked.wait()
        with unit_of_work():
            GatewayRefund(
                attempt_id=row.pk,
                amount_minor=1250,
                currency="EUR",
                key=str(new_id()),
                at=AT,
                business_date=AT.date(),
            ).save()
            Attempt.objects.filter(pk=row.pk).update(refunded_minor=1250)

    assert at_once(cafe, [unguarded, unguarded]) == [None, None]
    assert sum(each.amount_minor for each in row.refunds.all()) == 2500


def test_nothing_of_this_leaves_its_merchant(cafe: Any, grocer: Any, desk: Desk) -> None:
    desk.start()
    assert run_in_tenant(grocer, Attempt.objects.count) == 0
