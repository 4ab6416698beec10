"""Labels over HTTP: files, refusals with pointers, one merchant only."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Barcode, Item, Variant
from pos.labels.drafts import LabelDraft, PrintDraft
from pos.labels.queries import label_contents
from tests.factories import TillClient, paired_till, shop
from tests.pos.catalog.test_search import sold
from tests.pos.labels.decoding import read_code128, read_ean
from tests.pos.labels.pages import reader_of, widths_in

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 -- the wall clock of the shop has no zone


@pytest.fixture
def till(cafe: Any) -> TillClient:
    """A till of a café that sells salami by the kilogram and oil in bottles of 750 ml, twelve to a case."""
    with tenant_context(cafe):
        shop(cafe)
        sold("Salami", "SAL", unit="kg", price=1299, codes=("12345",))
        sold("Oil", "OIL", unit="each", price=1295, codes=("4006381333931", "96385074"))
        sold("Air", "AIR", unit="each", price=0, codes=())
        Item.objects.filter(name="Oil").update(
            units=[{"code": "ml", "name": "ml", "numerator": 1, "denominator": 750}]
        )
        Barcode.objects.filter(code="96385074").update(multiplier=12)
    return TillClient(cafe, paired_till(cafe))


def key(cafe: Any, sku: str) -> str:
    with tenant_context(cafe):
        return str(Variant.objects.get(sku=sku).pk)


def contents(cafe: Any, sku: str, **said: Any) -> Any:
    """What the label of a variant says, in English."""
    label = {name: said.pop(name) for name in ("barcode", "lot", "use_by") if name in said}
    with tenant_context(cafe):
        variant = Variant.objects.get(sku=sku).pk
        draft = PrintDraft(output="pdf", labels=(LabelDraft(variant_id=variant, **label),), **said)
        return label_contents(draft=draft, at=AT, currency="EUR", language="en")[0].content


def test_formats_are_listed(till: TillClient) -> None:
    answer = till.get("/labels/formats").json()
    assert answer["items"][0] == {
        "code": "L7651",
        "name": "Avery Zweckform L7651, 65 of 38.1 x 21.2 mm",
        "paper": "a4",
        "columns": 5,
        "rows": 13,
        "per_page": 65,
        "width_mm": "38.1",
        "height_mm": "21.2",
        "outputs": ["pdf"],
    }
    assert {"5160", "62x29"} <= {each["code"] for each in answer["items"]}
    assert (answer["papers"], answer["resolutions"]) == (["58", "80"], [203, 300])
    assert answer["fields"] == ["name", "variant", "price", "unit_price", "sku", "barcode"]


def test_a_sheet_of_labels_is_a_pdf(till: TillClient, cafe: Any) -> None:
    body = {"format": "L7160", "start": 20, "labels": [{"variant_id": key(cafe, "OIL"), "copies": 3}]}
    answer = till.post("/labels", body)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="labels.pdf"'
    pages = reader_of(answer.content).pages
    assert len(pages) == 2
    assert "4006381333931" in pages[0].extract_text()
    _, widths = widths_in(answer.content, 0)
    assert read_ean(widths) == "4006381333931"


def test_bytes_for_a_receipt_printer_and_text_for_a_label_printer(till: TillClient, cafe: Any) -> None:
    labels = [{"variant_id": key(cafe, "OIL")}]
    receipt = till.post("/labels", {"output": "escpos", "paper": "58", "labels": labels})
    assert receipt["Content-Type"] == "application/octet-stream"
    assert b"\x1dkC\x0d4006381333931" in receipt.content
    label = till.post("/labels", {"output": "zpl", "format": "50x25", "labels": labels})
    assert label["Content-Type"] == "text/plain; charset=utf-8"
    assert label.content.startswith(b"^XA\n^CI28\n")


def test_a_printer_may_ask_for_its_own_media_type(till: TillClient, cafe: Any) -> None:
    body = {"format": "L7160", "labels": [{"variant_id": key(cafe, "OIL")}]}
    assert till.post("/labels", body, headers={"Accept": "application/pdf"}).status_code == 200


def test_what_a_label_says(till: TillClient, cafe: Any) -> None:
    oil = contents(cafe, "OIL")
    assert (oil.name, oil.price, oil.unit_price, oil.sku) == ("Oil", "€12.95", "€17.27/l", "OIL")
    assert (oil.code.symbol, oil.code.data) == ("ean_13", "4006381333931")
    salami = contents(cafe, "SAL")
    assert (salami.price, salami.unit_price) == ("€12.99/kg", "")
    assert (salami.code.symbol, salami.code.data) == ("code_128", "12345")
    assert contents(cafe, "AIR").code is None


def test_a_code_of_a_case_says_how_many_and_no_price(till: TillClient, cafe: Any) -> None:
    case = contents(cafe, "OIL", barcode="96385074")
    assert (case.variant, case.price, case.unit_price) == ("12 x", "", "")


def test_only_the_fields_that_are_wanted(till: TillClient, cafe: Any) -> None:
    bare = contents(cafe, "OIL", fields=frozenset({"price"}))
    assert (bare.name, bare.price, bare.unit_price, bare.sku, bare.code) == ("", "€12.95", "", "", None)


def test_a_scheduled_price_counts_from_its_time_on(till: TillClient, cafe: Any) -> None:
    with tenant_context(cafe):
        Variant.objects.filter(sku="OIL").update(
            scheduled_prices=[{"starts_at": "2026-03-02T09:00", "price_minor": 999}]
        )
    assert contents(cafe, "OIL").price == "€9.99"


def test_a_delivery_is_labelled_with_lot_and_day(till: TillClient, cafe: Any) -> None:
    content = contents(cafe, "OIL", lot="L7", use_by=dt.date(2026, 12, 31))
    assert content.details == ("Lot L7", "Use by 2026-12-31")
    assert (content.code.symbol, content.code.text) == ("gs1_128", "(01)04006381333931(17)261231(10)L7")
    body = {
        "format": "L7160",
        "labels": [{"variant_id": key(cafe, "OIL"), "lot": "L7", "use_by": "2026-12-31"}],
    }
    _, widths = widths_in(till.post("/labels", body).content, 0)
    assert read_code128(widths) == "\x1d01040063813339311726123110L7"


def _with(body: dict[str, Any], **label: Any) -> dict[str, Any]:
    return {**body, "labels": [{**body["labels"][0], **label}]}


@pytest.mark.parametrize(
    ("said", "label", "pointer", "code"),
    [
        ({"format": "L7161"}, {}, "/format", "invalid_choice"),
        ({"format": None}, {}, "/format", "null"),
        ({"start": 22}, {}, "/start", "no_place"),
        ({"start": 0}, {}, "/start", "min_value"),
        ({"paper": "80"}, {}, "/paper", "needless"),
        ({"output": "zpl"}, {}, "/format", "no_roll"),
        ({"output": "escpos"}, {}, "/format", "needless"),
        ({"output": "zpl", "format": "50x25", "resolution": 600}, {}, "/resolution", "invalid_choice"),
        ({"symbol": "aztec"}, {}, "/symbol", "invalid_choice"),
        ({"fields": ["colour"]}, {}, "/fields/0", "invalid_choice"),
        ({"fields": []}, {}, "/fields", "min_length"),
        ({"labels": []}, {}, "/labels", "empty"),
        ({}, {"copies": 0}, "/labels/0/copies", "min_value"),
        ({}, {"copies": 2001}, "/labels/0/copies", "max_value"),
        ({}, {"lot": "x" * 21}, "/labels/0/lot", "max_length"),
        ({}, {"use_by": "31.12.2026"}, "/labels/0/use_by", "invalid"),
        ({}, {"colour": "red"}, "/labels/0/colour", "unknown_field"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_at_its_place(
    till: TillClient, cafe: Any, said: dict[str, Any], label: dict[str, Any], pointer: str, code: str
) -> None:
    body = _with({"format": "L7160", "labels": [{"variant_id": key(cafe, "OIL")}]}, **label) | said
    answer = till.post("/labels", body)
    assert answer.status_code == 400
    found = {(each["pointer"], each["code"]) for each in answer.json()["errors"]}
    assert (pointer, code) in found


@pytest.mark.parametrize(
    ("sku", "said", "label", "pointer", "code"),
    [
        ("OIL", {}, {"variant_id": str(new_id())}, "/labels/0/variant_id", "unknown_variant"),
        ("OIL", {}, {"barcode": "4006381333932"}, "/labels/0/barcode", "unknown_barcode"),
        ("AIR", {"symbol": "code_128"}, {}, "/labels/0/variant_id", "no_barcode"),
        ("SAL", {"symbol": "ean_13"}, {}, "/labels/0/barcode", "barcode_invalid"),
        ("SAL", {"symbol": "gs1_128"}, {"lot": "L7"}, "/labels/0/barcode", "no_gtin"),
        ("OIL", {}, {"lot": "Größe"}, "/labels/0/lot", "lot_invalid"),
        ("OIL", {"format": "L4731"}, {"lot": "X" * 20}, "/labels/0", "does_not_fit"),
    ],
    ids=["variant", "barcode", "none", "symbol", "gtin", "lot", "room"],
)
def test_what_cannot_be_printed_is_refused_at_its_place(
    till: TillClient,
    cafe: Any,
    sku: str,
    said: dict[str, Any],
    label: dict[str, Any],
    pointer: str,
    code: str,
) -> None:
    body = _with({"format": "L7160", "labels": [{"variant_id": key(cafe, sku)}]}, **label) | said
    answer = till.post("/labels", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "label_refused")
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


def test_too_many_copies_together(till: TillClient, cafe: Any) -> None:
    label = {"variant_id": key(cafe, "OIL"), "copies": 1001}
    answer = till.post("/labels", {"format": "L7160", "labels": [label, label]})
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/labels", "too_many")]


def test_another_merchants_variant_is_not_there(till: TillClient, cafe: Any, grocer: Any) -> None:
    with tenant_context(grocer):
        shop(grocer)
        sold("Tea", "TEA", unit="each", price=100, codes=("4711",))
    answer = till.post("/labels", {"format": "L7160", "labels": [{"variant_id": key(grocer, "TEA")}]})
    assert answer.json()["errors"][0]["code"] == "unknown_variant"


@pytest.mark.parametrize("count", [1, 3])
def test_two_statements_for_any_number_of_labels(till: TillClient, cafe: Any, count: int) -> None:
    with tenant_context(cafe):
        keys = list(Variant.objects.order_by("sku").values_list("pk", flat=True)[:count])
        draft = PrintDraft(output="pdf", labels=tuple(LabelDraft(variant_id=each) for each in keys))
        with CaptureQueriesContext(connection) as statements:
            assert len(label_contents(draft=draft, at=AT, currency="EUR", language="de")) == count
    assert len(statements) == 2
