"""Closing a count: exact figures as of when it was counted, with sales before, meanwhile, after, and late."""

from decimal import Decimal

import pytest

from fynlo.core.states import IllegalTransition
from fynlo.core.tenancy import tenant_context
from pos.inventory.count_drafts import CountScope
from pos.inventory.errors import AlreadyDone, ApprovalNeeded, CountClosed, CountIncomplete
from pos.inventory.models import (
    StockCount,
    StockCountLine,
    StockCountResult,
    StockHead,
    StockLevel,
    StockMovement,
)
from pos.inventory.services.count_closing import close_count
from pos.inventory.services.count_submitting import cancel_count, recount_lines
from tests.factories import Shop
from tests.pos.inventory.counts.shelves import (
    approver,
    at,
    closed,
    counted,
    counter,
    entry,
    moved,
    movements,
    on_hand,
    opened,
    stocked,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_the_shelf_holds_what_was_counted(here: Shop, there: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        moved(here, "roll", "-3", "09:30")
        count = opened(here)
        counted(here, count, entry(here, "roll", "35", "10:00"))
        document = closed(here, count)
        assert document["state"] == "closed"
        assert document["variance_value_minor"] == "200"
        assert movements(here, "roll") == [("-2", "10:00")]
        assert on_hand(here, "roll") == Decimal(35)
        (result,) = StockCountResult.objects.all()
        assert (result.quantity, result.counted_at, result.count_id) == (Decimal(35), at("10:00"), count)
        assert StockLevel.objects.get().counted_at == at("10:00")
        assert StockLevel.objects.get().value_minor == Decimal(3500)
    with tenant_context(there.tenant):
        assert not StockCountResult.objects.exists()
        assert not StockMovement.objects.exists()


def test_what_is_sold_after_it_was_counted_stays_sold(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        count = opened(here)
        counted(here, count, entry(here, "roll", "39", "10:00"))
        moved(here, "roll", "-4", "11:00")
        closed(here, count)
        assert movements(here, "roll") == [("-1", "10:00")]
        assert on_hand(here, "roll") == Decimal(35)


def test_a_count_that_agrees_moves_nothing_and_is_known_to_have_been(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        count = opened(here)
        counted(here, count, entry(here, "roll", "40", "10:00"))
        closed(here, count)
        assert movements(here, "roll") == []
        assert StockCountResult.objects.get().quantity == Decimal(40)
        # A till was offline: its sale of 09:50 was off the shelf when that was counted.
        moved(here, "roll", "-2", "09:50", recorded="20:00")
        assert movements(here, "roll") == [("2", "10:00")]
        assert on_hand(here, "roll") == Decimal(40)


def test_late_and_out_of_order_sales_around_a_count(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        count = opened(here)
        counted(here, count, entry(here, "roll", "30", "10:00"))
        moved(here, "roll", "-1", "10:30")
        submitted(here, count)
        # Between submitting and closing a till sends a sale of before: the difference is reckoned anew.
        moved(here, "roll", "-6", "09:00", recorded="18:45")
        close_count(count_id=count, actor=approver(here), at=at("19:00"))
        assert movements(here, "roll") == [("-4", "10:00")]
        moved(here, "roll", "-2", "10:01", recorded="20:00")
        moved(here, "roll", "-5", "09:59", recorded="20:01")
        moved(here, "roll", "-7", "10:00", recorded="20:02")
        assert movements(here, "roll") == [("-4", "10:00"), ("5", "10:00"), ("7", "10:00")]
        assert on_hand(here, "roll") == Decimal(27)


def test_a_count_of_earlier_is_closed_after_one_of_later(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        first, second = opened(here), opened(here)
        counted(here, first, entry(here, "roll", "38", "10:00"))
        counted(here, second, entry(here, "roll", "36", "12:00"))
        closed(here, second)
        closed(here, first)
        assert movements(here, "roll") == [("-2", "10:00"), ("-4", "12:00"), ("2", "12:00")]
        assert on_hand(here, "roll") == Decimal(36)


def test_two_people_count_the_same_item_and_their_entries_add_up(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        count = opened(here)
        twice = entry(here, "roll", "12", "10:00", zone="shop")
        counted(here, count, twice, by="Ann")
        counted(here, count, entry(here, "roll", "20", "10:04", zone="cellar"), by="Ben")
        counted(here, count, twice, twice, by="Ann")
        closed(here, count)
        assert on_hand(here, "roll") == Decimal(32)
        assert StockCountResult.objects.get().counted_at == at("10:04")


def test_uncounted_lines_are_left_or_are_nothing(here: Shop) -> None:
    scope = CountScope(variant_ids=(here.variants["roll"].id, here.variants["cheese"].id))
    with tenant_context(here.tenant):
        stocked(here, roll="40", cheese="2.5")
        left = opened(here, kind="full", scope=scope)
        counted(here, left, entry(here, "roll", "40", "10:00"))
        closed(here, left)
        assert on_hand(here, "cheese") == Decimal("2.5")
        zero = opened(here, kind="full", scope=scope, clock="20:00")
        counted(here, zero, entry(here, "roll", "40", "20:10"), clock="20:10")
        submitted(here, zero, uncounted="zero", clock="20:30")
        moved(here, "cheese", "0.5", "20:45", kind=StockMovement.PURCHASE)
        close_count(count_id=zero, actor=approver(here), at=at("21:00"))
        assert movements(here, "cheese") == [("-2.5", "20:30")]
        assert on_hand(here, "cheese") == Decimal("0.5")


def test_a_recount_is_a_new_pass_and_what_was_counted_before_it_is_of_the_old_one(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40", cheese="2")
        count = opened(here)
        counted(here, count, entry(here, "roll", "4", "10:00"), entry(here, "cheese", "2", "10:01"))
        submitted(here, count)
        line = StockCountLine.objects.get(variant=here.variants["roll"])
        recount_lines(count_id=count, line_ids=[line.pk], actor=counter(here), at=at("18:40"))
        with pytest.raises(CountIncomplete):
            submitted(here, count)
        counted(here, count, entry(here, "roll", "9", "10:05"), clock="18:50")
        with pytest.raises(CountIncomplete):
            submitted(here, count)
        counted(here, count, entry(here, "roll", "39", "18:51"), clock="18:51")
        closed(here, count)
        assert (on_hand(here, "roll"), on_hand(here, "cheese")) == (Decimal(39), Decimal(2))


def test_above_the_limit_somebody_who_may_approve_decides(here: Shop) -> None:
    with tenant_context(here.tenant):
        StockHead.objects.update(count_variance_limit_minor=500)
        stocked(here, roll="40", cheese="10")
        count = opened(here)
        # 3 less and 3 more, 100 each: they do not make up for each other.
        counted(here, count, entry(here, "roll", "37", "10:00"), entry(here, "cheese", "13", "10:00"))
        assert submitted(here, count)["variance_value_minor"] == "600"
        with pytest.raises(ApprovalNeeded) as caught:
            close_count(count_id=count, actor=counter(here), at=at("19:00"))
        assert caught.value.data == {"permission": "stock.approve", "limit_minor": 500}
        assert on_hand(here, "roll") == Decimal(40)
        close_count(count_id=count, actor=approver(here), at=at("19:01"))
        assert (on_hand(here, "roll"), on_hand(here, "cheese")) == (Decimal(37), Decimal(13))
        small = opened(here, clock="20:00")
        counted(here, small, entry(here, "roll", "32", "20:05"), clock="20:05")
        submitted(here, small, clock="20:10")
        close_count(count_id=small, actor=counter(here), at=at("20:15"))
        assert on_hand(here, "roll") == Decimal(32)


def test_who_comes_second_is_told_who_and_when(here: Shop) -> None:
    with tenant_context(here.tenant):
        count = opened(here)
        counted(here, count, entry(here, "roll", "1", "10:00"))
        submitted(here, count)
        with pytest.raises(AlreadyDone) as caught:
            submitted(here, count)
        assert caught.value.data == {
            "by": "Ann",
            "at": "2026-03-01T18:30:00.000Z",
            "state": "submitted",
        }
        close_count(count_id=count, actor=approver(here), at=at("19:00"))
        with pytest.raises(AlreadyDone) as caught:
            close_count(count_id=count, actor=counter(here, "Ben"), at=at("19:00:01"))
        assert caught.value.detail == "Count 1 was closed by Mia on 2026-03-01 at 20:00."
        assert caught.value.data == {"by": "Mia", "at": "2026-03-01T19:00:00.000Z", "state": "closed"}
        with pytest.raises(AlreadyDone):
            cancel_count(count_id=count, reason="", actor=counter(here), at=at("19:05"))
        with pytest.raises(CountClosed) as refused:
            counted(here, count, entry(here, "roll", "1", "19:05"), clock="19:06")
        assert [problem.pointer for problem in refused.value.errors] == ["/entries"]
        assert on_hand(here, "roll") == Decimal(1)


def test_a_count_is_closed_after_it_was_submitted(here: Shop) -> None:
    with tenant_context(here.tenant):
        count = opened(here)
        with pytest.raises(CountIncomplete):
            submitted(here, count)
        counted(here, count, entry(here, "roll", "1", "10:00"))
        with pytest.raises(IllegalTransition):
            close_count(count_id=count, actor=approver(here), at=at("19:00"))


def test_a_cancelled_count_changes_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        count = opened(here)
        counted(here, count, entry(here, "roll", "1", "10:00"))
        told = cancel_count(count_id=count, reason="rain", actor=counter(here), at=at("19:00"))
        assert (told["state"], told["reason"]) == ("cancelled", "rain")
        assert movements(here, "roll") == []
        assert not StockCountResult.objects.exists()


def test_numbers_are_dense(here: Shop) -> None:
    with tenant_context(here.tenant):
        opened(here)
        opened(here)
        assert sorted(StockCount.objects.values_list("number", flat=True)) == [1, 2]
