"""People who count, close and receive at the same moment: entries add up, one closes, one receives."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.errors import AlreadyDone
from pos.inventory.models import (
    StockCount,
    StockCountEntry,
    StockCountResult,
    StockLevel,
    StockMovement,
    StockTransfer,
)
from pos.inventory.services import count_closing
from pos.inventory.services.count_closing import close_count
from pos.inventory.services.transfer_receiving import receive_transfer
from pos.inventory.services.transfers import draft_transfer, send_transfer
from pos.inventory.transfer_drafts import ArrivalDraft, ReceiptDraft, TransferDraft, TransferLineDraft
from pos.orders.services import place_order
from tests.concurrency.rivals import at_once, while_held
from tests.factories import LocationFactory, Shop, shop
from tests.pos.inventory.counts.shelves import approver, at, counted, entry, opened, stocked, submitted
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE, SCANS = 6, 5


def test_entries_of_many_scanners_add_up_while_tills_sell(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        stocked(here, roll="500", book="500")
        count = opened(here)

    def scan(name: str) -> Callable[[], int]:
        def call() -> int:
            names = ("roll", "book") if int(name) % 2 else ("book", "roll")
            for number in range(SCANS):
                entries = [entry(here, each, "2", f"10:0{number}") for each in names]
                counted(here, count, *entries, by=name)
                counted(here, count, *entries, by=name)
            return SCANS

        return call

    def sell() -> int:
        for _ in range(SCANS):
            draft = sale(sold(here, "book"), sold(here, "roll"), tenders=(cash(here, 5000),))
            place_order(draft=draft, actor=here.actor(), at=at("12:00"))
        return SCANS

    calls = [scan(str(number)) for number in range(PEOPLE)]
    assert at_once(cafe, [*calls, sell]) == [SCANS] * (PEOPLE + 1)
    with tenant_context(cafe):
        assert StockCountEntry.objects.count() == PEOPLE * SCANS * 2
        submitted(here, count)
        close_count(count_id=count, actor=approver(here), at=at("19:00"))
        levels = {row.variant_id: row.on_hand for row in StockLevel.objects.all()}
        expected = Decimal(PEOPLE * SCANS * 2 - SCANS)
        assert levels == {here.variants[name].id: expected for name in ("roll", "book")}
        for key, level in levels.items():
            moved = StockMovement.objects.filter(variant_id=key).aggregate(total=Sum("quantity"))
            assert moved["total"] == level


def closing(here: Shop, count: UUID, name: str) -> Callable[[], Any]:
    return lambda: close_count(count_id=count, actor=approver(here, name), at=at("19:00"))["state"]


def ready(here: Shop) -> UUID:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        count = opened(here)
        counted(here, count, entry(here, "roll", "38", "10:00"))
        submitted(here, count)
    return count


def test_one_closes_and_the_others_are_told_who(cafe: Any) -> None:
    here = shop(cafe)
    count = ready(here)
    calls = [closing(here, count, f"Person {number}") for number in range(PEOPLE)]
    with tenant_context(cafe):
        found, _ = while_held(cafe, lambda: StockCount.objects.filter(pk=count), calls)
        winner = StockCount.objects.get().ended_by_name
        assert found.count("closed") == 1
        refused = [each for each in found if isinstance(each, AlreadyDone)]
        assert [each.data["by"] for each in refused] == [winner] * (PEOPLE - 1)
        assert StockLevel.objects.get().on_hand == Decimal(38)
        assert StockCountResult.objects.count() == 1


def test_the_twin_without_the_lock_closes_more_than_once(cafe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here = shop(cafe)
    count = ready(here)
    monkeypatch.setattr(count_closing, "lock_count", lambda key: StockCount.objects.get(pk=key))
    calls = [closing(here, count, f"Person {number}") for number in range(2)]
    with tenant_context(cafe):
        # Both have read the count and wait for the level.
        found, _ = while_held(cafe, StockLevel.objects.all, calls)
        assert found == ["closed", "closed"]
        assert StockCountResult.objects.count() == 2


def test_one_receives_a_delivery_and_the_others_are_told_who(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        stocked(here, roll="40")
        stand = LocationFactory.create(code="stand")
        line = TransferLineDraft(variant_id=here.variants["roll"].id, quantity=Decimal(12))
        draft = TransferDraft(from_location_id=here.location.id, to_location_id=stand.id, lines=(line,))
        made = draft_transfer(draft=draft, actor=approver(here), at=at("09:00"))
        send_transfer(transfer_id=draft.id, actor=approver(here), at=at("09:01"))

    def receiving(name: str) -> Callable[[], Any]:
        arrival = ArrivalDraft(line_id=UUID(made["lines"][0]["id"]), received=Decimal(12))
        receipt = ReceiptDraft(id=new_id(), lines=(arrival,))
        return lambda: receive_transfer(
            transfer_id=draft.id, draft=receipt, actor=approver(here, name), at=at("10:00")
        )["state"]

    calls = [receiving(f"Person {number}") for number in range(PEOPLE)]
    with tenant_context(cafe):
        found, _ = while_held(cafe, lambda: StockTransfer.objects.filter(pk=draft.id), calls)
        kinds = Counter(each if isinstance(each, str) else type(each).__name__ for each in found)
        assert kinds == {"received": 1, "AlreadyDone": PEOPLE - 1}
        level = StockLevel.objects.get(location=stand)
        assert (level.on_hand, level.in_transit) == (Decimal(12), Decimal(0))


def test_transfers_both_ways_do_not_wait_in_a_circle(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        stocked(here, roll="40", book="40")
        stand = LocationFactory.create(code="stand")
        ends = [here.location.id, stand.id]
        drafts = []
        for number in range(PEOPLE):
            names = ("roll", "book") if number % 2 else ("book", "roll")
            lines = tuple(
                TransferLineDraft(variant_id=here.variants[name].id, quantity=Decimal(1)) for name in names
            )
            source, destination = ends if number % 2 else ends[::-1]
            draft = TransferDraft(from_location_id=source, to_location_id=destination, lines=lines)
            draft_transfer(draft=draft, actor=approver(here), at=at("09:00"))
            drafts.append(draft)

    def sending(draft: TransferDraft) -> Callable[[], Any]:
        return lambda: send_transfer(transfer_id=draft.id, actor=approver(here), at=at("09:01"))["state"]

    assert at_once(cafe, [sending(draft) for draft in drafts]) == ["sent"] * PEOPLE
    with tenant_context(cafe):
        assert {row.in_transit for row in StockLevel.objects.all()} == {Decimal(PEOPLE // 2)}
