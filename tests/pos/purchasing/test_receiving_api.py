"""Receiving deliveries over HTTP: quantities, costs, tolerance, and who was first."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockHead, StockItem, StockLot
from tests.factories import Shop, TillClient, paired_till
from tests.factories.tills import signed_in
from tests.pos.purchasing.buying import Buyer, problem, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(buyer: Buyer) -> dict[str, Any]:
    """2 trays of 12 rolls at 3.00, 1 wheel of 5 kg of cheese at 40.00."""
    buyer.supplier()
    return buyer.ordered(("roll", "2"), ("cheese", "1"))


def test_all_of_it_comes(buyer: Buyer, order: dict[str, Any]) -> None:
    receipt = told(buyer.receive(order, "2", "1", delivery_note="DN-1"), 201)
    assert (receipt["number"], receipt["delivery_note"]) == ("GR-00001", "DN-1")
    assert [(line["quantity"], line["value_minor"]) for line in receipt["lines"]] == [
        ("24", "600"),
        ("5", "4000"),
    ]
    assert buyer.level("roll") == (Decimal(24), Decimal(600))
    assert buyer.level("cheese") == (Decimal(5), Decimal(4000))
    done = buyer.order(order)
    assert (done["state"], done["receipt_ids"]) == ("received", [receipt["id"]])


def test_it_comes_in_parts(buyer: Buyer, order: dict[str, Any]) -> None:
    told(buyer.receive(order, "0.5"), 201)
    assert (buyer.order(order)["state"], buyer.order(order)["lines"][0]["open_quantity"]) == (
        "partly_received",
        "18",
    )
    told(buyer.receive(order, "1.5", "1"), 201)
    assert buyer.order(order)["state"] == "received"
    assert buyer.level("roll") == (Decimal(24), Decimal(600))


def test_any_unit_and_the_invoice_price(buyer: Buyer, order: dict[str, Any]) -> None:
    body = {
        "id": str(new_id()),
        "lines": [
            {
                "order_line_id": order["lines"][1]["id"],
                "quantity": "2500",
                "unit": "g",
                "unit_cost_minor": "0.81",
            },
            {"order_line_id": order["lines"][0]["id"], "quantity": "7", "unit": "each"},
        ],
    }
    receipt = told(buyer.post_delivery(order, body), 201)
    assert [(line["quantity"], line["value_minor"]) for line in receipt["lines"]] == [
        ("2.5", "2025"),
        ("7", "175"),
    ]


def test_what_was_rejected_never_came(buyer: Buyer, order: dict[str, Any]) -> None:
    body = buyer.delivery(order, "1")
    body["lines"][0] |= {"rejected_quantity": "1", "reject_reason": "wet"}
    receipt = told(buyer.post_delivery(order, body), 201)
    (line,) = receipt["lines"]
    assert (line["quantity"], line["rejected_quantity"], line["reject_reason"]) == ("12", "12", "wet")
    assert buyer.level("roll") == (Decimal(12), Decimal(300))
    assert buyer.order(order)["lines"][0]["open_quantity"] == "12"


def test_the_same_delivery_again_is_the_same_receipt(buyer: Buyer, order: dict[str, Any]) -> None:
    body = buyer.delivery(order, "2", "1")
    first = told(buyer.post_delivery(order, body), 201)
    assert told(buyer.post_delivery(order, body), 201) == first
    assert buyer.level("roll") == (Decimal(24), Decimal(600))
    body["lines"][0]["quantity"] = "1"
    assert problem(buyer.post_delivery(order, body)) == (409, "purchase_id_conflict", ["/id"])


def test_the_second_is_told_who_received_it(buyer: Buyer, order: dict[str, Any]) -> None:
    first = told(buyer.receive(order, "2", "1"), 201)
    answer = buyer.receive(order, "2", "1")
    body = answer.json()
    assert (answer.status_code, body["code"], body["state"]) == (409, "already_done", "received")
    assert (body["by"], body["at"]) == (first["received_by"], first["received_at"])
    assert buyer.level("roll") == (Decimal(24), Decimal(600))


def test_a_line_that_came_before_is_told_too(buyer: Buyer, order: dict[str, Any]) -> None:
    first = told(buyer.receive(order, "2"), 201)
    answer = buyer.receive(order, "2", "1")
    assert problem(answer) == (409, "already_done", ["/lines/0/quantity"])
    assert answer.json()["by"] == first["received_by"]
    assert buyer.level("cheese") == (Decimal(0), Decimal(0))


def test_more_than_ordered_is_refused_unless_tolerated_or_approved(
    buyer: Buyer, order: dict[str, Any]
) -> None:
    assert problem(buyer.receive(order, "2.5", "1")) == (422, "over_receipt", ["/lines/0/quantity"])
    assert buyer.level("roll") == (Decimal(0), Decimal(0))
    with tenant_context(buyer.shop.tenant):
        StockHead.objects.update_or_create(id=1, defaults={"over_receipt_percent": Decimal(25)})
    told(buyer.receive(order, "2.5"), 201)
    body = buyer.delivery(order, "0", "9", approve_over_receipt=True)
    del body["lines"][0]
    assert told(buyer.post_delivery(order, body), 201)["is_over_receipt_approved"] is True
    assert buyer.level("cheese") == (Decimal(45), Decimal(36000))


def test_only_who_may_approves(here: Shop, buyer: Buyer, order: dict[str, Any]) -> None:
    from staff.employees.models import Role

    with tenant_context(here.tenant):
        role = Role.objects.get(code="cashier")
        role.permissions = [*role.permissions, "stock.move"]
        role.save()
    cashier = TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="cashier"))
    body = buyer.delivery(order, "3", approve_over_receipt=True)
    answer = cashier.post(f"/purchase-orders/{order['id']}/receipts", body)
    assert problem(answer)[:2] == (403, "forbidden")


def test_the_rest_is_not_coming(buyer: Buyer, order: dict[str, Any]) -> None:
    told(buyer.receive(order, "1"), 201)
    path = f"/purchase-orders/{order['id']}"
    assert problem(buyer.client.post(f"{path}/cancel", {}))[:2] == (409, "illegal_transition")
    assert told(buyer.client.post(f"{path}/close", {"reason": "sold out"}), 200)["state"] == "received"
    assert problem(buyer.receive(order, "1"))[:2] == (409, "already_done")


def test_bought_on_the_spot(buyer: Buyer) -> None:
    body = {
        "id": str(new_id()),
        "location_id": str(buyer.shop.location.id),
        "lines": [{"variant_id": buyer.variant("roll"), "quantity": "10", "unit_cost_minor": "31.5"}],
    }
    receipt = told(buyer.client.post("/goods-receipts", body), 201)
    assert (receipt["order_id"], receipt["lines"][0]["value_minor"]) == (None, "315")
    assert buyer.movements("roll") == [("purchase", Decimal(10), Decimal(315))]
    assert told(buyer.client.post("/goods-receipts", body), 201) == receipt


def test_lots_come_with_their_dates(buyer: Buyer, order: dict[str, Any]) -> None:
    cheese = buyer.shop.variants["cheese"]
    with tenant_context(buyer.shop.tenant):
        StockItem.objects.create(item=cheese.item, tracking="lot")
    line = {"order_line_id": order["lines"][1]["id"], "quantity": "5", "unit": "kg"}
    body = {"id": str(new_id()), "lines": [line]}
    assert problem(buyer.post_delivery(order, body)) == (422, "lot_needed", ["/lines/0/lots"])
    line["lots"] = [
        {"code": "L1", "quantity": "2", "expires_on": "2030-01-01"},
        {"code": "L2", "quantity": "2"},
    ]
    assert problem(buyer.post_delivery(order, body)) == (422, "lots_do_not_add_up", ["/lines/0/lots"])
    line["lots"][1]["quantity"] = "3"
    told(buyer.post_delivery(order, body), 201)
    assert buyer.movements("cheese") == [
        ("purchase", Decimal(2), Decimal(1600)),
        ("purchase", Decimal(3), Decimal(2400)),
    ]
    with tenant_context(buyer.shop.tenant):
        lots = StockLot.objects.order_by("code").values_list("code", "expires_on")
        assert [(code, str(expires)) for code, expires in lots] == [("L1", "2030-01-01"), ("L2", "None")]


def test_serials_are_one_piece_each(buyer: Buyer, order: dict[str, Any]) -> None:
    roll = buyer.shop.variants["roll"]
    with tenant_context(buyer.shop.tenant):
        StockItem.objects.create(item=roll.item, tracking="serial")
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "3", "unit": "each", "serials": ["A", "B"]}
    body = {"id": str(new_id()), "lines": [line]}
    assert problem(buyer.post_delivery(order, body)) == (422, "lots_do_not_add_up", ["/lines/0/serials"])
    line["serials"] = ["A", "B", "C"]
    told(buyer.post_delivery(order, body), 201)
    assert buyer.movements("roll") == [("purchase", Decimal(1), Decimal(25))] * 3


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"quantity": "-1"}, "invalid_input", "/lines/0/quantity"),
        ({"quantity": "NaN"}, "invalid_input", "/lines/0/quantity"),
        ({"quantity": "0"}, "quantity_out_of_range", "/lines/0/quantity"),
        ({"quantity": "1", "unit_cost_minor": "NaN"}, "invalid_input", "/lines/0/unit_cost_minor"),
        ({"quantity": "1", "unit_cost_minor": "1e3"}, "invalid_input", "/lines/0/unit_cost_minor"),
        ({"quantity": "1", "unit": "barrel"}, "unknown_unit", "/lines/0/unit"),
        ({"quantity": "1", "lots": [{"code": "L", "quantity": "1"}]}, "lots_not_kept", "/lines/0/lots"),
        ({"quantity": "1", "order_line_id": str(new_id())}, "unknown_reference", "/lines/0/order_line_id"),
    ],
    ids=["negative", "nan", "nothing", "nan-cost", "exponent", "unit", "lots", "line"],
)
def test_bad_lines_write_nothing(
    buyer: Buyer, order: dict[str, Any], said: dict[str, Any], code: str, pointer: str
) -> None:
    body = buyer.delivery(order, "1")
    body["lines"][0] |= said
    assert problem(buyer.post_delivery(order, body)) == (422, code, [pointer])
    assert (buyer.level("roll"), buyer.order(order)["state"]) == ((Decimal(0), Decimal(0)), "sent")


def test_a_draft_is_not_received(buyer: Buyer) -> None:
    buyer.supplier()
    assert problem(buyer.receive(buyer.draft(("roll", "1")), "1"))[:2] == (409, "illegal_transition")


def test_goods_sold_before_they_came_cost_what_they_cost(buyer: Buyer, order: dict[str, Any]) -> None:
    from tests.factories import order_body

    told(
        buyer.client.post("/orders", order_body((buyer.shop.variants["roll"], "4"), cash=(1000, "EUR"))), 201
    )
    told(buyer.receive(order, "2"), 201)
    assert buyer.level("roll") == (Decimal(20), Decimal(500))
