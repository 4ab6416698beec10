"""What was removed from the catalogue may still be sold from an older price book: a sale is a fact."""

from uuid import UUID

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Variant
from pos.catalog.services.documents import save_documents
from pos.inventory.models import StockLevel, StockMovement
from tests.factories import Shop, TillClient
from tests.pos.orders.menu import Menu, serve
from tests.pos.orders.test_oddities import AT, NOON, current_book, euro

pytestmark = pytest.mark.django_db


@pytest.fixture
def menu(here: Shop) -> Menu:
    return serve(here)


def removed(shop: Shop, menu: Menu) -> str:
    """Take the juice, and the breakfast it is a part of, away; returns the price book that still has them."""
    before = current_book(shop)
    with tenant_context(shop.tenant):
        gone = [menu.variants[name]["id"] for name in ("breakfast", "juice")]
        items = Variant.objects.filter(pk__in=gone).values_list("item_id", flat=True)
        removed = [("item", key) for key in items]
        save_documents(documents=[], removed=removed, actor=SYSTEM, at=NOON, cause="test")
    return before


def test_the_sale_is_kept_as_it_happened_and_flagged(here: Shop, till: TillClient, menu: Menu) -> None:
    book = removed(here, menu)
    line = menu.line("juice", "2")
    body = {
        "id": str(new_id()),
        "placed_at": AT,
        "price_book": book,
        "lines": [line, menu.line("bagel")],
        "tenders": [],
    }
    answer = till.post("/orders", body)
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    first = told["lines"][0]
    assert (first["name"], first["total"]) == ("Juice", euro(600))
    flagged = {flag["code"]: flag for flag in told["flags"]}
    assert flagged["removed_item"] == {
        "code": "removed_item",
        "pointer": "/lines/0/variant_id",
        "variant_id": line["variant_id"],
    }
    assert till.get(f"/orders/{body['id']}").json()["lines"] == told["lines"]
    assert till.get(f"/orders/{body['id']}/receipt").status_code == 200
    assert till.get(f"/orders/{body['id']}/explain").status_code == 200
    with tenant_context(here.tenant):
        gone = UUID(line["variant_id"])
        assert not StockMovement.objects.filter(variant_id=gone).exists()
        assert not StockLevel.objects.filter(variant_id=gone).exists()
        assert StockMovement.objects.filter(order_id=UUID(body["id"])).count() == 1
