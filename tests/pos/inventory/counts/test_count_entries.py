"""Counting itself: zones and as of when, scans and units, lots, entries taken back, what may be counted."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Barcode
from pos.inventory import states
from pos.inventory.count_drafts import CountScope, EntryDraft
from pos.inventory.models import (
    StockCountEntry,
    StockCountLine,
    StockCountResult,
    StockItem,
    StockLot,
    StockLotLevel,
)
from pos.inventory.queries.count_scope import variants_in_scope
from pos.inventory.queries.counts import count_lines, find_count, line_document
from pos.inventory.services.count_entering import void_entry
from tests.factories import Shop
from tests.pos.inventory.counts.shelves import (
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


@pytest.mark.parametrize(
    ("kind", "quantity", "clock", "result"),
    [
        ("sale", "-1", "09:55", "25"),
        ("sale", "-1", "10:15", "25"),
        ("sale", "-1", "10:45", "24"),
        ("purchase", "6", "09:55", "25"),
        ("purchase", "6", "10:20", "31"),
        ("purchase", "6", "10:45", "31"),
    ],
)
def test_the_cellar_is_counted_before_the_shop(
    here: Shop, kind: str, quantity: str, clock: str, result: str
) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="30")
        count = opened(here, selling_zone="shop")
        counted(here, count, entry(here, "roll", "20", "10:00", zone="cellar"))
        counted(here, count, entry(here, "roll", "5", "10:30", zone="shop"))
        moved(here, "roll", quantity, clock, kind=kind)
        closed(here, count)
        assert on_hand(here, "roll") == Decimal(result)
        assert StockCountResult.objects.get().counted_at == at("10:30")


@pytest.mark.parametrize(
    ("kind", "quantity", "clock", "result"),
    [
        ("sale", "-1", "10:15", "24"),
        ("purchase", "6", "10:15", "25"),
        ("purchase", "6", "10:45", "31"),
    ],
)
def test_the_shop_is_counted_before_the_cellar(
    here: Shop, kind: str, quantity: str, clock: str, result: str
) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="30")
        count = opened(here, selling_zone="shop")
        counted(here, count, entry(here, "roll", "5", "10:00", zone="shop"))
        counted(here, count, entry(here, "roll", "20", "10:30", zone="cellar"))
        moved(here, "roll", quantity, clock, kind=kind)
        closed(here, count)
        assert on_hand(here, "roll") == Decimal(result)
        assert StockCountResult.objects.get().counted_at == at("10:00")


def test_a_scan_counts_what_its_code_stands_for(here: Shop) -> None:
    with tenant_context(here.tenant):
        roll = here.variants["roll"]
        roll.item.units = [{"code": "case", "name": "Case", "numerator": 24, "denominator": 1}]
        roll.item.save()
        Barcode.objects.create(variant=roll, code="4006381333931", unit="case", multiplier=24)
        count = opened(here)
        scan = EntryDraft(id=new_id(), counted_at=at("10:00"), code="4006381333931")
        twice = EntryDraft(id=new_id(), counted_at=at("10:01"), code="4006381333931", quantity=Decimal(2))
        typed = EntryDraft(id=new_id(), counted_at=at("10:02"), code="roll", quantity=Decimal(3))
        cases = entry(here, "roll", "0.5", "10:03", unit="case")
        told = counted(here, count, scan, twice, typed, cases)
        assert [(each["quantity"], each["entered_unit"]) for each in told["entries"]] == [
            ("24", "case"),
            ("48", "case"),
            ("3", "each"),
            ("12", "case"),
        ]
        closed(here, count)
        assert on_hand(here, "roll") == Decimal(87)


def test_an_entry_is_taken_back_by_another(here: Shop) -> None:
    with tenant_context(here.tenant):
        count, wrong = opened(here), entry(here, "roll", "100", "10:00")
        counted(here, count, wrong, entry(here, "roll", "4", "10:01"))
        for _ in range(2):
            void_entry(
                count_id=count, entry_id=wrong.id, void_id=new_id(), actor=counter(here), at=at("10:02")
            )
        assert StockCountEntry.objects.count() == 3
        closed(here, count)
        assert on_hand(here, "roll") == Decimal(4)


def test_a_blind_count_tells_nothing_before_it_is_submitted(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, roll="40")
        scope = CountScope(variant_ids=(here.variants["roll"].id,))
        count = opened(here, kind="blind", scope=scope)
        seen = opened(here, kind="full", scope=scope)
        counted(here, count, entry(here, "roll", "38", "10:00"))

        def told(key: Any) -> list[Any]:
            found = find_count(key)
            return [line_document(line, count=found) for line in count_lines(found)]

        assert [(line["expected"], line["difference"]) for line in told(count)] == [(None, None)]
        assert [(line["expected"], line["counted"]) for line in told(seen)] == [("40", None)]
        submitted(here, count)
        assert [(line["expected"], line["difference"]) for line in told(count)] == [("40", "-2")]


def test_lots_are_counted_by_lot_and_what_has_none_goes(here: Shop) -> None:
    with tenant_context(here.tenant):
        roll = here.variants["roll"]
        StockItem.objects.create(item_id=roll.item_id, tracking="lot")
        old = StockLot.objects.create(variant=roll, code="OLD", kind="lot")
        moved(here, "roll", "10", "08:00", kind="purchase", worth="1000", lot_id=old.pk)
        moved(here, "roll", "-2", "08:30")
        count = opened(here, scope=CountScope(variant_ids=(roll.id,)))
        counted(here, count, entry(here, "roll", "7", "10:00", lot="OLD"))
        counted(here, count, entry(here, "roll", "5", "10:05", lot="NEW"))
        closed(here, count)
        lots = dict(StockLotLevel.objects.values_list("lot__code", "on_hand"))
        assert lots == {"OLD": Decimal(7), "NEW": Decimal(5)}
        assert on_hand(here, "roll") == Decimal(12)
        results = StockCountResult.objects.order_by("quantity").values_list("quantity", "counted_at")
        assert list(results) == [(Decimal(each), at("10:05")) for each in (5, 7, 12)]
        # A late sale of an unknown lot, of before: all lots were counted, so it is in the count.
        moved(here, "roll", "-1", "09:00", recorded="20:00")
        assert on_hand(here, "roll") == Decimal(12)


def test_a_lot_that_was_not_counted_stays(here: Shop) -> None:
    with tenant_context(here.tenant):
        roll = here.variants["roll"]
        StockItem.objects.create(item_id=roll.item_id, tracking="lot")
        for code, quantity in (("A", "10"), ("B", "4")):
            lot = StockLot.objects.create(variant=roll, code=code, kind="lot")
            moved(here, "roll", quantity, "08:00", kind="purchase", worth="100", lot_id=lot.pk)
        count = opened(here, scope=CountScope(variant_ids=(roll.id,)))
        counted(here, count, entry(here, "roll", "9", "10:00", lot="A"))
        closed(here, count)
        assert movements(here, "roll") == [("-1", "10:00")]
        assert on_hand(here, "roll") == Decimal(13)
        assert StockCountResult.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "pointer", "code"),
    [
        ({"variant_id": None}, "/entries/0/variant_id", "unknown_goods"),
        ({"variant_id": None, "code": "404"}, "/entries/0/code", "unknown_goods"),
        ({"unit": "kg"}, "/entries/0/unit", "unknown_unit"),
        ({"lot": "A"}, "/entries/0/lot", "foreign_lot"),
        ({"quantity": Decimal(-1)}, "/entries/0/quantity", "quantity_out_of_range"),
        ({"quantity": Decimal(10) ** 12}, "/entries/0/quantity", "quantity_out_of_range"),
        ({"counted_at": at("18:03")}, "/entries/0/counted_at", "time_out_of_range"),
        ({"counted_at": at("08:49")}, "/entries/0/counted_at", "time_out_of_range"),
    ],
)
def test_what_cannot_be_counted(here: Shop, facts: dict[str, Any], pointer: str, code: str) -> None:
    with tenant_context(here.tenant):
        count = opened(here)
        values: dict[str, Any] = {
            "id": new_id(),
            "counted_at": at("10:00"),
            "variant_id": here.variants["roll"].id,
            "quantity": Decimal(1),
        }
        with pytest.raises(DomainError) as caught:
            counted(here, count, EntryDraft(**(values | facts)), entry(here, "book", "1", "10:00"))
        assert [(each.pointer, each.code) for each in caught.value.errors] == [(pointer, code)]
        assert caught.value.status == 422
        assert not StockCountEntry.objects.exists()
        assert not StockCountLine.objects.exists()


def test_an_item_without_stock_is_in_no_count(here: Shop) -> None:
    with tenant_context(here.tenant):
        StockItem.objects.create(item_id=here.variants["roll"].item_id, policy="untracked")
        everything = variants_in_scope(scope=CountScope(), location_id=here.location.id)
        others = {variant.id for name, variant in here.variants.items() if name != "roll"}
        assert set(everything) == others
        with pytest.raises(DomainError) as caught:
            counted(here, opened(here), entry(here, "roll", "1", "10:00"))
        assert caught.value.code == "not_stocked"


def test_what_was_counted_longest_ago_comes_first_and_value_classes(here: Shop) -> None:
    with tenant_context(here.tenant):
        stocked(here, book="85", cheese="11", roll="4")
        for name, clock in (("book", "10:00"), ("cheese", "11:00"), ("roll", "12:00")):
            count = opened(here)
            counted(here, count, entry(here, name, str(on_hand(here, name)), clock))
            closed(here, count)
        by_name = {variant.id: name for name, variant in here.variants.items()}

        def found(**facts: Any) -> list[str]:
            keys = variants_in_scope(scope=CountScope(**facts), location_id=here.location.id)
            return [by_name[key] for key in keys]

        assert found() == ["cappuccino", "book", "cheese", "roll"]
        assert found(limit=2) == ["cappuccino", "book"]
        assert found(value_classes=("A",)) == ["book"]
        assert found(value_classes=("B",)) == ["cheese"]
        assert found(value_classes=("C",)) == ["cappuccino", "roll"]


@pytest.mark.parametrize(("page", "life"), [("counting", states.COUNT), ("transfers", states.TRANSFER)])
def test_the_page_tells_the_life_as_it_is(page: str, life: Any) -> None:
    text = Path(f"docs/concepts/{page}.md").read_text()
    rows = "\n".join(f"| {before} | {event} | {after} |" for before, event, after in life.table())
    assert rows in text
