"""What people type and scan finds the right variant first."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from pos.catalog.barcodes import check_digit
from pos.catalog.models import Barcode, BarcodePattern, Category, Item, TaxClass, Variant
from pos.catalog.queries.scans import read_scan
from pos.catalog.queries.search import search_variants
from pos.catalog.searching import search_text
from pos.catalog.services.publishing import ensure_book

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 25, 12)  # noqa: DTZ001 - a clock on the wall


def sold(
    name: str,
    sku: str,
    *,
    variant: str = "",
    unit: str = "each",
    price: int = 100,
    codes: tuple[str, ...] = (),
) -> Variant:
    """An item with one variant, as the services write it."""
    category, _ = Category.objects.get_or_create(name="All", parent=None)
    tax, _ = TaxClass.objects.get_or_create(code="t", defaults={"name": "T", "rate": Decimal(0)})
    item = Item.objects.create(category=category, tax_class=tax, name=name, unit=unit)
    row = Variant.objects.create(
        item=item,
        name=variant,
        sku=sku,
        price_minor=price,
        search_text=search_text(item_name=name, variant_name=variant, sku=sku),
    )
    for code in codes:
        Barcode.objects.create(id=new_id(), variant=row, code=code)
    return row


def names(text: str, **kwargs: Any) -> list[tuple[str, str]]:
    """SKU and the way it was found."""
    return [(hit.sku, hit.found_by) for hit in search_variants(text=text, at=AT, **kwargs)]


@pytest.fixture
def shelf(in_cafe: Any) -> None:
    """A few things whose names look alike."""
    sold("Cappuccino", "CAP-S", variant="small")
    sold("Cappuccino to go", "CAP-GO")
    sold("Crème brûlée", "DES-1", codes=("4006381333931",))
    sold("Espresso", "ESP")
    sold("Green tea", "TEA-GR")
    sold("Tee, green", "TEE-GR")


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cappuccino", [("CAP-S", "name"), ("CAP-GO", "name")]),
        ("capucino", [("CAP-S", "similar"), ("CAP-GO", "similar")]),
        ("cappuccion", [("CAP-S", "similar"), ("CAP-GO", "similar")]),
        ("CREME BRULEE", [("DES-1", "name")]),
        ("creme brule", [("DES-1", "name")]),
        ("cremé brülle", [("DES-1", "similar")]),
        ("expresso", [("ESP", "similar")]),
        ("esp", [("ESP", "sku")]),
        ("cap-go", [("CAP-GO", "sku")]),
        ("capgo", [("CAP-GO", "name")]),
        ("go capp", [("CAP-GO", "name")]),
        ("4006381333931", [("DES-1", "barcode")]),
        ("04006381333931", [("DES-1", "barcode")]),
        ("zzzz", []),
        ("%", []),
        ("", []),
    ],
)
def test_what_is_meant_comes_first(text: str, found: list[tuple[str, str]]) -> None:
    assert names(text)[: len(found)] == found
    assert bool(names(text)) == bool(found)


@pytest.mark.usefixtures("shelf")
def test_what_is_no_longer_sold_is_left_out_on_request() -> None:
    Variant.objects.filter(sku="ESP").update(is_active=False)
    assert names("espresso") == [("ESP", "name")]
    assert names("espresso", only_active=True) == []


@pytest.mark.usefixtures("shelf")
def test_a_search_is_a_fixed_number_of_statements_and_a_limit_holds() -> None:
    counts = set()
    for extra in range(3):
        for place in range(extra):
            sold(f"Cappuccino {extra} {place}", f"X{extra}{place}")
        with CaptureQueriesContext(connection) as asked:
            search_variants(text="capucino", at=AT)
        counts.add(len(asked))
    assert counts == {7}  # code, SKU, words, and misspelled words with their settings in a savepoint
    assert len(names("cappuccino", limit=1)) == 1


def test_a_barcode_of_the_catalogue_comes_before_every_pattern(in_cafe: Any) -> None:
    sold("Salami", "SAL", codes=("2112345003351",))
    BarcodePattern.objects.create(name="Scale", pattern="21IIIIIWW.WWWC")
    scan = read_scan(code="2112345003351", currency="EUR", at=AT)
    assert (scan.read_by, scan.variant and scan.variant.sku, scan.quantity) == ("barcode", "SAL", Decimal(1))


@pytest.mark.parametrize("article", ["12345", "2112345000008"], ids=["number", "base-code"])
def test_a_scale_label_gives_the_exact_weight(in_cafe: Any, article: str) -> None:
    sold("Salami", "SAL", unit="kg", price=1299, codes=(article,))
    BarcodePattern.objects.create(name="Scale", pattern="21IIIIIWW.WWWC")
    scan = read_scan(code="2112345003351", currency="EUR", at=AT)
    assert (scan.read_by, scan.pattern, scan.quantity, scan.problem) == (
        "pattern",
        "Scale",
        Decimal("0.335"),
        "",
    )


def test_a_weight_is_given_in_what_the_article_is_sold_by(in_cafe: Any) -> None:
    sold("Saffron", "SAF", unit="g", price=9, codes=("12345",))
    sold("Mug", "MUG", codes=("54321",))
    BarcodePattern.objects.create(name="Scale", pattern="21IIIIIWW.WWWC")
    assert read_scan(code="2112345003351", currency="EUR", at=AT).quantity == Decimal(335)
    scan = read_scan(code="215432100335" + check_digit("215432100335"), currency="EUR", at=AT)
    assert (scan.quantity, scan.problem) == (None, "The article is sold by each, not by weight.")


def test_a_printed_price_is_kept_and_the_weight_worked_out(in_cafe: Any) -> None:
    sold("Salami", "SAL", unit="kg", price=1299, codes=("12345",))
    BarcodePattern.objects.create(name="Label", pattern="02IIIIIPPP.PPC")
    scan = read_scan(code="021234500435" + check_digit("021234500435"), currency="EUR", at=AT)
    assert (scan.amount_minor, scan.quantity) == (435, Decimal("0.334873"))


def test_patterns_are_tried_in_their_order_until_one_names_an_article(in_cafe: Any) -> None:
    sold("Salami", "SAL", unit="kg", price=1299, codes=("345",))
    BarcodePattern.objects.create(name="First", pattern="21IIIIIWW.WWWC", position=0)
    BarcodePattern.objects.create(name="Second", pattern="2112IIIWW.WWWC", position=1)
    scan = read_scan(code="2112345003351", currency="EUR", at=AT)
    assert (scan.pattern, scan.variant and scan.variant.sku) == ("Second", "SAL")


def test_gs1_brings_lot_expiry_and_weight(in_cafe: Any) -> None:
    sold("Ham", "HAM", unit="kg", price=2000, codes=("4006381333931",))
    scan = read_scan(code="(01)04006381333931(10)L7(17)261231(3103)000250", currency="EUR", at=AT)
    assert (scan.read_by, scan.lot, str(scan.use_by), scan.quantity) == (
        "gs1",
        "L7",
        "2026-12-31",
        Decimal("0.250"),
    )


def test_an_unknown_code_says_so(in_cafe: Any) -> None:
    assert read_scan(code="999", currency="EUR", at=AT).problem == "The catalogue has no such code."
    assert (
        read_scan(code="(01)04006381333931", currency="EUR", at=AT).problem
        == "The catalogue has no such article."
    )


def test_what_was_there_before_the_search_is_found_from_the_first_price_book_on(in_cafe: Any) -> None:
    sold("Crème brûlée", "DES-1")
    Variant.objects.update(search_text="")
    assert names("creme") == []
    ensure_book()
    assert names("creme") == [("DES-1", "name")]


@pytest.mark.parametrize(("hour", "price"), [(11, 1000), (12, 2000)])
def test_a_scheduled_price_holds_in_search_and_scan_from_its_hour_on(
    in_cafe: Any, hour: int, price: int
) -> None:
    row = sold("Salami", "SAL", unit="kg", price=1000, codes=("12345",))
    row.scheduled_prices = [{"starts_at": "2026-11-25T12:00", "price_minor": 2000}]
    row.save()
    BarcodePattern.objects.create(name="Label", pattern="02IIIIIPPP.PPC")
    at = AT.replace(hour=hour)
    assert [hit.price_minor for hit in search_variants(text="salami", at=at)] == [price]
    scan = read_scan(code="021234502000" + check_digit("021234502000"), currency="EUR", at=at)
    assert scan.variant is not None
    assert (scan.variant.price_minor, scan.amount_minor, scan.quantity) == (
        price,
        2000,
        Decimal(2000) / price,
    )
