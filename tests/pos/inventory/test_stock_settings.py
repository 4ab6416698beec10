"""How stock is kept, over HTTP and from the merchant's file."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events import log
from fynlo.events.log import unit_of_work
from pos.configuration import InventorySection, PosSection
from pos.inventory.models import StockHead, StockItem, StockLevel, StockTarget
from pos.onboarding import set_inventory
from tests.factories import Shop, TillClient, paired_till, signed_in

AT = dt.datetime(2026, 7, 1, 8, 30, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db

RULES = {
    "cost_method": "fifo",
    "default_policy": "deny",
    "over_receipt_percent": "2.5",
    "count_variance_limit_minor": 5000,
    "expiry_alert_days": 3,
    "dead_after_days": 60,
    "default_lead_time_days": 2,
}
KEPT = {"policy": "deny", "tracking": "lot", "shelf_life_days": 5, "stops_when_out": True}


@pytest.fixture
def manager(here: Shop) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def put(client: TillClient, path: str, body: Any, tag: str | None = None) -> Any:
    return client.put(path, body, If_Match=tag) if tag else client.put(path, body)


def target(shop: Shop, name: str = "roll", **said: Any) -> dict[str, Any]:
    return {
        "variant_id": str(shop.variants[name].id),
        "location_id": str(shop.location.id),
        **said,
    }


def stocked(shop: Shop, name: str, on_hand: str, reserved: str = "0") -> None:
    with tenant_context(shop.tenant):
        StockLevel.objects.create(
            variant_id=shop.variants[name].id,
            location_id=shop.location.id,
            on_hand=Decimal(on_hand),
            reserved=Decimal(reserved),
        )


def facts(shop: Shop) -> list[str]:
    with tenant_context(shop.tenant):
        return [item.t for item in log.read_after(0) if item.t.startswith("stock.")]


def test_the_rules_of_the_house_are_read_and_changed(here: Shop, manager: TillClient) -> None:
    read = manager.get("/stock-settings")
    assert read.json() == {
        "cost_method": "average",
        "default_policy": "allow",
        "over_receipt_percent": "0",
        "count_variance_limit_minor": None,
        "expiry_alert_days": 7,
        "dead_after_days": 90,
        "default_lead_time_days": 7,
    }
    changed = put(manager, "/stock-settings", RULES, read["ETag"])
    assert (changed.status_code, changed.json()) == (200, RULES)
    assert manager.get("/stock-settings")["ETag"] == changed["ETag"]
    assert facts(here) == ["stock.settings_changed"]
    again = put(manager, "/stock-settings", RULES, changed["ETag"])
    assert (again.status_code, facts(here)) == (200, ["stock.settings_changed"])


def test_the_rules_change_only_for_whoever_has_read_them(here: Shop, manager: TillClient) -> None:
    assert put(manager, "/stock-settings", RULES).status_code == 428
    assert put(manager, "/stock-settings", RULES, '"other"').status_code == 412
    assert manager.get("/stock-settings").json()["cost_method"] == "average"


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("cost_method", "lifo", "invalid_choice"),
        ("default_policy", "", "invalid_choice"),
        ("over_receipt_percent", "NaN", "invalid"),
        ("over_receipt_percent", "-1", "quantity_out_of_range"),
        ("over_receipt_percent", "1000.01", "quantity_out_of_range"),
        ("over_receipt_percent", "0.001", "too_precise"),
        ("count_variance_limit_minor", -1, "quantity_out_of_range"),
        ("expiry_alert_days", -1, "quantity_out_of_range"),
        ("dead_after_days", "90", "invalid"),
        ("default_lead_time_days", 99_999, "quantity_out_of_range"),
    ],
)
def test_rules_that_cannot_be(manager: TillClient, member: str, value: Any, code: str) -> None:
    tag = manager.get("/stock-settings")["ETag"]
    refused = put(manager, "/stock-settings", {**RULES, member: value}, tag)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(f"/{member}", code)]
    assert manager.get("/stock-settings")["ETag"] == tag


def test_every_item_is_listed_with_what_is_in_force(here: Shop, manager: TillClient) -> None:
    rows = manager.get("/stock-items").json()["items"]
    assert {(row["policy"], row["policy_in_force"], row["tracking"]) for row in rows} == {
        (None, "allow", "none")
    }
    path = f"/stock-items/{rows[0]['item_id']}"
    changed = put(manager, path, KEPT, manager.get(path)["ETag"])
    assert (changed.status_code, changed.json()) == (
        200,
        {**rows[0], **KEPT, "policy_in_force": "deny"},
    )
    assert facts(here) == ["stock.item_changed"]

    def found(query: str) -> int:
        return len(manager.get(f"/stock-items?{query}").json()["items"])

    others = len(rows) - 1
    assert (found("policy=deny"), found("policy=allow"), found("policy=backorder")) == (1, others, 0)
    assert (found("tracking=lot"), found("tracking=none"), found("tracking=serial")) == (1, others, 0)
    assert found(f"category_id={rows[0]['category_id']}") >= 1
    assert found(f"q={rows[0]['name'][:5].upper()}") >= 1
    assert (found(f"category_id={new_id()}"), found("q=nothing-like-it")) == (0, 0)


def test_an_item_goes_back_to_the_default(here: Shop, manager: TillClient) -> None:
    path = f"/stock-items/{manager.get('/stock-items').json()['items'][0]['item_id']}"
    first = put(manager, path, KEPT, manager.get(path)["ETag"])
    assert put(manager, path, KEPT).status_code == 428
    stale = manager.get("/stock-settings")["ETag"]
    assert put(manager, path, {**KEPT, "policy": None}, stale).status_code == 412
    back = put(manager, path, {**KEPT, "policy": None}, first["ETag"])
    assert (back.json()["policy"], back.json()["policy_in_force"]) == (None, "allow")
    with tenant_context(here.tenant):
        assert StockItem.objects.get().policy == ""


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("policy", "maybe", "invalid_choice"),
        ("tracking", None, "null"),
        ("shelf_life_days", 0, "quantity_out_of_range"),
        ("stops_when_out", "yes", "invalid"),
    ],
)
def test_item_settings_that_cannot_be(manager: TillClient, member: str, value: Any, code: str) -> None:
    path = f"/stock-items/{manager.get('/stock-items').json()['items'][0]['item_id']}"
    refused = put(manager, path, {**KEPT, member: value}, manager.get(path)["ETag"])
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(f"/{member}", code)]


def test_an_item_that_is_not_there(manager: TillClient) -> None:
    assert manager.get(f"/stock-items/{new_id()}").status_code == 404
    assert put(manager, f"/stock-items/{new_id()}", KEPT, '"x"').status_code == 404


def test_targets_are_set_changed_and_taken_away(here: Shop, manager: TillClient) -> None:
    said = target(here, reorder_point="6", par_level="24", maximum="48.5", lead_time_days=2)
    made = put(manager, "/stock-targets", {"targets": [said, target(here, "cheese", safety_stock="1")]})
    assert made.status_code == 200, made.json()
    roll, cheese = made.json()["items"]
    assert {name: roll[name] for name in (*said, "safety_stock", "sku")} == {
        **said,
        "safety_stock": None,
        "sku": "ROLL",
    }
    changed = put(manager, "/stock-targets", {"targets": [target(here, reorder_point="7")]}).json()["items"]
    assert [(each["id"], each["reorder_point"], each["par_level"]) for each in changed] == [
        (roll["id"], "7", None)
    ]
    gone = put(manager, "/stock-targets", {"targets": [target(here)]})
    assert gone.json() == {"items": []}
    assert [each["id"] for each in manager.get("/stock-targets").json()["items"]] == [cheese["id"]]
    assert facts(here) == ["stock.targets_changed"] * 3


def test_targets_below_the_reorder_point_are_found(here: Shop, manager: TillClient) -> None:
    stocked(here, "roll", "8", reserved="2")
    stocked(here, "cheese", "7")
    said = [target(here, name, reorder_point="6") for name in ("roll", "cheese", "book")]
    put(manager, "/stock-targets", {"targets": said})

    def skus(query: str) -> list[str]:
        return [row["sku"] for row in manager.get(f"/stock-targets?{query}").json()["items"]]

    assert sorted(skus("below_reorder_point=true")) == ["BOOK", "ROLL"]
    assert skus("below_reorder_point=false") == ["CHEESE"]
    assert len(skus(f"location_id={here.location.id}")) == 3
    assert skus(f"variant_id={here.variants['roll'].id}") == ["ROLL"]
    assert skus(f"location_id={new_id()}") == []


def test_all_that_is_wrong_with_targets_is_told_and_none_is_written(here: Shop, manager: TillClient) -> None:
    said = [
        target(here, reorder_point="-1"),
        target(here, "cheese", reorder_point="6", par_level="5"),
        target(here, "cheese", maximum="5"),
        {**target(here, reorder_point="1"), "variant_id": str(new_id())},
        {**target(here, reorder_point="1"), "location_id": str(new_id())},
    ]
    refused = put(manager, "/stock-targets", {"targets": said})
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/targets/0/reorder_point", "quantity_out_of_range"),
        ("/targets/1/par_level", "below_other"),
        ("/targets/2", "repeated"),
        ("/targets/3/variant_id", "not_found"),
        ("/targets/4/location_id", "not_found"),
    ]
    shapes = put(manager, "/stock-targets", {"targets": [target(here, reorder_point="NaN")]})
    assert [(each["pointer"], each["code"]) for each in shapes.json()["errors"]] == [
        ("/targets/0/reorder_point", "invalid")
    ]
    with tenant_context(here.tenant):
        assert not StockTarget.objects.exists()


@pytest.mark.parametrize("names", [("roll",), ("roll", "cheese", "book")])
def test_targets_take_the_same_statements_however_many(
    here: Shop, manager: TillClient, names: tuple[str, ...]
) -> None:
    said = {"targets": [target(here, name, reorder_point="6") for name in names]}
    with CaptureQueriesContext(connection) as captured:
        assert put(manager, "/stock-targets", said).status_code == 200
    asked = re.compile('(FROM|INTO) "pos_(variant|location|stocktarget)"')
    assert len([one for one in captured if asked.search(one["sql"])]) == 4


def test_a_till_reads_but_does_not_change(here: Shop, till: TillClient) -> None:
    tag = till.get("/stock-settings")["ETag"]
    assert put(till, "/stock-settings", RULES, tag).status_code == 403
    assert put(till, "/stock-targets", {"targets": [target(here, reorder_point="1")]}).status_code == 403
    path = f"/stock-items/{till.get('/stock-items').json()['items'][0]['item_id']}"
    assert put(till, path, KEPT, till.get(path)["ETag"]).status_code == 403


def test_a_merchants_file_says_how_stock_is_kept(here: Shop) -> None:
    class Stated:
        def section(self, model: Any) -> Any:
            assert model is PosSection
            return PosSection.model_construct(
                inventory=InventorySection(cost_method="fifo"), locations=(), tax_classes=()
            )

    counts = []
    for _ in range(2):
        with tenant_context(here.tenant), unit_of_work():
            counts.append(set_inventory(tenant=here.tenant, config=Stated(), at=AT))  # type: ignore[arg-type]
    assert counts == [{"created": 0, "changed": 1, "kept": 0}, {"created": 0, "changed": 0, "kept": 1}]
    with tenant_context(here.tenant):
        assert StockHead.objects.values_list("cost_method", "default_policy").get() == ("fifo", "allow")
