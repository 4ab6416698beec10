"""The page to receive with a telephone."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockItem
from tests.admin.browsing import office
from tests.pos.purchasing.buying import Buyer

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(buyer: Buyer) -> dict[str, Any]:
    """2 trays of 12 rolls, 1 wheel of 5 kg of cheese, which has lots."""
    buyer.supplier()
    with tenant_context(buyer.shop.tenant):
        StockItem.objects.create(item=buyer.shop.variants["cheese"].item, tracking="lot")
    return buyer.ordered(("roll", "2"), ("cheese", "1"))


def typed(order: dict[str, Any], roll: str, cheese: str, **said: str) -> dict[str, Any]:
    first, second = (line["id"] for line in order["lines"])
    return {
        "key": str(new_id()),
        f"quantity_{first}": roll,
        f"unit_{first}": "pack",
        f"quantity_{second}": cheese,
        f"unit_{second}": "kg",
        f"lot_{second}": "L1",
        f"lotq_{second}": "",
        f"lotx_{second}": "2030-01-01",
        **said,
    }


def test_orders_on_their_way_are_listed(buyer: Buyer, order: dict[str, Any]) -> None:
    buyer.draft(("roll", "1"))
    page = office(buyer.shop.tenant).get("/pos/receive/").content.decode()
    assert order["number"] in page
    assert "PO-00002" not in page


def test_what_came_is_received_once(buyer: Buyer, order: dict[str, Any]) -> None:
    browser, path = office(buyer.shop.tenant), f"/pos/receive/{order['id']}/"
    assert browser.get(path).status_code == 200
    body = typed(order, "2", "5", delivery_note="DN-1")
    for _ in range(2):
        assert browser.post(path, body).status_code == 302
    assert (buyer.level("roll"), buyer.level("cheese")) == ((24, 600), (5, 4000))
    done = buyer.order(order)
    assert (done["state"], len(done["receipt_ids"])) == ("received", 1)


def test_a_part_of_it_came(buyer: Buyer, order: dict[str, Any]) -> None:
    browser, path = office(buyer.shop.tenant), f"/pos/receive/{order['id']}/"
    assert browser.post(path, typed(order, "1", "")).status_code == 302
    assert (buyer.level("roll"), buyer.order(order)["state"]) == ((12, 300), "partly_received")


def test_what_cannot_be_stands_at_its_line_with_what_was_typed(buyer: Buyer, order: dict[str, Any]) -> None:
    browser, path = office(buyer.shop.tenant), f"/pos/receive/{order['id']}/"
    page = browser.post(path, typed(order, "many", "5"))
    assert "A number is expected" in page.content.decode()
    assert 'value="many"' in page.content.decode()
    page = browser.post(path, typed(order, "9", "5"))
    assert "108 each would have come of Roll" in page.content.decode()
    assert "I approve" in page.content.decode()
    assert browser.post(path, typed(order, "", "")).status_code == 200
    assert buyer.order(order)["state"] == "sent"
    assert browser.post(path, typed(order, "9", "5", approve="on")).status_code == 302
    assert buyer.level("roll") == (108, 2700)


def test_somebody_was_faster(buyer: Buyer, order: dict[str, Any]) -> None:
    browser, path = office(buyer.shop.tenant), f"/pos/receive/{order['id']}/"
    assert browser.post(path, typed(order, "2", "5")).status_code == 302
    assert browser.post(path, typed(order, "2", "5")).status_code == 302
    assert "has received PO-00001" in browser.get("/pos/receive/").content.decode()
    assert buyer.level("roll") == (24, 600)
