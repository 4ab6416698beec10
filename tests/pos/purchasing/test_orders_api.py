"""Suppliers and orders over HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from tests.factories import Shop, TillClient
from tests.pos.purchasing.buying import Buyer, problem, told

pytestmark = pytest.mark.django_db


def test_a_line_says_what_the_supplier_calls_and_asks_for_it(buyer: Buyer) -> None:
    buyer.supplier()
    order = buyer.draft(("roll", "2"), ("cheese", "1"))
    assert (order["number"], order["state"], order["total_minor"]) == ("PO-00001", "draft", 4600)
    roll, cheese = order["lines"]
    assert (roll["supplier_code"], roll["pack_name"], roll["pack_price_minor"]) == ("R-12", "tray", "300")
    assert (roll["quantity"], roll["unit"], roll["amount_minor"]) == ("24", "each", 600)
    assert (cheese["pack_size"], cheese["pack_unit"], cheese["quantity"], cheese["unit"]) == (
        "5000",
        "g",
        "5",
        "kg",
    )


def test_many_packs_cost_less(buyer: Buyer) -> None:
    buyer.supplier()
    assert buyer.draft(("roll", "9"))["total_minor"] == 2700
    assert buyer.draft(("roll", "10"))["total_minor"] == 2700
    assert buyer.draft(("roll", "11"))["total_minor"] == 2970


def test_a_life_of_an_order(buyer: Buyer) -> None:
    buyer.supplier()
    order = buyer.draft(("roll", "2"))
    path = f"/purchase-orders/{order['id']}"
    sent = told(buyer.client.post(f"{path}/send", {}), 200)
    assert (sent["state"], sent["expected_on"] is not None) == ("sent", True)
    line = sent["lines"][0]["id"]
    confirmed = told(
        buyer.client.post(
            f"{path}/confirm",
            {"supplier_reference": "AB-7", "lines": [{"line_id": line, "quantity": "20"}]},
        ),
        200,
    )
    assert (confirmed["state"], confirmed["supplier_reference"]) == ("confirmed", "AB-7")
    assert confirmed["lines"][0]["open_quantity"] == "20"
    ended = told(buyer.client.post(f"{path}/cancel", {"reason": "closed"}), 200)
    assert ended["state"] == "cancelled"
    assert [step["step"] for step in ended["steps"]] == ["created", "sent", "confirmed", "cancelled"]
    assert ended["steps"][-1]["detail"] == "closed"


def test_the_second_to_send_is_told_who_was_first(buyer: Buyer) -> None:
    buyer.supplier()
    order = buyer.ordered(("roll", "1"))
    answer = buyer.client.post(f"/purchase-orders/{order['id']}/send", {})
    body = answer.json()
    assert (answer.status_code, body["code"], body["state"]) == (409, "already_done", "sent")
    assert (body["by"], body["at"]) == (order["steps"][-1]["by"], order["sent_at"])


def test_a_draft_is_changed_and_an_order_is_not(buyer: Buyer) -> None:
    buyer.supplier()
    order = buyer.draft(("roll", "2"))
    body = {
        "supplier_id": buyer.supplier_id,
        "location_id": order["location_id"],
        "lines": [{"variant_id": buyer.variant("roll"), "packs": "5", "pack_size": "6"}],
    }
    changed = told(buyer.client.put(f"/purchase-orders/{order['id']}", body), 200)
    assert [(line["quantity"], line["pack_price_minor"]) for line in changed["lines"]] == [("30", None)]
    told(buyer.client.post(f"/purchase-orders/{order['id']}/send", {}), 200)
    assert problem(buyer.client.put(f"/purchase-orders/{order['id']}", body))[:2] == (409, "already_done")


def test_a_line_of_another_order_stays_there(buyer: Buyer) -> None:
    buyer.supplier()
    other, order = buyer.draft(("roll", "2")), buyer.draft(("cheese", "1"))
    line = {"id": other["lines"][0]["id"], "variant_id": buyer.variant("roll"), "packs": "5"}
    body = {"supplier_id": buyer.supplier_id, "location_id": order["location_id"], "lines": [line]}
    refused = buyer.client.put(f"/purchase-orders/{order['id']}", body)
    assert problem(refused)[0] == 409
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/lines"]
    assert buyer.client.get(f"/purchase-orders/{order['id']}").json()["lines"] == order["lines"]


@pytest.mark.parametrize(
    ("line", "code", "pointer"),
    [
        ({"packs": "-1"}, "invalid_input", "/lines/0/packs"),
        ({"packs": "NaN"}, "invalid_input", "/lines/0/packs"),
        ({"packs": "0"}, "invalid_input", "/lines/0/packs"),
        ({"packs": "1", "pack_unit": "furlong"}, "unknown_unit", "/lines/0/pack_unit"),
        ({"packs": "1", "pack_price_minor": "NaN"}, "invalid_input", "/lines/0/pack_price_minor"),
        ({"packs": "1", "pack_price_minor": "-5"}, "invalid_input", "/lines/0/pack_price_minor"),
        ({"packs": "1", "variant_id": str(new_id())}, "unknown_reference", "/lines/0/variant_id"),
        ({"packs": "999999999999"}, "quantity_out_of_range", "/lines/0/packs"),
    ],
    ids=["negative", "nan", "zero", "unit", "nan-price", "negative-price", "variant", "huge"],
)
def test_what_cannot_be_ordered_is_named(buyer: Buyer, line: dict[str, Any], code: str, pointer: str) -> None:
    buyer.supplier()
    body = {
        "id": str(new_id()),
        "supplier_id": buyer.supplier_id,
        "location_id": str(buyer.shop.location.id),
        "lines": [{"variant_id": buyer.variant("roll"), **line}],
    }
    assert problem(buyer.client.post("/purchase-orders", body)) == (422, code, [pointer])
    assert buyer.client.get("/purchase-orders").json()["items"] == []


def test_lists_as_a_shopkeeper_asks(buyer: Buyer) -> None:
    buyer.supplier()
    late = buyer.ordered(("roll", "1"), expected_on="2020-01-01")
    later = buyer.ordered(("cheese", "1"), expected_on="2999-01-01")
    draft = buyer.draft(("cheese", "1"))

    def numbers(query: str) -> list[str]:
        return [row["number"] for row in buyer.client.get(f"/purchase-orders?{query}").json()["items"]]

    assert numbers("") == [draft["number"], later["number"], late["number"]]
    assert numbers("state=open") == [later["number"], late["number"]]
    assert numbers("late=true") == [late["number"]]
    assert numbers(f"variant_id={buyer.variant('cheese')}") == [draft["number"], later["number"]]
    assert numbers(f"supplier_id={new_id()}") == []


def test_only_one_supplier_of_a_variant_is_preferred(buyer: Buyer) -> None:
    buyer.supplier()
    other = {
        "id": str(new_id()),
        "code": "bakery",
        "name": "Bakery",
        "items": [{"variant_id": buyer.variant("roll"), "is_preferred": True}],
    }
    told(buyer.client.post("/suppliers", other), 201)
    mill = told(buyer.client.get(f"/suppliers/{buyer.supplier_id}"), 200)
    assert [item["is_preferred"] for item in mill["items"]] == [False, False]


def test_a_code_is_of_one_supplier(buyer: Buyer) -> None:
    buyer.supplier()
    answer = buyer.client.post("/suppliers", {"id": str(new_id()), "code": "MILL", "name": "Mill 2"})
    assert problem(answer) == (409, "supplier_code_taken", ["/code"])


def test_a_supplier_keeps_what_it_sells_unless_said(buyer: Buyer) -> None:
    buyer.supplier()
    changed = told(
        buyer.client.put(f"/suppliers/{buyer.supplier_id}", {"code": "mill", "name": "New Mill"}), 200
    )
    assert (changed["name"], len(changed["items"])) == ("New Mill", 2)


def test_who_only_sells_orders_nothing(here: Shop, till: TillClient) -> None:
    answer = till.post("/suppliers", {"id": str(new_id()), "code": "x", "name": "X"})
    assert problem(answer)[:2] == (403, "forbidden")


def test_papers_of_an_order(buyer: Buyer) -> None:
    buyer.supplier()
    order = buyer.ordered(("roll", "2"))
    pdf = buyer.client.get(f"/purchase-orders/{order['id']}/document.pdf")
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    csv = buyer.client.get(f"/purchase-orders/{order['id']}/document.csv")
    assert '"PO-00001"' in csv.content.decode("utf-8-sig")
    assert Decimal(order["lines"][0]["quantity"]) == 24
