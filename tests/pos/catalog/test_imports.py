"""Importing a file: all of it or nothing, once, and told to the feed."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import Forbidden, NotFound
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from pos.catalog.csv_reading import CsvForm
from pos.catalog.errors import ImportRefused
from pos.catalog.models import Barcode, Category, Item, Variant
from pos.catalog.queries import revision
from pos.importing.files import FileReport, import_file
from pos.inventory.models import StockLevel, StockMovement
from tests.factories import LocationFactory
from tests.pos.catalog.csv_files import HEADER, row
from tests.pos.catalog.makers import AT, EDITOR, LATER, READER, category, item, tax_class, variant

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture
def shop(in_cafe: Any) -> Any:
    """A café with two tax classes and one location."""
    tax_class("standard", "0.19")
    tax_class("reduced", "0.07")
    return LocationFactory.create(code="main")


def bring(*rows: str, header: str = HEADER, **said: Any) -> FileReport:
    options: dict[str, Any] = {"form": CsvForm(), "location_code": None, "actor": EDITOR, "at": LATER}
    data = said.pop("data", "\n".join((header, *rows)).encode())
    return import_file(data=data, **(options | said))


def counts(report: FileReport) -> tuple[int, int, int]:
    return tuple(report.catalog.count(word) for word in ("created", "changed", "unchanged"))  # type: ignore[return-value]


def everything() -> list[Any]:
    return [
        list(Category.objects.order_by("pk").values()),
        list(Item.objects.order_by("pk").values()),
        list(Variant.objects.order_by("pk").values()),
        list(Barcode.objects.order_by("pk").values()),
        list(StockMovement.objects.order_by("pk").values()),
        list(StockLevel.objects.order_by("pk").values()),
        log.head(),
        revision(),
    ]


def test_rows_become_items_variants_barcodes_and_stock(shop: Any) -> None:
    report = bring(
        row(variant="klein", sku="E1", barcode="96385074 | PLU1", price="2,40", opening_stock="12"),
        row(variant="groß", sku="E2", price="3,20", active="nein"),
    )
    assert counts(report) == (2, 0, 0)
    found = Item.objects.get()
    assert (found.name, found.category.name, found.category.parent.name) == ("Espresso", "Heiß", "Getränke")
    assert list(found.variants.values_list("sku", "name", "price_minor", "position", "is_active")) == [
        ("E1", "klein", 240, 0, True),
        ("E2", "groß", 320, 1, False),
    ]
    assert list(Barcode.objects.values_list("code", "variant__sku")) == [("96385074", "E1"), ("PLU1", "E1")]
    movement = StockMovement.objects.get()
    assert (movement.kind, movement.quantity, movement.variant.sku) == ("opening", Decimal(12), "E1")
    assert StockLevel.objects.get().on_hand == Decimal(12)


def test_one_fact_tells_of_the_whole_file(shop: Any) -> None:
    before = log.head()
    bring(row(sku="A"), row(item="Tee", sku="B"))
    told, published = log.read_after(before)
    assert (published.t, published.data["entry_count"]) == ("catalog.book_published", 4)
    assert (told.t, told.data) == (
        "catalog.imported",
        {"created": 2, "changed": 0, "unchanged": 0, "changed_by": str(EDITOR.id)},
    )


def test_the_same_file_again_writes_and_tells_nothing(shop: Any) -> None:
    rows = (row(sku="A", barcode="96385074", opening_stock="3"), row(item="Tee", sku="B"))
    bring(*rows)
    before = everything()
    report = bring(*rows)
    assert counts(report) == (0, 0, 2)
    assert (report.opened_count, report.kept_count) == (0, 1)
    assert everything() == before


def test_changes_are_written_and_every_touched_item_gets_the_new_revision(shop: Any) -> None:
    bring(row(sku="A"), row(item="Tee", sku="B"), row(item="Kakao", sku="C"))
    first = revision()
    bring(row(sku="A", price="9,99"), row(item="Tee", sku="B", category="Kalt"), row(item="Kakao", sku="C"))
    assert revision() == first + 1
    assert dict(Item.objects.values_list("name", "revision")) == {
        "Espresso": first + 1,
        "Tee": first + 1,
        "Kakao": first,
    }
    assert Variant.objects.get(sku="A").price_minor == 999
    assert Item.objects.get(name="Tee").category.name == "Kalt"


def test_names_and_barcodes_may_trade_places_in_one_file(shop: Any) -> None:
    bring(
        row(sku="A", variant="klein", barcode="96385074"),
        row(sku="B", variant="groß", barcode="4006381333931"),
    )
    bring(
        row(sku="A", variant="groß", barcode="4006381333931"),
        row(sku="B", variant="klein", barcode="96385074"),
    )
    assert list(Variant.objects.order_by("sku").values_list("sku", "name", "barcodes__code")) == [
        ("A", "groß", "4006381333931"),
        ("B", "klein", "96385074"),
    ]


def test_an_item_whose_variants_all_moved_is_switched_off(shop: Any) -> None:
    bring(row(sku="A", variant="klein"), row(item="Latte", sku="B", variant="groß"))
    report = bring(row(item="Latte", sku="B", variant="groß"), row(item="Latte", sku="A", variant="klein"))
    assert report.catalog.deactivated_count == 1
    assert dict(Item.objects.values_list("name", "is_active")) == {"Espresso": False, "Latte": True}


@pytest.mark.parametrize(
    "bad",
    [
        row(sku="B", item="Tee", price="zwei"),
        row(sku="B", item="Tee", tax_class="standart"),
        row(sku="A", item="Tee"),
        row(sku="B", item="Tee", barcode="4006381333932"),
        row(sku="B", item="Tee", barcode="4006381333931"),
    ],
    ids=["price", "tax class", "sku twice", "check digit", "barcode of another"],
)
def test_one_bad_row_and_nothing_is_imported(shop: Any, bad: str) -> None:
    stift = variant("STIFT", barcodes=("4006381333931",))
    item("Stift", stift, category_id=category("Papier"), tax_class_id=tax_class("other"))
    before = everything()
    with pytest.raises(ImportRefused) as caught:
        bring(row(sku="A"), bad)
    assert [problem.line for problem in caught.value.problems] == [3]
    assert everything() == before


def test_a_dry_run_says_the_same_and_changes_nothing(shop: Any) -> None:
    bring(row(sku="A", opening_stock="3"))
    before = everything()
    rows = (row(sku="A", price="5", opening_stock="3"), row(sku="B", item="Tee", opening_stock="2"))
    dry = bring(*rows, dry_run=True)
    assert everything() == before
    real = bring(*rows)
    assert counts(dry) == counts(real) == (1, 1, 0)
    assert (dry.opened_count, dry.kept_count) == (real.opened_count, real.kept_count) == (1, 1)


def test_opening_stock_is_recorded_once_whatever_later_files_say(shop: Any) -> None:
    bring(row(opening_stock="10"))
    bring(row(opening_stock="25"))
    assert StockLevel.objects.get().on_hand == Decimal(10)


def test_with_several_locations_the_file_needs_to_say_where_stock_is(shop: Any) -> None:
    LocationFactory.create(code="stall")
    with pytest.raises(ImportRefused) as caught:
        bring(row(opening_stock="10"))
    assert [str(problem) for problem in caught.value.problems] == [
        "line 2, opening_stock: say at which location the stock is; the locations are main, stall (given: '10')"
    ]
    with pytest.raises(NotFound):
        bring(row(opening_stock="10"), location_code="nowhere")
    bring(row(opening_stock="10"), location_code="stall")
    assert StockLevel.objects.get().location.code == "stall"


def test_the_unit_of_counted_goods_stays(shop: Any) -> None:
    bring(row(unit="kg", opening_stock="2,5"))
    with pytest.raises(ImportRefused) as caught:
        bring(row(unit="g"))
    assert [str(problem) for problem in caught.value.problems] == [
        "line 2, unit: There were stock movements counted in kg; make a new item instead (given: 'g')"
    ]


def test_only_who_may_write_the_catalogue_imports(shop: Any) -> None:
    for dry_run in (True, False):
        with pytest.raises(Forbidden):
            bring(row(), actor=READER, dry_run=dry_run)
    assert not Item.objects.exists()


FORMS = {
    "utf-8 semicolon": (";", "utf-8", "2,40"),
    "utf-8 with mark": (";", "utf-8-sig", "2,40"),
    "cp1252 semicolon": (";", "cp1252", "2,40"),
    "utf-8 comma": (",", "utf-8", "2.40"),
    "utf-16 tab": ("\t", "utf-16", "2,40"),
}


@pytest.mark.parametrize("form", FORMS)
def test_encodings_delimiters_and_decimal_marks_are_found_out(shop: Any, form: str) -> None:
    delimiter, encoding, price = FORMS[form]
    lines = (HEADER, row(item="Grüner Käse", price=price))
    data = "\r\n".join(line.replace(";", delimiter) for line in lines).encode(encoding)
    bring(data=data)
    assert list(Variant.objects.values_list("item__name", "price_minor")) == [("Grüner Käse", 240)]


def test_two_merchants_import_the_same_file_and_stay_apart(cafe: Any, grocer: Any) -> None:
    for tenant in (cafe, grocer):
        with tenant_context(tenant):
            tax_class("standard")
            bring(row(sku="SAME", item=f"Of {tenant.slug}"))
    for tenant in (cafe, grocer):
        with tenant_context(tenant):
            assert Item.objects.get().name == f"Of {tenant.slug}"


@pytest.mark.parametrize(
    ("example", "file", "classes", "expected"),
    [
        ("cafe", "sortiment.csv", ("standard", "reduced"), (60, 84)),
        ("grocer", "products.csv", ("standard", "reduced", "zero"), (401, 447)),
        ("boutique", "catalogue.csv", ("normal", "reduit"), (250, 1718)),
    ],
)
def test_the_example_catalogues_are_imported_whole(
    in_cafe: Any, example: str, file: str, classes: tuple[str, ...], expected: tuple[int, int]
) -> None:
    for code in classes:
        tax_class(code)
    LocationFactory.create(code="main")
    report = bring(data=(EXAMPLES / example / file).read_bytes(), actor=SYSTEM, at=AT)
    assert (Item.objects.count(), Variant.objects.count()) == expected
    assert counts(report) == (expected[1], 0, 0)


def test_the_number_of_statements_does_not_grow_with_the_rows(shop: Any) -> None:
    def statements(prefix: str, size: int) -> int:
        rows = [row(item=f"{prefix} {number}", sku=f"{prefix}-{number}") for number in range(size)]
        with CaptureQueriesContext(connection) as captured:
            bring(*rows)
        return len(captured)

    statements("warm", 1)
    assert statements("few", 3) == statements("many", 300)


@pytest.mark.parametrize(
    ("header", "given", "told"),
    [
        (HEADER, row(sku="B", item="Tee", barcode="4006381333931"), ("barcode", "4006381333931")),
        (HEADER, row(sku="NEU", item="Stift", category="Papier"), ("variant", "")),
    ],
    ids=["barcode", "variant"],
)
def test_what_others_have_already_is_told_at_its_cell(
    shop: Any, header: str, given: str, told: tuple[str, str]
) -> None:
    stift = variant("STIFT", barcodes=("4006381333931",))
    item("Stift", stift, category_id=category("Papier"), tax_class_id=tax_class("other"))
    with pytest.raises(ImportRefused) as caught:
        bring(given.replace("standard", "other"), header=header)
    assert [(each.line, each.column, each.given) for each in caught.value.problems] == [(2, *told)]
