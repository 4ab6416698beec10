"""Transfers: what leaves one location arrives at the other, or it is said why not; nothing arrives twice."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.utils import IntegrityError

from fynlo.core.database import constraint
from fynlo.core.ids import new_id
from fynlo.core.states import IllegalTransition
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.errors import (
    AlreadyDone,
    ForeignLot,
    LotRequired,
    OverReceipt,
    TransferToItself,
    UnknownUnit,
)
from pos.inventory.models import (
    StockHead,
    StockItem,
    StockLevel,
    StockLot,
    StockLotLevel,
    StockMovement,
    StockTransferLine,
)
from pos.inventory.queries.transfers import find_transfer, transfer_document
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.transfer_receiving import receive_transfer, reject_transfer
from pos.inventory.services.transfers import cancel_transfer, draft_transfer, send_transfer
from pos.inventory.transfer_drafts import (
    ArrivalDraft,
    MissingDraft,
    ReceiptDraft,
    TransferDraft,
    TransferLineDraft,
)
from pos.registers.models import Location
from tests.factories import LocationFactory, Shop
from tests.pos.inventory.counts.shelves import approver, at, moved, stocked

pytestmark = pytest.mark.django_db

Made = tuple[UUID, Location, UUID]


def sent(shop: Shop, name: str, quantity: str, *, unit: str = "", lot_id: UUID | None = None) -> Made:
    """Goods on their way to the stand since ten: the transfer, the stand, the line."""
    stand = LocationFactory.create(code="stand", time_zone="Europe/Berlin")
    line = TransferLineDraft(
        variant_id=shop.variants[name].id, quantity=Decimal(quantity), unit=unit, lot_id=lot_id
    )
    draft = TransferDraft(from_location_id=shop.location.id, to_location_id=stand.id, lines=(line,))
    draft_transfer(draft=draft, actor=approver(shop), at=at("09:50"))
    send_transfer(transfer_id=draft.id, actor=approver(shop, "Ann"), at=at("10:00"))
    return draft.id, stand, StockTransferLine.objects.get(transfer_id=draft.id).pk


def received(
    shop: Shop,
    made: Made,
    quantity: str,
    *missing: MissingDraft,
    clock: str = "11:00",
    by: str = "Ben",
    seen: int | None = None,
    key: UUID | None = None,
) -> dict[str, Any]:
    arrival = ArrivalDraft(line_id=made[2], received=Decimal(quantity), missing=missing)
    draft = ReceiptDraft(id=key or new_id(), lines=(arrival,), receipts_seen=seen)
    return receive_transfer(transfer_id=made[0], draft=draft, actor=approver(shop, by), at=at(clock))


def level(location: Location, shop: Shop, name: str) -> tuple[str, str, str]:
    """On hand, in transit, and what it is worth."""
    found = StockLevel.objects.get(location=location, variant=shop.variants[name])
    return f"{found.on_hand:.2f}", f"{found.in_transit:.2f}", f"{found.value_minor:.2f}"


def test_goods_and_their_cost_travel(here: Shop, there: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        assert level(here.location, here, "roll") == ("28.00", "0.00", "2800.00")
        assert level(made[1], here, "roll") == ("0.00", "12.00", "0.00")
        told = received(here, made, "12")
        assert (told["state"], told["receipt_count"], told["ended_by"]["name"]) == ("received", 1, "Ben")
        assert level(made[1], here, "roll") == ("12.00", "0.00", "1200.00")
        out = StockMovement.objects.get(kind="transfer_out")
        arrived = StockMovement.objects.get(kind="transfer_in")
        assert (arrived.original_id, arrived.quantity, arrived.document_id) == (out.pk, Decimal(12), made[0])
        assert (out.at, arrived.at) == (at("10:00"), at("11:00"))
    with tenant_context(there.tenant):
        assert not StockMovement.objects.exists()


def test_a_part_arrives_then_the_rest(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        assert received(here, made, "5")["state"] == "partly_received"
        assert level(made[1], here, "roll") == ("5.00", "7.00", "500.00")
        told = received(here, made, "7", clock="12:00")
        assert told["state"] == "received"
        assert [line["in_transit"] for line in told["lines"]] == ["0"]
        assert level(made[1], here, "roll") == ("12.00", "0.00", "1200.00")


def test_what_is_missing_is_written_off_or_returned_by_name(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        told = received(
            here,
            made,
            "7",
            MissingDraft(quantity=Decimal(2), reason="damaged", outcome="waste", note="wet"),
            MissingDraft(quantity=Decimal(3), reason="short", outcome="return"),
        )
        assert told["state"] == "received"
        assert [(each["quantity"], each["reason"], each["outcome"]) for each in told["arrivals"]] == [
            ("2", "damaged", "waste"),
            ("3", "short", "return"),
            ("7", "", "keep"),
        ]
        assert level(here.location, here, "roll") == ("31.00", "0.00", "3100.00")
        assert level(made[1], here, "roll") == ("7.00", "0.00", "700.00")
        waste = StockMovement.objects.get(kind="waste")
        assert (waste.quantity, waste.reason) == (Decimal(-2), "transfer: damaged")
        corrections = StockMovement.objects.filter(original=waste, kind="revaluation")
        assert waste.value_minor + sum(row.value_minor for row in corrections) == Decimal(-200)
        assert waste.original is not None
        assert (waste.original.kind, waste.original.quantity) == ("transfer_in", Decimal(9))


def test_refused_goods_go_back_to_where_they_came_from(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        told = reject_transfer(
            transfer_id=made[0], reason="too warm", actor=approver(here, "Ben"), at=at("11:00")
        )
        assert (told["state"], told["reason"]) == ("rejected", "too warm")
        assert level(here.location, here, "roll") == ("40.00", "0.00", "4000.00")
        assert level(made[1], here, "roll") == ("0.00", "0.00", "0.00")
        with pytest.raises(AlreadyDone):
            received(here, made, "12")


def test_a_rest_that_is_refused_ends_the_transfer_as_received(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        received(here, made, "5")
        told = reject_transfer(transfer_id=made[0], reason="", actor=approver(here), at=at("12:00"))
        assert (told["state"], told["lines"][0]["returned"]) == ("received", "7")
        assert level(here.location, here, "roll") == ("35.00", "0.00", "3500.00")


def test_receiving_twice_is_refused_with_who_and_when(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        received(here, made, "12")
        with pytest.raises(AlreadyDone) as caught:
            received(here, made, "12", by="Cem", clock="11:01")
        assert caught.value.detail == "Transfer 1 was received by Ben on 2026-03-01 at 12:00."
        assert caught.value.data == {"by": "Ben", "at": "2026-03-01T11:00:00.000Z", "state": "received"}
        assert level(made[1], here, "roll") == ("12.00", "0.00", "1200.00")


def test_who_looked_before_somebody_received_a_part_is_told(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        received(here, made, "6", seen=0)
        with pytest.raises(AlreadyDone) as caught:
            received(here, made, "6", seen=0, by="Cem")
        assert caught.value.data["by"] == "Ben"
        assert received(here, made, "6", seen=1, by="Cem")["state"] == "received"


def test_the_same_receipt_again_does_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made, key = sent(here, "roll", "12"), new_id()
        assert received(here, made, "5", key=key) == received(here, made, "5", key=key)
        assert level(made[1], here, "roll") == ("5.00", "7.00", "500.00")


def test_more_than_was_sent_arrives_within_the_tolerance_only(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "10")
        with pytest.raises(OverReceipt) as caught:
            received(here, made, "11")
        assert [problem.pointer for problem in caught.value.errors] == ["/lines/0/received"]
        StockHead.objects.update(over_receipt_percent=Decimal(10))
        with pytest.raises(OverReceipt):
            received(here, made, "11.000001")
        told = received(here, made, "11")
        assert [(each["quantity"], each["reason"]) for each in told["arrivals"]] == [
            ("10", ""),
            ("1", "excess"),
        ]
        # It left the source, too: nothing comes from nowhere.
        assert level(here.location, here, "roll") == ("29.00", "0.00", "2900.00")
        assert level(made[1], here, "roll") == ("11.00", "0.00", "1100.00")


def test_the_ledger_itself_lets_no_part_arrive_twice(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        made = sent(here, "roll", "12")
        received(here, made, "12")
        arrived = StockMovement.objects.get(kind="transfer_in")
        again = StockChange(
            variant_id=arrived.variant_id,
            quantity=arrived.quantity,
            original_id=arrived.original_id,
            original_quantity=arrived.original_quantity,
            reversed_before=Decimal(0),
        )
        cause = Cause(
            kind="transfer_in",
            location_id=made[1].pk,
            at=at("12:00"),
            business_date=dt.date(2026, 3, 1),
            recorded_at=at("12:00"),
        )
        with pytest.raises(IntegrityError) as caught, unit_of_work():
            record_movements(cause=cause, changes=[again])
        assert constraint(caught.value) == "pos_stockmovement_reversed_once"


def test_a_late_invoice_changes_what_travelled_too(here: Shop) -> None:
    with tenant_context(here.tenant):
        made = sent(here, "roll", "12")
        received(here, made, "12")
        moved(here, "roll", "40", "09:00", kind="purchase", worth="8000", recorded="15:00")
        assert level(here.location, here, "roll") == ("28.00", "0.00", "5600.00")
        assert level(made[1], here, "roll") == ("12.00", "0.00", "2400.00")


def test_lots_travel(here: Shop) -> None:
    with tenant_context(here.tenant):
        StockItem.objects.create(item_id=here.variants["roll"].item_id, tracking="lot")
        lot = StockLot.objects.create(variant=here.variants["roll"], code="A1", kind="lot")
        foreign = StockLot.objects.create(variant=here.variants["book"], code="A1", kind="lot")
        moved(here, "roll", "10", "08:00", kind="purchase", worth="1000", lot_id=lot.pk)
        with pytest.raises(ForeignLot):
            sent(here, "roll", "4", lot_id=foreign.pk)
        Location.objects.filter(code="stand").delete()
        made = sent(here, "roll", "4", lot_id=lot.pk)
        received(here, made, "4")
        found = dict(StockLotLevel.objects.filter(lot=lot).values_list("location_id", "on_hand"))
        assert found == {here.location.id: Decimal(6), made[1].pk: Decimal(4)}


def lots_of_roll(shop: Shop) -> None:
    """Three rolls of a lot that lasts until the tenth, four of one that is good until the fifth."""
    StockItem.objects.create(item_id=shop.variants["roll"].item_id, tracking="lot")
    for code, quantity, day in (("LATE", "3", 10), ("SOON", "4", 5)):
        facts: Any = {"variant": shop.variants["roll"], "code": code, "kind": "lot"}
        lot = StockLot.objects.create(**facts, expires_on=dt.date(2026, 3, day))
        moved(shop, "roll", quantity, "08:30", kind="purchase", worth="100", lot_id=lot.pk)


def lines_of(transfer_id: UUID) -> list[tuple[str, str, str, str]]:
    """Lot, quantity, and the quantity and unit that were entered, line by line."""
    document = transfer_document(find_transfer(transfer_id))
    return [
        (line["lot"], line["quantity"], line["entered_quantity"], line["entered_unit"])
        for line in document["lines"]
    ]


def test_what_names_no_lot_takes_those_first_to_expire(here: Shop) -> None:
    with tenant_context(here.tenant):
        lots_of_roll(here)
        made = sent(here, "roll", "3")
        assert lines_of(made[0]) == [("SOON", "3", "3", "each")]
        out = StockMovement.objects.get(document_id=made[0])
        assert (out.is_lot_inferred, out.document_line_id) == (True, made[2])


def test_a_line_that_takes_several_lots_becomes_several_lines(here: Shop) -> None:
    """Forty rolls of before lots were kept are there as well: what no lot is left of goes without one."""
    with tenant_context(here.tenant):
        lots_of_roll(here)
        stand = LocationFactory.create(code="stand")
        roll = TransferLineDraft(variant_id=here.variants["roll"].id, quantity=Decimal(9))
        book = TransferLineDraft(variant_id=here.variants["book"].id, quantity=Decimal(1))
        draft = TransferDraft(from_location_id=here.location.id, to_location_id=stand.id, lines=(roll, book))
        draft_transfer(draft=draft, actor=approver(here), at=at("09:50"))
        send_transfer(transfer_id=draft.id, actor=approver(here), at=at("10:00"))
        assert lines_of(draft.id) == [
            ("SOON", "4", "4", "each"),
            ("", "1", "1", "each"),
            ("LATE", "3", "3", "each"),
            ("", "2", "2", "each"),
        ]
        lines = list(StockTransferLine.objects.filter(transfer_id=draft.id).order_by("position"))
        arrivals = tuple(ArrivalDraft(line_id=line.pk, received=line.quantity) for line in lines)
        receipt = ReceiptDraft(id=new_id(), lines=arrivals, receipts_seen=0)
        receive_transfer(transfer_id=draft.id, draft=receipt, actor=approver(here), at=at("11:00"))
        assert level(stand, here, "roll")[:2] == ("9.00", "0.00")
        there = StockLotLevel.objects.filter(location_id=stand.id).order_by("lot_id")
        codes = dict(StockLot.objects.values_list("id", "code"))
        assert {codes[row.lot_id]: row.on_hand for row in there} == {"SOON": Decimal(4), "LATE": Decimal(3)}


def test_serials_are_named(here: Shop) -> None:
    with tenant_context(here.tenant):
        StockItem.objects.create(item_id=here.variants["roll"].item_id, tracking="serial")
        with pytest.raises(LotRequired) as refused:
            sent(here, "roll", "1")
        assert [problem.pointer for problem in refused.value.errors] == ["/lines/0/lot_id"]


def test_serials_are_named_also_where_the_draft_was_written_before_they_were_kept(here: Shop) -> None:
    with tenant_context(here.tenant):
        stand = LocationFactory.create(code="stand")
        line = TransferLineDraft(variant_id=here.variants["roll"].id, quantity=Decimal(1))
        draft = TransferDraft(from_location_id=here.location.id, to_location_id=stand.id, lines=(line,))
        draft_transfer(draft=draft, actor=approver(here), at=at("09:50"))
        StockItem.objects.create(item_id=here.variants["roll"].item_id, tracking="serial")
        with pytest.raises(LotRequired) as refused:
            send_transfer(transfer_id=draft.id, actor=approver(here), at=at("10:00"))
        assert [problem.pointer for problem in refused.value.errors] == ["/lines/0/lot_id"]


def test_what_cannot_be_sent(here: Shop) -> None:
    with tenant_context(here.tenant):
        line = TransferLineDraft(variant_id=here.variants["roll"].id, quantity=Decimal(1), unit="kg")
        same = TransferDraft(
            from_location_id=here.location.id, to_location_id=here.location.id, lines=(line,)
        )
        with pytest.raises(TransferToItself) as itself:
            draft_transfer(draft=same, actor=approver(here), at=at("09:00"))
        assert [problem.pointer for problem in itself.value.errors] == ["/to_location_id"]
        with pytest.raises(UnknownUnit) as unknown:
            sent(here, "roll", "1", unit="kg")
        assert [problem.pointer for problem in unknown.value.errors] == ["/lines/0/unit"]


def test_a_draft_is_given_up_and_nothing_has_moved(here: Shop) -> None:
    with tenant_context(here.tenant):
        stand = LocationFactory.create(code="stand")
        line = TransferLineDraft(variant_id=here.variants["roll"].id, quantity=Decimal(1))
        draft = TransferDraft(from_location_id=here.location.id, to_location_id=stand.id, lines=(line,))
        draft_transfer(draft=draft, actor=approver(here), at=at("09:00"))
        with pytest.raises(IllegalTransition):
            reject_transfer(transfer_id=draft.id, reason="", actor=approver(here), at=at("09:01"))
        cancel_transfer(transfer_id=draft.id, reason="rain", actor=approver(here), at=at("09:02"))
        with pytest.raises(AlreadyDone) as caught:
            send_transfer(transfer_id=draft.id, actor=approver(here), at=at("09:03"))
        assert caught.value.data["state"] == "cancelled"
        assert not StockMovement.objects.exists()
