"""Files of targets, suppliers, what they sell, and orders: brought in, compared, taken back."""

from decimal import Decimal

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.errors import ChangedSince
from pos.inventory.count_drafts import CountDraft
from pos.inventory.models import StockCount, StockCountEntry, StockTarget
from pos.inventory.services.count_opening import open_count
from pos.purchasing.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierItem
from pos.stock_files.errors import StockFileOutdated
from pos.stock_files.models import StockFile
from pos.stock_files.services import apply_file, revert_file
from tests.factories import Shop
from tests.pos.stock_files.files import AT, COUNTER, KEEPER, LATER, plain, problems, sent, told

pytestmark = pytest.mark.django_db


def applied(kind: str, *lines: str) -> StockFile:
    file = sent(kind, *lines)
    assert problems(file) == []
    return apply_file(file_id=file.pk, actor=KEEPER, at=AT)


def revert(file: StockFile, *, force: bool = False) -> list[str]:
    kept: list[str] = revert_file(file_id=file.pk, actor=KEEPER, at=LATER, force=force).summary["kept"]
    return kept


def targets() -> dict[str, tuple[str | None, str | None, int | None]]:
    return {
        row.variant.sku: (
            row.reorder_point and plain(row.reorder_point),
            row.par_level and plain(row.par_level),
            row.lead_time_days,
        )
        for row in StockTarget.objects.select_related("variant")
    }


def test_targets_are_brought_in_changed_and_taken_back(here: Shop) -> None:
    with tenant_context(here.tenant):
        applied("targets", "sku;reorder_point;par_level;lead_time_days", "ROLL;6;24;2", "CHEESE;0,5;;")
        assert targets() == {"ROLL": ("6", "24", 2), "CHEESE": ("0.5", None, None)}
        second = sent("targets", "sku;reorder_point", "ROLL;8", "CHEESE;", "BOOK;1")
        assert told(second) == (0, 1, 2, 0)
        apply_file(file_id=second.pk, actor=KEEPER, at=AT)
        assert targets() == {"ROLL": ("8", "24", 2), "BOOK": ("1", None, None)}
        assert revert(second) == []
        assert targets() == {"ROLL": ("6", "24", 2), "CHEESE": ("0.5", None, None)}


def test_what_somebody_changed_since_is_not_simply_taken_back(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = applied("targets", "sku;reorder_point", "ROLL;6", "BOOK;1")
        StockTarget.objects.filter(variant__sku="ROLL").update(reorder_point=7)
        with pytest.raises(ChangedSince, match="ROLL · main"):
            revert(file)
        assert len(targets()) == 2
        revert(file, force=True)
        assert targets() == {}


def test_a_file_that_would_now_do_something_else_is_looked_at_again(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("targets", "sku;reorder_point", "ROLL;6")
        StockTarget.objects.create(
            variant_id=here.variants["roll"].id, location_id=here.location.id, reorder_point=9
        )
        with pytest.raises(StockFileOutdated):
            apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        file.refresh_from_db()
        assert (file.state, told(file)) == ("staged", (0, 0, 1, 0))
        apply_file(file_id=file.pk, actor=KEEPER, at=AT)
        assert targets() == {"ROLL": ("6", None, None)}


def test_targets_that_cannot_be(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent(
            "targets", "sku;reorder_point;par_level;lead_time_days", "ROLL;9;5;", "GONE;1;;", "BOOK;-1;;x"
        )
        assert problems(file) == [
            (2, "par_level", "this is less than reorder_point", "5"),
            (3, "sku", "there is no variant with this SKU", "GONE"),
            (4, "reorder_point", "a negative number is not possible here", "-1"),
            (4, "lead_time_days", "is not a whole number", "x"),
        ]


SUPPLIERS = (
    "code;name;email;address;minimum_order;lead_time_days",
    "MILL;Mühle Nord;post@muehle.example;Am Bach 1 | 10115 Berlin;50,00;2",
    "DAIRY;Molkerei;;;;",
)


def test_suppliers_are_brought_in_changed_and_taken_back(here: Shop) -> None:
    with tenant_context(here.tenant):
        first = applied("suppliers", *SUPPLIERS)
        mill = Supplier.objects.get(code="MILL")
        assert (mill.address, mill.minimum_order_minor, mill.lead_time_days, mill.currency) == (
            ["Am Bach 1", "10115 Berlin"],
            5000,
            2,
            "EUR",
        )
        again = sent("suppliers", "code;name;phone", "mill;Mühle Nord;030 1", "DAIRY;Molkerei;")
        assert told(again) == (0, 0, 1, 1)
        apply_file(file_id=again.pk, actor=KEEPER, at=AT)
        mill.refresh_from_db()
        assert (mill.code, mill.phone, mill.email) == ("MILL", "030 1", "post@muehle.example")
        revert(again)
        mill.refresh_from_db()
        assert mill.phone == ""
        assert (revert(first), Supplier.objects.count()) == ([], 0)


def test_a_supplier_who_is_in_use_stays_out_of_use(here: Shop) -> None:
    with tenant_context(here.tenant):
        first = applied("suppliers", *SUPPLIERS)
        applied("supplier_items", "supplier;sku;pack_price", "MILL;ROLL;1,20")
        assert revert(first) == ["MILL"]
        assert list(Supplier.objects.values_list("code", "is_active")) == [("MILL", False)]


def test_suppliers_that_cannot_be(here: Shop) -> None:
    with tenant_context(here.tenant):
        file = sent("suppliers", "code;name;email", "A;;", "B;Bee;nobody", "C;Sea;", "c;Sea again;")
        assert problems(file) == [
            (2, "name", "may not be empty", ""),
            (3, "email", "is no e-mail address", "nobody"),
            (5, "code", "the same code is already in line 4", "c"),
        ]


def test_what_suppliers_sell_is_brought_in_and_taken_back(here: Shop) -> None:
    with tenant_context(here.tenant):
        applied("suppliers", *SUPPLIERS)
        applied("supplier_items", "supplier;sku;preferred", "DAIRY;CHEESE;yes")
        file = applied(
            "supplier_items",
            "supplier;sku;supplier_code;pack_name;pack_size;pack_unit;pack_price;preferred",
            "MILL;ROLL;R-30;Tray;30;;9,605;yes",
            "mill;CHEESE;;Bag;500;g;4,00;yes",
        )
        rows = SupplierItem.objects.filter(supplier__code="MILL").order_by("variant__sku")
        assert [
            (row.variant.sku, row.pack_name, plain(row.pack_size), row.pack_unit, row.pack_price_minor)
            for row in rows
        ] == [
            ("CHEESE", "Bag", "500", "g", Decimal(400)),
            ("ROLL", "Tray", "30", "each", Decimal("960.5")),
        ]
        preferred = SupplierItem.objects.filter(variant__sku="CHEESE", is_preferred=True)
        assert preferred.get().supplier.code == "MILL"
        assert revert(file) == []
        assert SupplierItem.objects.filter(supplier__code="MILL").count() == 0
        assert preferred.get().supplier.code == "DAIRY"


def test_supplier_items_that_cannot_be(here: Shop) -> None:
    with tenant_context(here.tenant):
        applied("suppliers", *SUPPLIERS)
        file = sent(
            "supplier_items",
            "supplier;sku;pack_size;pack_unit;pack_price;preferred",
            "NOBODY;GONE;1;;1;",
            "MILL;ROLL;0;;1;",
            "MILL;CHEESE;1;ml;1;yes",
            "MILL;BOOK;1;;NaN;",
            "DAIRY;CAPPUCCINO;1;;1;yes",
            "MILL;CAPPUCCINO;1;;1;yes",
        )
        assert [(line, column, given) for line, column, _, given in problems(file)] == [
            (2, "supplier", "NOBODY"),
            (2, "sku", "GONE"),
            (3, "pack_size", "0"),
            (4, "pack_unit", "ml"),
            (5, "pack_price", "NaN"),
            (7, "preferred", "yes"),
        ]


def test_orders_are_written_as_drafts_and_cancelled(here: Shop) -> None:
    with tenant_context(here.tenant):
        applied("suppliers", *SUPPLIERS)
        applied("supplier_items", "supplier;sku;pack_size;pack_price", "MILL;ROLL;30;9,60")
        file = applied(
            "purchase_orders",
            "order;supplier;sku;packs;pack_price;expected_on",
            "A;MILL;ROLL;2;;2026-07-03",
            "B;DAIRY;CHEESE;5;8,00;",
            "A;MILL;BOOK;1;6,00;2026-07-03",
        )
        lines = PurchaseOrderLine.objects.order_by("order__supplier__code", "position")
        assert [
            (row.order.supplier.code, row.sku, plain(row.quantity), row.pack_price_minor) for row in lines
        ] == [
            ("DAIRY", "CHEESE", "5", Decimal(800)),
            ("MILL", "ROLL", "60", Decimal(960)),
            ("MILL", "BOOK", "1", Decimal(600)),
        ]
        assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {"draft"}
        assert revert(file) == []
        assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {"cancelled"}


def test_orders_that_cannot_be(here: Shop) -> None:
    with tenant_context(here.tenant):
        applied("suppliers", *SUPPLIERS)
        file = sent(
            "purchase_orders",
            "order;supplier;sku;packs",
            "A;MILL;ROLL;1",
            "A;DAIRY;CHEESE;1",
            "A;MILL;ROLL;2",
            "B;NOBODY;GONE;0",
            "C;MILL;ROLL;",
        )
        assert [(line, column, given) for line, column, _, given in problems(file)] == [
            (3, "supplier", "DAIRY"),
            (4, "order", "A · ROLL"),
            (5, "packs", "0"),
            (6, "packs", ""),
        ]
        assert PurchaseOrder.objects.count() == 0


def counted(shop: Shop) -> StockCount:
    draft = CountDraft(id=new_id(), kind="spot", location_id=shop.location.id)
    open_count(draft=draft, actor=COUNTER, at=AT)
    return StockCount.objects.get(pk=draft.id)


def entries(count: StockCount) -> dict[str, str]:
    found: dict[str, Decimal] = {}
    for entry in StockCountEntry.objects.filter(count=count, voids=None, voided_by=None):
        found[entry.line.variant.sku] = found.get(entry.line.variant.sku, Decimal(0)) + entry.quantity
    return {sku: plain(quantity) for sku, quantity in found.items()}


def test_what_was_counted_elsewhere_becomes_entries_and_is_taken_back(here: Shop) -> None:
    with tenant_context(here.tenant):
        count = counted(here)
        lines = [f"{count.number};{rest}" for rest in ("ROLL;4;;", "ROLL;3;;back", "CHEESE;250;g;")]
        file = sent("counts", "count;sku;quantity;unit;zone", *lines)
        assert problems(file) == []
        apply_file(file_id=file.pk, actor=COUNTER, at=AT)
        assert entries(count) == {"ROLL": "7", "CHEESE": "0.25"}
        revert_file(file_id=file.pk, actor=COUNTER, at=LATER)
        assert entries(count) == {}


def test_entries_that_cannot_be(here: Shop) -> None:
    with tenant_context(here.tenant):
        count = counted(here)
        file = sent(
            "counts",
            "count;sku;quantity;unit",
            "999;ROLL;1;",
            f"{count.number};GONE;1;",
            f"{count.number};ROLL;-1;",
            f"{count.number};ROLL;1;ml",
        )
        assert [(line, column, given) for line, column, _, given in problems(file)] == [
            (2, "count", "999"),
            (3, "sku", "GONE"),
            (4, "quantity", "-1"),
            (5, "unit", "ml"),
        ]
