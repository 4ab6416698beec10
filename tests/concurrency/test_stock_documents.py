"""The same key from several people, for other goods each; and several invoices of one delivery."""

from typing import Any

import pytest
from django.db.models import Sum

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockMovement
from tests.concurrency.rivals import at_once
from tests.factories import Shop, TillClient, paired_till, shop, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

GOODS = ("roll", "cheese", "book", "cappuccino")


def manager(here: Shop) -> TillClient:
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


def told(here: Shop, headers: dict[str, str], path: str, bodies: list[dict[str, Any]]) -> list[int]:
    """The statuses of posts that start together, sorted."""

    def post(body: dict[str, Any]) -> Any:
        client = TillClient(here.tenant, headers)
        return lambda: client.post(path, body).status_code

    return sorted(at_once(here.tenant, [post(body) for body in bodies]))


def test_one_key_adjusts_once_whatever_the_goods(cafe: Any) -> None:
    here = shop(cafe)
    key, headers = str(new_id()), manager(here).headers
    bodies = [
        {
            "id": key,
            "location_id": str(here.location.pk),
            "reason_code": "found",
            "lines": [{"variant_id": str(here.variants[name].pk), "quantity": "5"}],
        }
        for name in GOODS
    ]
    assert told(here, headers, "/stock-adjustments", bodies) == [201, 409, 409, 409]
    with tenant_context(cafe):
        assert StockMovement.objects.count() == 1


def test_several_invoices_of_a_delivery_at_once_are_one(cafe: Any) -> None:
    here = shop(cafe)
    buyer = manager(here)
    line = {"variant_id": str(here.variants["book"].pk), "quantity": "10", "unit_cost_minor": "100"}
    delivery = {"id": str(new_id()), "location_id": str(here.location.pk), "lines": [line]}
    came = buyer.post("/goods-receipts", delivery).json()["lines"][0]["id"]
    invoiced = {"receipt_line_id": came, "unit_cost_minor": "110"}
    bodies = [
        {"id": str(new_id()), "kind": "invoice", "basis": "stated", "lines": [invoiced]} for _ in range(4)
    ]
    assert told(here, buyer.headers, "/landed-costs", bodies) == [201, 422, 422, 422]
    with tenant_context(cafe):
        worth = StockMovement.objects.filter(document_line_id=came).aggregate(total=Sum("value_minor"))
    assert worth["total"] == 1100
