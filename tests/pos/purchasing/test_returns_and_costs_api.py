"""Returns to suppliers, and what deliveries cost beyond their price, over HTTP."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from tests.factories import order_body
from tests.pos.purchasing.buying import Buyer, problem, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(buyer: Buyer) -> dict[str, Any]:
    """24 rolls for 6.00 and 5 kg of cheese for 40.00 came."""
    buyer.supplier()
    return told(buyer.receive(buyer.ordered(("roll", "2"), ("cheese", "1")), "2", "1"), 201)


def back(buyer: Buyer, receipt: dict[str, Any], quantity: str, **said: Any) -> Any:
    line = {"receipt_line_id": receipt["lines"][0]["id"], "quantity": quantity, **said}
    body = {"id": str(new_id()), "reason": "stale", "lines": [line]}
    return buyer.client.post("/supplier-returns", body)


def land(buyer: Buyer, receipt: dict[str, Any], basis: str, minor: int, **said: Any) -> Any:
    body = {
        "id": str(new_id()),
        "kind": "freight",
        "basis": basis,
        "amount": {"amount_minor": minor, "currency": "EUR"},
        "receipt_ids": [receipt["id"]],
        **said,
    }
    return buyer.client.post("/landed-costs", body)


def test_goods_go_back_once(buyer: Buyer, receipt: dict[str, Any]) -> None:
    first = told(back(buyer, receipt, "10"), 201)
    assert (first["number"], first["lines"][0]["value_minor"]) == ("SR-00001", "250")
    told(back(buyer, receipt, "13"), 201)
    assert problem(back(buyer, receipt, "2")) == (422, "over_return", ["/lines/0/quantity"])
    assert buyer.level("roll") == (Decimal(1), Decimal(25))
    told(back(buyer, receipt, "1"), 201)
    assert problem(back(buyer, receipt, "1"))[:2] == (422, "over_return")
    assert buyer.level("roll") == (Decimal(0), Decimal(0))


def test_the_same_return_again_is_the_same(buyer: Buyer, receipt: dict[str, Any]) -> None:
    line = {"receipt_line_id": receipt["lines"][0]["id"], "quantity": "4"}
    body = {"id": str(new_id()), "lines": [line, line]}
    first = told(buyer.client.post("/supplier-returns", body), 201)
    assert told(buyer.client.post("/supplier-returns", body), 201) == first
    assert buyer.level("roll") == (Decimal(16), Decimal(400))


def test_papers_of_a_return(buyer: Buyer, receipt: dict[str, Any]) -> None:
    returned = told(back(buyer, receipt, "4"), 201)
    pdf = buyer.client.get(f"/supplier-returns/{returned['id']}/document.pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    csv = buyer.client.get(f"/supplier-returns/{returned['id']}/document.csv")
    assert '"SR-00001"' in csv.content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("said", "code", "pointer"),
    [
        ({"quantity": "-1"}, "invalid_input", "/lines/0/quantity"),
        ({"unit": "barrel"}, "unknown_unit", "/lines/0/unit"),
        ({"receipt_line_id": str(new_id())}, "unknown_reference", "/lines/0/receipt_line_id"),
    ],
    ids=["negative", "unit", "line"],
)
def test_what_cannot_go_back_is_named(
    buyer: Buyer, receipt: dict[str, Any], said: dict[str, Any], code: str, pointer: str
) -> None:
    answer = back(buyer, receipt, **{"quantity": "1", **said})
    assert problem(answer) == (422, code, [pointer])
    assert buyer.level("roll") == (Decimal(24), Decimal(600))


def test_freight_by_value(buyer: Buyer, receipt: dict[str, Any]) -> None:
    cost = told(land(buyer, receipt, "value", 1000), 201)
    # 600 : 4000 of 1000 is 130.43… : 869.56…; the larger remainder gets the cent.
    assert [share["share_minor"] for share in cost["shares"]] == ["130", "870"]
    assert buyer.level("roll") == (Decimal(24), Decimal(730))
    assert buyer.level("cheese") == (Decimal(5), Decimal(4870))


def test_freight_by_quantity_and_weight(buyer: Buyer, receipt: dict[str, Any]) -> None:
    by_quantity = told(land(buyer, receipt, "quantity", 100), 201)
    assert [share["share_minor"] for share in by_quantity["shares"]] == ["83", "17"]
    roll, cheese = receipt["lines"]
    weights = [
        {"receipt_line_id": roll["id"], "weight": "1.2"},
        {"receipt_line_id": cheese["id"], "weight": "5"},
    ]
    by_weight = told(land(buyer, receipt, "weight", 101, lines=weights), 201)
    assert [share["share_minor"] for share in by_weight["shares"]] == ["20", "81"]
    assert buyer.level("cheese") == (Decimal(5), Decimal(4098))


def test_goods_sold_already_bear_their_part(buyer: Buyer, receipt: dict[str, Any]) -> None:
    roll = buyer.shop.variants["roll"]
    told(buyer.client.post("/orders", order_body((roll, "12"), cash=(1000, "EUR"))), 201)
    told(land(buyer, receipt, "value", 240, lines=[{"receipt_line_id": receipt["lines"][0]["id"]}]), 201)
    assert buyer.level("roll") == (Decimal(12), Decimal(420))


def test_a_cost_is_taken_back_once(buyer: Buyer, receipt: dict[str, Any]) -> None:
    cost = told(land(buyer, receipt, "value", 1000), 201)
    path = f"/landed-costs/{cost['id']}"
    reverted = told(buyer.client.post(f"{path}/revert", {"id": str(new_id())}), 201)
    assert (reverted["amount_minor"], reverted["reverts_id"]) == ("-1000", cost["id"])
    assert buyer.level("roll") == (Decimal(24), Decimal(600))
    again = buyer.client.post(f"{path}/revert", {"id": str(new_id())})
    assert (problem(again)[:2], again.json()["by"]) == ((409, "already_done"), reverted["by"])
    assert told(buyer.client.get(path), 200)["reverted_by_id"] == reverted["id"]


def test_an_invoice_says_otherwise(buyer: Buyer, receipt: dict[str, Any]) -> None:
    line = {"receipt_line_id": receipt["lines"][0]["id"], "unit_cost_minor": "312"}
    cost = told(
        land(buyer, receipt, "stated", 0, kind="invoice", amount=None, receipt_ids=[], lines=[line]), 201
    )
    assert cost["amount_minor"] == "24"
    assert buyer.level("roll") == (Decimal(24), Decimal(624))
    line["unit_cost_minor"] = "290.5"
    cost = told(
        land(buyer, receipt, "stated", 0, kind="invoice", amount=None, receipt_ids=[], lines=[line]), 201
    )
    assert cost["amount_minor"] == "-43"
    assert buyer.level("roll") == (Decimal(24), Decimal(581))


@pytest.mark.parametrize(
    ("basis", "said", "code", "pointer"),
    [
        ("value", {"receipt_ids": [str(new_id())]}, "unknown_reference", "/receipt_ids/0"),
        ("value", {"amount": None}, "nothing_to_share", "/amount"),
        ("value", {"receipt_ids": []}, "nothing_to_share", "/basis"),
        ("weight", {}, "nothing_to_share", "/basis"),
        ("mood", {}, "invalid_input", "/basis"),
    ],
    ids=["receipt", "amount", "nobody", "weight", "basis"],
)
def test_what_cannot_be_shared_is_named(
    buyer: Buyer, receipt: dict[str, Any], basis: str, said: dict[str, Any], code: str, pointer: str
) -> None:
    assert problem(land(buyer, receipt, basis, 100, **said)) == (422, code, [pointer])
    assert buyer.level("roll") == (Decimal(24), Decimal(600))


def test_costs_of_a_delivery(buyer: Buyer, receipt: dict[str, Any]) -> None:
    cost = told(land(buyer, receipt, "value", 1000), 201)

    def ids(query: str) -> list[str]:
        return [row["id"] for row in buyer.client.get(f"/landed-costs?{query}").json()["items"]]

    assert ids(f"receipt_id={receipt['id']}") == [cost["id"]]
    assert ids(f"receipt_id={new_id()}") == []
