"""Reorder suggestions over HTTP, and orders made of them."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.purchasing.models import PurchaseOrder, Supplier, SupplierItem
from tests.factories import Shop, TillClient
from tests.pos.purchasing.buying import Buyer, problem, told
from tests.pos.purchasing.shelves import moved, traded

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(here: Shop, buyer: Buyer) -> Buyer:
    """Rolls that are nearly gone, cheese and books enough."""
    buyer.supplier()
    now = clock.now()
    traded(here, "roll", left=6, at=now)
    traded(here, "cheese", left=500, days=5, at=now)
    moved(here, "book", "opening", "5", days_ago=3, at=now)
    return buyer


def listed(buyer: Buyer, query: str = "") -> list[dict[str, Any]]:
    return told(buyer.client.get(f"/purchase-suggestions{query}"), 200)["items"]


def test_a_suggestion_says_how_much_of_whom_and_why(kept: Buyer) -> None:
    found = {each["sku"]: each for each in listed(kept)}
    assert len(found) == 3
    roll = next(each for each in found.values() if each["variant_id"] == kept.variant("roll"))
    assert (roll["velocity"], roll["position"], roll["is_due"]) == ("2", "6", True)
    assert (roll["packs"], roll["quantity"], roll["amount"]) == (
        2,
        "24",
        {"amount_minor": 600, "currency": "EUR"},
    )
    assert roll["supplier"] == {
        "supplier_id": kept.supplier_id,
        "name": "Old Mill",
        "supplier_code": "R-12",
        "pack_name": "tray",
        "pack_size": "12",
        "pack_unit": "each",
        "pack_price_minor": "300",
    }
    assert [figure["code"] for figure in roll["explanation"]] == [
        "velocity",
        "season",
        "weekdays",
        "lead_demand",
        "cover_demand",
        "safety_stock",
        "reorder_point",
        "order_up_to",
        "position",
        "needed",
        "packs",
    ]


def test_filters_and_fields(kept: Buyer) -> None:
    assert [each["variant_id"] for each in listed(kept, "?due=true")] == [kept.variant("roll")]
    ours = {each["variant_id"] for each in listed(kept, f"?supplier_id={kept.supplier_id}")}
    assert ours == {kept.variant("roll"), kept.variant("cheese")}
    one = listed(
        kept, f"?variant_id={kept.variant('roll')}&fields=sku,packs&location_id={kept.shop.location.id}"
    )
    assert [set(each) for each in one] == [{"sku", "packs"}]
    assert listed(kept, "?service_percent=99&review_days=14&due=true")[0]["packs"] == 3


def test_pages_follow_each_other(kept: Buyer) -> None:
    first = told(kept.client.get("/purchase-suggestions?limit=2"), 200)
    rest = told(kept.client.get(f"/purchase-suggestions?limit=2&cursor={first['next_cursor']}"), 200)
    keys = [each["variant_id"] for each in (*first["items"], *rest["items"])]
    assert (len(keys), len(set(keys)), rest["next_cursor"]) == (3, 3, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?service_percent=100", 400),
        ("?review_days=0", 400),
        ("?due=yes", 400),
        ("?fields=colour", 400),
        (f"?location_id={new_id()}", 422),
    ],
    ids=["service", "review", "due", "fields", "location"],
)
def test_questions_that_cannot_be_answered(kept: Buyer, query: str, status: int) -> None:
    assert kept.client.get(f"/purchase-suggestions{query}").status_code == status


def test_drafts_are_made_of_what_was_chosen_one_for_each_supplier(kept: Buyer) -> None:
    with tenant_context(kept.shop.tenant):
        other = Supplier.objects.create(code="press", name="Press", currency="EUR")
        SupplierItem.objects.create(supplier=other, variant=kept.shop.variants["book"], pack_unit="each")
    body = {
        "lines": [
            {"variant_id": kept.variant("roll")},
            {"variant_id": kept.variant("book"), "packs": "7"},
            {"variant_id": kept.variant("cheese"), "packs": "2"},
        ]
    }
    mill, press = told(kept.client.post("/purchase-suggestions/orders", body), 201)["items"]
    assert (mill["state"], mill["total_minor"], len(mill["lines"])) == ("draft", 8600, 2)
    assert [line["packs"] for line in mill["lines"]] == ["2", "2"]
    assert mill["lines"][0]["supplier_code"] == "R-12"
    assert [line["packs"] for line in press["lines"]] == ["7"]
    again = listed(kept, f"?variant_id={kept.variant('roll')}")[0]
    assert (again["in_drafts"], again["on_order"]) == ("24", "0")


@pytest.mark.parametrize(
    ("lines", "pointers", "code"),
    [
        ([("roll", None), ("cheese", None)], ["/lines/1/variant_id"], "nothing_to_order"),
        ([("roll", "1"), ("roll", "2")], ["/lines/1/variant_id"], "nothing_to_order"),
        ([("roll", "1"), ("book", "1")], ["/lines/1/variant_id"], "nothing_to_order"),
        ([("cappuccino", "1")], ["/lines/0/variant_id"], "nothing_to_order"),
        ([("roll", "0")], ["/lines/0/packs"], None),
        ([("roll", "-1")], ["/lines/0/packs"], None),
        ([("roll", "NaN")], ["/lines/0/packs"], None),
        ([], ["/lines"], None),
    ],
    ids=["not due", "twice", "no supplier", "not stocked", "zero", "negative", "nan", "empty"],
)
def test_what_cannot_be_ordered_leaves_nothing_behind(
    kept: Buyer, lines: list[tuple[str, str | None]], pointers: list[str], code: str | None
) -> None:
    said = [
        {"variant_id": kept.variant(name)} | ({} if packs is None else {"packs": packs})
        for name, packs in lines
    ]
    status, found, places = problem(kept.client.post("/purchase-suggestions/orders", {"lines": said}))
    assert (status, places) == (422, pointers)
    assert code in (None, found)
    with tenant_context(kept.shop.tenant):
        assert not PurchaseOrder.objects.exists()


def test_a_till_may_look_and_not_order(kept: Buyer, till: TillClient) -> None:
    assert till.get("/purchase-suggestions").status_code == 200
    body = {"lines": [{"variant_id": kept.variant("roll")}]}
    assert till.post("/purchase-suggestions/orders", body).status_code == 403
