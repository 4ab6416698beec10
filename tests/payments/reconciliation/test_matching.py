"""What a vendor lists and what is here, compared both ways."""

import datetime as dt
from dataclasses import replace

import pytest

from fynlo.core.ids import new_id
from payments.gateways import base
from payments.gateways.models import Attempt
from payments.reconciliation.models import Difference, Payout, Reconciliation, SettlementLine
from payments.tenders.models import Payment, Refund
from tests.factories import TenderTypeFactory
from tests.payments.reconciliation.listing import AT, DAY, Desk, balances, differences

pytestmark = pytest.mark.django_db


def test_everything_agrees(desk: Desk) -> None:
    first, second = desk.attempt(1000), desk.attempt(2500, tender_type="online")
    refund = desk.refund(first, 400)
    desk.pays_out(desk.charge(first, fee=31), desk.charge(second, fee=58), desk.back(refund), name="out_1")
    run = desk.run()
    assert (run.state, differences()) == ("done", [])
    assert run.counts == {
        "judged": 4,
        "lines": 4,
        "matched": 4,
        "open": 0,
        "ours": 2,
        "payouts": 1,
        "posted": 1,
    }
    payout = Payout.objects.get()
    assert (payout.gross_minor, payout.fee_minor, payout.net_minor, payout.amount_minor) == (
        3100,
        89,
        3011,
        3011,
    )
    assert (payout.line_count, payout.unexplained_minor, payout.posted_at) == (3, 0, AT)
    assert balances("bank", "fees", "tender:card", "tender:online", "payouts_unexplained") == {
        "bank": 3011,
        "fees": 89,
        "tender:card": 0,
        "tender:online": 0,
        "payouts_unexplained": 0,
    }


def test_a_payment_nobody_here_knows_is_listed_and_its_money_waits(desk: Desk) -> None:
    desk.pays_out(desk.line("charge", 700, fee=20, source="ch_x", payment="pay_x"))
    desk.run()
    assert differences() == [("missing_here", "pay_x")]
    found = Difference.objects.get()
    assert (found.ours_minor, found.theirs_minor, found.currency) == (None, 700, "EUR")
    assert balances() == {"bank": 680, "fees": 20, "payouts_unexplained": -700}


@pytest.mark.parametrize("state", ["declined", "unknown", "presented", "cancelled"])
def test_taken_there_and_not_here_is_a_difference_of_states(desk: Desk, state: str) -> None:
    attempt = desk.attempt(900, state=state)
    desk.pays_out(desk.charge(attempt, gross=900))
    desk.run()
    assert differences() == [("status", attempt.vendor_id)]
    assert (Difference.objects.get().ours, balances()) == (state, {"bank": 900, "payouts_unexplained": -900})


def test_amounts_that_differ_are_told_with_both(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    desk.pays_out(desk.charge(attempt, gross=1100))
    desk.run()
    found = Difference.objects.get()
    assert (found.kind, found.ours_minor, found.theirs_minor) == ("amount", 1000, 1100)
    assert balances("tender:card", "bank") == {"tender:card": -100, "bank": 1100}


def test_lines_of_one_payment_count_together(desk: Desk) -> None:
    attempt = desk.attempt(800)
    let_go = desk.line("partial_capture_reversal", -200, payment=attempt.vendor_id)
    desk.pays_out(desk.charge(attempt, gross=1000), let_go)
    desk.run()
    assert differences() == []


def test_taken_here_and_not_listed_there_is_told_after_a_day(desk: Desk) -> None:
    old, fresh = desk.attempt(1000), desk.attempt(300, at=AT - dt.timedelta(hours=23))
    run = desk.run()
    assert differences() == [("missing_there", old.vendor_id)]
    assert run.counts["missing_there"] == 1
    desk.run(at=AT + DAY)
    assert differences() == [("missing_there", old.vendor_id), ("missing_there", fresh.vendor_id)]


def test_what_stands_on_the_balance_is_listed_before_it_is_paid_out(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    line = desk.charge(attempt, fee=30)
    desk.waits(line)
    desk.run()
    assert (differences(), balances("bank")) == ([], {"bank": 0})
    desk.vendor.settlements_now.clear()
    desk.pays_out(line, name="out_1")
    desk.run(at=AT + DAY)
    found = SettlementLine.objects.get(vendor_id=line.id)
    assert (found.payout.vendor_id, found.state, found.booked_as) == ("out_1", "matched", "tender:card")
    assert balances("bank", "tender:card") == {"bank": 970, "tender:card": 0}


def test_money_without_an_order_is_listed(desk: Desk) -> None:
    attempt = desk.attempt(1000, settled=False)
    desk.pays_out(desk.charge(attempt))
    desk.run()
    assert differences() == [("unsettled", str(attempt.pk))]
    Attempt.objects.update(settled_at=AT)
    desk.run(at=AT + DAY)
    assert (differences(), differences("resolved")) == ([], [("unsettled", str(attempt.pk))])
    assert Difference.objects.get().action == "agrees"


@pytest.mark.parametrize(
    ("state", "grosses", "kind"),
    [
        ("succeeded", [-400], None),
        ("pending", [-400], None),
        ("failed", [-400, 400], None),
        ("settled", [-400, 400], None),
        ("failed", [-400], "refund_status"),
        ("unknown", [-400], "refund_status"),
        ("prepared", [-400], "refund_status"),
        ("succeeded", [-400, 400], "refund_status"),
        ("succeeded", [-300], "refund_amount"),
    ],
)
def test_refunds_are_compared_by_what_became_of_them(
    desk: Desk, state: str, grosses: list[int], kind: str | None
) -> None:
    attempt = desk.attempt(1000)
    refund = desk.refund(attempt, 400, state=state)
    lines = [desk.back(refund, gross=gross) for gross in grosses]
    lines = [line if line.gross_minor < 0 else replace(line, category="refund_failure") for line in lines]
    desk.pays_out(desk.charge(attempt), *lines)
    desk.run()
    assert differences() == ([] if kind is None else [(kind, refund.vendor_id)])


def test_a_refund_nobody_here_made_is_listed(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    foreign = desk.line("refund", -100, source="ref_x", payment=attempt.vendor_id)
    desk.pays_out(desk.charge(attempt), foreign)
    desk.run()
    assert differences() == [("refund_missing_here", "ref_x")]
    assert balances("payouts_unexplained", "tender:card") == {"payouts_unexplained": 100, "tender:card": 0}


def test_a_refund_of_ours_that_is_not_listed_is_told(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    refund = desk.refund(attempt, 400)
    desk.pays_out(desk.charge(attempt))
    desk.run()
    assert differences() == [("refund_missing_there", refund.vendor_id)]
    desk.pays_out(desk.back(refund))
    desk.run(at=AT + DAY)
    assert differences() == []


def test_unknown_kinds_are_listed_and_never_an_error(desk: Desk) -> None:
    attempt = desk.attempt(1000)
    odd = desk.line("climate_contribution", -50)
    crooked = desk.line("charge", 100, fee=5, net_minor=90, payment=attempt.vendor_id)
    desk.pays_out(desk.charge(attempt), odd, crooked)
    desk.run()
    assert differences() == [("unknown_category", odd.id), ("unknown_category", crooked.id)]
    assert balances("bank", "payouts_unexplained", "fees") == {
        "bank": 1040,
        "payouts_unexplained": -45,
        "fees": 5,
    }


def test_fees_are_fees_and_corrections_are_listed(desk: Desk) -> None:
    desk.pays_out(desk.line("fee", -300), desk.line("other_adjustment", 120), amount=-180)
    desk.run()
    assert [kind for kind, _ in differences()] == ["adjustment"]
    assert balances() == {"bank": -180, "fees": 300, "payouts_unexplained": -120}


def test_a_difference_that_goes_away_is_resolved_and_rebooked(desk: Desk) -> None:
    attempt = desk.attempt(900, state="unknown")
    desk.pays_out(desk.charge(attempt, gross=900, fee=20))
    desk.run()
    assert balances() == {"bank": 880, "fees": 20, "payouts_unexplained": -900}
    Attempt.objects.update(
        state="captured", captured_minor=900, authorised_minor=900, captured_at=AT, settled_at=AT
    )
    desk.run(at=AT + DAY)
    assert (differences(), differences("resolved")) == ([], [("status", attempt.vendor_id)])
    assert balances() == {"bank": 880, "fees": 20, "tender:card": -900}


def test_two_runs_find_a_difference_once(desk: Desk) -> None:
    desk.pays_out(desk.line("charge", 700, source="ch_x", payment="pay_x"))
    first = desk.run()
    second = desk.run(at=AT + DAY)
    found = Difference.objects.get()
    assert (found.found_run, found.seen_run, found.found_at) == (first.pk, second.pk, AT)
    assert second.counts["open"] == 1


def test_other_accounts_are_not_touched(desk: Desk) -> None:
    mine = desk.attempt(1000, vendor_id="pay_same")
    from payments.gateways.models import Connection

    other = Connection.objects.create(gateway="listing", name="Second", account="acct_2", created_at=AT)
    Attempt.objects.filter(pk=mine.pk).update(connection=other)
    desk.pays_out(desk.line("charge", 1000, payment="pay_same"))
    desk.run()
    assert differences() == [("missing_here", "pay_same")]


def test_disputes_are_read_and_their_money_is_booked(desk: Desk) -> None:
    attempt = desk.attempt(5000)
    fact = base.DisputeFact(
        id="dis_1",
        payment=attempt.vendor_id,
        amount_minor=5000,
        currency="EUR",
        state="needs_response",
        opened_at=AT,
    )
    desk.vendor.disputes_now = [fact]
    taken = desk.line("dispute", -5000, fee=1500, source="dis_1", payment=attempt.vendor_id)
    desk.pays_out(desk.charge(attempt, fee=100), taken)
    desk.run()
    assert differences() == []
    assert balances("bank", "disputes", "fees", "tender:card") == {
        "bank": -1600,
        "disputes": 5000,
        "fees": 1600,
        "tender:card": 0,
    }
    desk.vendor.disputes_now = [replace(fact, state="won")]
    desk.pays_out(desk.line("dispute_reversal", 5000, source="dis_1", payment=attempt.vendor_id))
    desk.run(at=AT + DAY)
    assert balances("bank", "disputes") == {"bank": 3400, "disputes": 0}


def test_the_next_run_looks_back_two_weeks(desk: Desk) -> None:
    desk.run()
    desk.run(at=AT + DAY)
    assert desk.vendor.asked_since == [AT - 44 * DAY, AT - 14 * DAY]
    assert Reconciliation.objects.count() == 2


def test_what_was_stated_under_an_account_and_never_asked_of_it_is_told(desk: Desk) -> None:
    """A till tells later of a card sale, and of money that went back to a card: the vendor knows of neither."""
    facts = {"currency": "EUR", "at": AT - DAY, "business_date": AT.date(), "order_id": new_id()}
    ways = {
        channel: TenderTypeFactory.create(
            code=channel, kind="card", connection=desk.connection, channel=channel
        )
        for channel in ("present", "manual")
    }
    stated, by_hand = (
        Payment.objects.create(tender_type=way, amount_minor=240, tendered_minor=240, **facts)
        for way in ways.values()
    )
    del facts["order_id"]
    back = Refund.objects.create(
        refund_id=new_id(),
        payment=by_hand,
        tender_type=ways["present"],
        amount_minor=241,
        rounding_minor=1,
        payment_amount_minor=241,
        **facts,
    )
    for _ in range(2):
        desk.run()
        assert sorted(differences()) == [
            ("missing_there", str(stated.pk)),
            ("refund_missing_there", str(back.pk)),
        ]
    found = {row.kind: (row.ours, row.ours_minor) for row in Difference.objects.all()}
    assert found == {"missing_there": ("stated", 240), "refund_missing_there": ("stated", -240)}
