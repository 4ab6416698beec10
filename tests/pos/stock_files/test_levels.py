"""Files of levels: what is on hand now; the difference becomes movements, and others take them back."""

from decimal import Decimal

import pytest

from fynlo.core.ids import new_id
from fynlo.core.states import IllegalTransition
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.errors import ImportRefused
from pos.catalog.models import Item
from pos.inventory.models import StockItem, StockLevel, StockLot, StockMovement
from pos.inventory.services.adjustments import AdjustmentDraft, AdjustmentLine, adjust_stock
from pos.stock_files.models import StockFileRow
from pos.stock_files.services import apply_file, discard_file, revert_file
from tests.factories import Shop
from tests.pos.stock_files.files import AT, KEEPER, LATER, moved, on_hand, problems, sent, told

pytestmark = pytest.mark.django_db


def adjusted(shop: Shop, name: str, quantity: str) -> None:
    line = AdjustmentLine(variant_id=shop.variants[name].id, quantity=Decimal(quantity))
    draft = AdjustmentDraft(
        id=new_id(), location_id=shop.location.id, reason_code="found", reason="", lines=(line,)
    )
    adjust_stock(draft=draft, actor=KEEPER, at=AT)


def tracked(shop: Shop, name: str, tracking: str = "lot") -> None:
    StockItem.objects.create(item_id=shop.variants[name].item_id, tracking=tracking, shelf_life_days=10)


def test_what_is_there_becomes_openings_and_adjustments(here: Shop) -> None:
    with tenant_context(here.tenant):
        adjusted(here, "cheese", "2")
        file = sent("levels", "sku;on_hand;unit_cost", "ROLL;12;0,215", "cheese;1,5;", "BOOK;0;")
        assert told(file) == (0, 1, 1, 1)
        assert on_hand() == {"CHEESE": "2"}
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        assert on_hand() == {"CHEESE": "1.5", "ROLL": "12"}
        assert moved("reason", "is_valued")[1:] == [
            ("ROLL", "opening", "12", "import: levels.csv", True),
            ("CHEESE", "adjustment", "-0.5", "import: levels.csv", False),
        ]
        assert StockLevel.objects.get(variant__sku="ROLL").value_minor == Decimal(258)
        facts = [item.t for item in log.read_after(0)]
        assert facts[-2:] == ["stock.levels_changed", "stock_file.applied"]


def test_the_rows_say_what_changes(here: Shop) -> None:
    with tenant_context(here.tenant):
        adjusted(here, "cheese", "2")
        file = sent("levels", "sku;on_hand", "ROLL;12", "CHEESE;1,5")
        rows = file.rows.order_by("line")
        assert [(row.line, row.outcome, row.key, row.changes) for row in rows] == [
            (2, "created", "ROLL · main", [{"column": "on_hand", "before": "", "after": "12"}]),
            (3, "changed", "CHEESE · main", [{"column": "on_hand", "before": "2", "after": "1.5"}]),
        ]


def test_levels_are_taken_back_by_movements_that_name_the_files(here: Shop) -> None:
    with tenant_context(here.tenant):
        adjusted(here, "cheese", "2")
        file = sent("levels", "sku;on_hand;unit_cost", "ROLL;12;0,20", "CHEESE;1,5;")
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        adjusted(here, "roll", "-2")
        revert_file(file_id=file.pk, actor=KEEPER, at=LATER)
        assert on_hand() == {"CHEESE": "2", "ROLL": "-2"}
        mine = StockMovement.objects.filter(document_id=file.pk, reversed_before=None).order_by("id")
        backs = StockMovement.objects.filter(document_id=file.pk, reversed_before=0).order_by("id")
        assert {row.original_id for row in backs} == {row.pk for row in mine}
        assert {row.business_date for row in backs} == {LATER.date()}
        with pytest.raises(IllegalTransition):
            revert_file(file_id=file.pk, actor=KEEPER, at=LATER)


def test_a_file_says_what_is_there_when_it_is_applied(here: Shop) -> None:
    with tenant_context(here.tenant):
        adjusted(here, "roll", "10")
        file = sent("levels", "sku;on_hand", "ROLL;10")
        assert told(file) == (0, 0, 0, 1)
        adjusted(here, "roll", "-3")
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        assert on_hand() == {"ROLL": "10"}


def test_units_and_costs_of_units_are_converted(here: Shop) -> None:
    with tenant_context(here.tenant):
        crate = {"code": "crate", "name": "Crate", "numerator": 24, "denominator": 1}
        Item.objects.filter(variants=here.variants["roll"].id).update(units=[crate])
        file = sent("levels", "sku,on_hand,unit,unit_cost", "ROLL,2,crate,4.80", "CHEESE,250,g,0.0021")
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        values = dict(StockLevel.objects.values_list("variant__sku", "value_minor"))
        assert (on_hand(), values) == (
            {"ROLL": "48", "CHEESE": "0.25"},
            {"ROLL": Decimal(960), "CHEESE": Decimal("52.5")},
        )


def test_lots_are_made_and_set_by_themselves(here: Shop) -> None:
    with tenant_context(here.tenant):
        tracked(here, "roll")
        file = sent(
            "levels",
            "sku;on_hand;lot;expires_on",
            "ROLL;5;L1;2026-07-10",
            "ROLL;3;L2;",
            "ROLL;1;;",
        )
        assert told(file) == (0, 3, 0, 0)
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        assert [(lot.code, str(lot.expires_on)) for lot in StockLot.objects.order_by("code")] == [
            ("L1", "2026-07-10"),
            ("L2", "2026-07-11"),
        ]
        assert on_hand() == {"ROLL": "9"}
        again = sent("levels", "sku;on_hand;lot", "ROLL;4;L1", "ROLL;1;")
        assert told(again) == (0, 0, 1, 1)
        apply_file(file_id=again.pk, actor=KEEPER, at=AT)
        assert on_hand() == {"ROLL": "8"}


@pytest.mark.parametrize("cost", ["9" * 18, "9" * 30], ids=["eighteen digits", "thirty digits"])
def test_a_cost_nobody_can_count_to_is_a_problem_of_its_row(here: Shop, cost: str) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", "sku;on_hand;unit_cost", f"ROLL;1;{cost}")
        assert [(line, column) for line, column, *_ in problems(file)] == [(2, "unit_cost")]


def test_everything_that_is_wrong_is_told_at_once_and_nothing_moves(here: Shop) -> None:
    with tenant_context(here.tenant):
        tracked(here, "book", "serial")
        file = sent(
            "levels",
            "sku;location;on_hand;unit;unit_cost;lot;expires_on",
            "ROLL;main;NaN;;;;",
            "GONE;nowhere;1;;;;",
            "ROLL;main;1,5;;;;",
            "CHEESE;main;1;ml;;;",
            "CHEESE;main;-1;;;;",
            "CHEESE;main;1;;-2;;",
            "CHEESE;main;1;;;L1;",
            "CHEESE;main;1;;;;soon",
            "CHEESE;main;1;;;;2026-12-24",
            "BOOK;main;2;;;S1;",
            "CAPPUCCINO;main;1;;;;",
            "cappuccino;MAIN;2;;;;",
            "CAPPUCCINO;main;1;;;;;extra",
        )
        reasons = [(line, column, given) for line, column, _, given in problems(file)]
        assert reasons == [
            (2, "on_hand", "NaN"),
            (3, "sku", "GONE"),
            (3, "location", "nowhere"),
            (4, "on_hand", "1.5"),
            (5, "unit", "ml"),
            (6, "on_hand", "-1"),
            (7, "unit_cost", "-2"),
            (8, "lot", "L1"),
            (9, "expires_on", "soon"),
            (10, "expires_on", "2026-12-24"),
            (11, "on_hand", "2"),
            (13, "sku", "CAPPUCCINO · main"),
            (14, "", "extra"),
        ]
        assert problems(file)[1][2] == "there is no variant with this SKU"
        assert problems(file)[11][2] == "the same sku, location, lot is already in line 12"
        assert file.summary["problem_count"] == 13
        with pytest.raises(ImportRefused) as refused:
            apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        assert refused.value.count == 13
        assert not StockMovement.objects.exists()
        assert not StockLevel.objects.exists()


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 0, "the file is empty"),
        (
            b"name;price\nx;1\n",
            1,
            "the first line names no known column; the columns are sku, location, on_hand",
        ),
        (b"sku\nROLL\n", 1, "this column is needed but missing"),
        (b"sku;on_hand\n", 1, "there is no row below the header"),
        (b'sku;on_hand\n"ROLL;1\n', 2, "a quoted text begins here and does not end"),
        (b"PK\x03\x04broken", 0, "this is no workbook and no ZIP file that can be read"),
        (b"%PDF-1.7", 0, "this is a PDF, not a CSV file"),
    ],
    ids=["empty", "columns", "no column", "no row", "quotes", "archive", "pdf"],
)
def test_broken_files_say_where(here: Shop, data: bytes, line: int, reason: str) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", data=data)
        assert not file.summary["can_apply"]
        first = problems(file)[0]
        assert (first[0], first[2][: len(reason)]) == (line, reason)
        assert not StockMovement.objects.exists()


def test_a_location_is_named_by_the_row_or_with_the_file(here: Shop) -> None:
    from tests.factories import LocationFactory

    with tenant_context(here.tenant):
        LocationFactory.create(code="second")
        file = sent("levels", "sku;on_hand", "ROLL;1")
        assert problems(file) == [
            (2, "location", "say at which location; the locations are main, second", "")
        ]
        named = sent("levels", "sku;location;on_hand", "ROLL;;1", "ROLL;second;2", location="main")
        assert [row.key for row in named.rows.order_by("line")] == ["ROLL · main", "ROLL · second"]


def test_a_discarded_file_leaves_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("levels", "sku;on_hand", "ROLL;1")
        discard_file(file_id=file.pk, actor=KEEPER)
        file.refresh_from_db()
        assert (file.state, file.content, StockFileRow.objects.count()) == ("discarded", None, 0)
        with pytest.raises(IllegalTransition):
            apply_file(file_id=file.pk, actor=KEEPER, at=AT)
