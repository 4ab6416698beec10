"""The catalogue over HTTP: shapes, filters, pages, tags, a fixed number of statements, one merchant only."""

from typing import Any
from uuid import UUID

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.drafts import VariantDraft
from pos.catalog.queries import revision
from tests.factories import LocationFactory, RegisterFactory, TillClient, paired_till
from tests.pos.catalog.makers import category, item, tax_class, variant

pytestmark = pytest.mark.django_db

STATEMENTS = 5
"""Two search paths, the merchant by host, the till by token, the catalogue's revision; then the list's own."""


class Seeded:
    """A café with a till, two categories and three items."""

    def __init__(self, tenant: Any) -> None:
        self.tenant = tenant
        with tenant_context(tenant):
            RegisterFactory.create(location=LocationFactory.create())
            self.taxes = tax_class()
            self.hot = category("Hot")
            self.cold = category("Cold", parent_id=self.hot)
            self.small, self.large = variant("ESP-1", "small", 240), variant("ESP-2", "large", 320)
            self.espresso = self.add("Espresso", self.small, self.large, description="Strong")
            self.cola = self.add("Cola 100%", variant("COLA", barcodes=("036000291452",)), place=self.cold)
            self.tea = self.add("Tea", variant("TEA"), is_active=False)
        self.till = TillClient(tenant, paired_till(tenant))

    def add(self, name: str, *variants: VariantDraft, place: UUID | None = None, **said: Any) -> UUID:
        made = item(name, *variants, category_id=place or self.hot, tax_class_id=self.taxes, **said)
        return made.id

    def names(self, query: str = "") -> list[str]:
        answer = self.till.get(f"/catalog/items{query}")
        assert answer.status_code == 200, answer.content
        return [found["name"] for found in answer.json()["items"]]


@pytest.fixture
def here(cafe: Any) -> Seeded:
    return Seeded(cafe)


def test_an_item_is_shown_with_variants_prices_and_barcodes(here: Seeded) -> None:
    answer = here.till.get(f"/catalog/items/{here.espresso}")
    with tenant_context(here.tenant):
        now = revision()
    assert answer.json() == {
        "id": str(here.espresso),
        "category_id": str(here.hot),
        "tax_class": {"id": str(here.taxes), "code": "standard"},
        "name": "Espresso",
        "description": "Strong",
        "unit": "each",
        "is_active": True,
        "revision": now - 2,
        "variants": [
            {
                "id": str(here.small.id),
                "name": "small",
                "sku": "ESP-1",
                "price": {"amount_minor": 240, "currency": "EUR"},
                "position": 0,
                "is_active": True,
                "barcodes": [],
            },
            {
                "id": str(here.large.id),
                "name": "large",
                "sku": "ESP-2",
                "price": {"amount_minor": 320, "currency": "EUR"},
                "position": 0,
                "is_active": True,
                "barcodes": [],
            },
        ],
    }


def test_categories_and_tax_classes_are_listed(here: Seeded) -> None:
    assert here.till.get("/catalog/categories").json() == {
        "items": [
            {"id": str(here.hot), "parent_id": None, "name": "Hot", "position": 0},
            {"id": str(here.cold), "parent_id": str(here.hot), "name": "Cold", "position": 0},
        ],
        "next_cursor": None,
    }
    assert here.till.get("/catalog/tax-classes").json() == {
        "items": [
            {
                "id": str(here.taxes),
                "code": "standard",
                "name": "VAT standard",
                "rate": "0.19",
                "is_inclusive": True,
            }
        ],
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Espresso", "Cola 100%", "Tea"]),
        ("?q=espresso", ["Espresso"]),
        ("?q=LARGE", ["Espresso"]),
        ("?q=esp-2", ["Espresso"]),
        ("?q=%25", ["Cola 100%"]),
        ("?q=_", []),
        ("?sku=esp-1", ["Espresso"]),
        ("?sku=esp", []),
        ("?barcode=036000291452", ["Cola 100%"]),
        ("?barcode=0036000291452", ["Cola 100%"]),
        ("?barcode=36000291452", []),
        ("?active=true", ["Espresso", "Cola 100%"]),
        ("?active=false", ["Tea"]),
        ("?changed_since=999", []),
    ],
)
def test_filters_find_exactly_what_they_say(here: Seeded, query: str, expected: list[str]) -> None:
    assert here.names(query) == expected


def test_a_category_filters_its_own_items(here: Seeded) -> None:
    assert here.names(f"?category_id={here.cold}") == ["Cola 100%"]
    assert here.names(f"?category_id={new_id()}") == []


def test_changed_since_gives_what_changed_after_that_revision(here: Seeded) -> None:
    before = here.till.get("/catalog/items").json()["revision"]
    assert here.names(f"?changed_since={before}") == []
    with tenant_context(here.tenant):
        here.add("Cocoa", variant("COC"))
    assert here.names(f"?changed_since={before}") == ["Cocoa"]


def test_pages_follow_each_other_without_gap_or_repeat(here: Seeded) -> None:
    first = here.till.get("/catalog/items?limit=2").json()
    assert [found["name"] for found in first["items"]] == ["Espresso", "Cola 100%"]
    second = here.till.get(f"/catalog/items?limit=2&cursor={first['next_cursor']}").json()
    assert ([found["name"] for found in second["items"]], second["next_cursor"]) == (["Tea"], None)


def test_fields_narrows_what_is_sent(here: Seeded) -> None:
    answer = here.till.get("/catalog/items?fields=name,unit&limit=1").json()
    assert answer["items"] == [{"name": "Espresso", "unit": "each"}]


@pytest.mark.parametrize(
    "path", ["/catalog/items", "/catalog/items?q=tea", "/catalog/categories", "/catalog/tax-classes"]
)
def test_what_the_caller_has_is_not_sent_again_until_something_changes(here: Seeded, path: str) -> None:
    first = here.till.get(path)
    tag = first["ETag"]
    again = here.till.get(path, If_None_Match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    with tenant_context(here.tenant):
        tax_class("reduced", "0.07")
    after = here.till.get(path, If_None_Match=tag)
    assert after.status_code == 200
    assert after["ETag"] != tag


def test_the_tag_of_an_item_changes_with_the_item_only(here: Seeded) -> None:
    path = f"/catalog/items/{here.espresso}"
    tag = here.till.get(path)["ETag"]
    with tenant_context(here.tenant):
        here.add("Cocoa", variant("COC"))
    assert here.till.get(path, If_None_Match=tag).status_code == 304
    with tenant_context(here.tenant):
        dearer = variant("ESP-1", "small", 250, id=here.small.id)
        here.add("Espresso", dearer, id=here.espresso, description="Strong")
    assert here.till.get(path, If_None_Match=tag).status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("category_id=x", "category_id"),
        ("changed_since=-1", "changed_since"),
        ("active=yes", "active"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("cursor=x", "cursor"),
        ("colour=red", "colour"),
        ("sku=a&sku=b", "sku"),
        ("q=a%00b", "q"),
    ],
)
def test_a_bad_parameter_is_named(here: Seeded, query: str, parameter: str) -> None:
    answer = here.till.get(f"/catalog/items?{query}")
    assert answer.status_code == 400
    assert [problem["parameter"] for problem in answer.json()["errors"]] == [parameter]


def test_nobody_reads_without_a_token_and_no_one_else_reads_at_all(here: Seeded, grocer: Any) -> None:
    there = Seeded(grocer)
    for path in (
        "/catalog/items",
        f"/catalog/items/{here.espresso}",
        "/catalog/categories",
        "/catalog/tax-classes",
    ):
        assert TillClient(here.tenant).get(path).status_code == 401
        assert TillClient(here.tenant, there.till.headers).get(path).status_code == 401
    answer = there.till.get(f"/catalog/items/{here.espresso}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("more", [0, 2])
def test_the_number_of_statements_is_fixed(here: Seeded, more: int, django_assert_num_queries: Any) -> None:
    with tenant_context(here.tenant):
        for number in range(more):
            codes = (f"PLU{number}A", f"PLU{number}B")
            here.add(f"More {number}", variant(f"M{number}", barcodes=codes), variant(f"N{number}", "other"))
    with django_assert_num_queries(STATEMENTS + 3):
        here.till.get("/catalog/items")
    with django_assert_num_queries(STATEMENTS + 1):
        here.till.get("/catalog/categories")
    with django_assert_num_queries(STATEMENTS + 1):
        here.till.get("/catalog/tax-classes")
