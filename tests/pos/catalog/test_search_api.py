"""Searching and scanning over HTTP: shapes, refusals, one merchant only."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.barcodes import check_digit
from pos.catalog.models import Barcode, BarcodePattern, Variant
from tests.factories import TillClient, paired_till, shop
from tests.pos.catalog.test_search import sold

pytestmark = pytest.mark.django_db

LABEL = "211234500335" + check_digit("211234500335")


@pytest.fixture
def till(cafe: Any) -> TillClient:
    """A till of a café that sells salami by the kilogram and has a scale."""
    with tenant_context(cafe):
        shop(cafe)
        sold("Salami", "SAL", unit="kg", price=1299, codes=("12345", "4006381333931"))
        BarcodePattern.objects.create(name="Scale", pattern="21IIIIIWW.WWWC")
    return TillClient(cafe, paired_till(cafe))


def test_a_hit_says_what_it_is_and_how_it_was_found(till: TillClient, cafe: Any) -> None:
    with tenant_context(cafe):
        row = Variant.objects.select_related("item").get(sku="SAL")
    assert till.get("/catalog/search?q=salammi").json() == {
        "items": [
            {
                "variant_id": str(row.id),
                "item_id": str(row.item_id),
                "name": "Salami",
                "item_name": "Salami",
                "variant_name": "",
                "sku": "SAL",
                "unit": "kg",
                "price": {"amount_minor": 1299, "currency": "EUR"},
                "category_id": str(row.item.category_id),
                "is_active": True,
                "found_by": "similar",
            }
        ]
    }


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%20", "?q=" + "x" * 81, "?q=a&limit=0", "?q=a&limit=51", "?q=a&active=no"]
)
def test_a_question_that_cannot_be_answered_names_its_parameter(till: TillClient, query: str) -> None:
    answer = till.get(f"/catalog/search{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] in {"q", "limit", "active"}


def test_a_scale_label_is_read(till: TillClient) -> None:
    found = till.post("/catalog/scans", {"code": LABEL}).json()
    assert (
        found["read_by"],
        found["pattern"],
        found["variant"]["sku"],
        found["quantity"],
        found["amount"],
    ) == (
        "pattern",
        "Scale",
        "SAL",
        "0.335",
        None,
    )


@pytest.mark.parametrize("separator", ["\x1d", "␝"], ids=["sent", "shown"])
def test_gs1_separators_come_through(till: TillClient, separator: str) -> None:
    code = f"]C1010400638133393110LOT7{separator}17261231{separator}3103000250"
    found = till.post("/catalog/scans", {"code": code}).json()
    assert (found["read_by"], found["lot"], found["use_by"], found["quantity"], found["problem"]) == (
        "gs1",
        "LOT7",
        "2026-12-31",
        "0.25",
        "",
    )


def test_an_unknown_code_is_an_answer(till: TillClient) -> None:
    found = till.post("/catalog/scans", {"code": "5901234123457"})
    assert found.status_code == 200
    assert (found.json()["variant"], found.json()["problem"]) == (None, "The catalogue has no such code.")


@pytest.mark.parametrize("code", ["", "a\tb", "x" * 401, 7, None])
def test_what_no_scanner_sends_is_refused(till: TillClient, code: Any) -> None:
    answer = till.post("/catalog/scans", {"code": code})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/code"


def test_a_pattern_is_tried_before_it_is_saved(till: TillClient) -> None:
    body = {"pattern": "21IIIIIWWWWWC:g", "codes": [LABEL, "4006381333931"]}
    first, second = till.post("/catalog/barcode-patterns/trial", body).json()["items"]
    assert (first["quantity"], first["variant"]["sku"]) == ("0.335", "SAL")
    assert (second["read_by"], second["problem"]) == ("", "The pattern does not fit this code.")


def test_a_pattern_that_says_nothing_is_refused_with_its_reason(till: TillClient) -> None:
    answer = till.post("/catalog/barcode-patterns/trial", {"pattern": "2112345", "codes": ["1"]})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {
            "pointer": "/pattern",
            "code": "pattern",
            "detail": "The pattern cannot be used: no I says where the article number is.",
        }
    ]


def test_what_another_merchant_sells_is_not_found(till: TillClient, grocer: Any) -> None:
    with tenant_context(grocer):
        row = sold("Ostrich salami", "OST")
        Barcode.objects.create(id=new_id(), variant=row, code="5901234123457")
    assert till.get("/catalog/search?q=ostrich").json() == {"items": []}
    assert till.post("/catalog/scans", {"code": "5901234123457"}).json()["variant"] is None
