"""Refunds over HTTP: approvals, facts and questions, repeats, rights, neighbours."""

from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.configuration import ReceiptlessSection, RefundsSection
from pos.inventory.models import StockMovement
from pos.orders import refund_policy
from pos.orders.models import Refund
from pos.orders.serializers.refunds import RefundableOutput, RefundOutput
from pos.registers.models import Register
from staff.employees.services import EmployeeDraft, create_employee
from tests.factories import Shop, TenderTypeFactory, TillClient, order_body, paired_till, signed_in

pytestmark = pytest.mark.django_db


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def sell(here: Shop, till: TillClient, *, count: str = "2", **said: Any) -> dict[str, Any]:
    body = order_body((here.variants["cappuccino"], count), cash=(100_000, "EUR"), **said)
    answer = till.post("/orders", body)
    assert answer.status_code == 201, answer.content
    told: dict[str, Any] = answer.json()
    return told


def of(order: dict[str, Any], quantity: str = "1", **said: Any) -> dict[str, Any]:
    line = {"order_line_id": order["lines"][0]["id"], "quantity": quantity}
    return {"id": str(new_id()), "lines": [line], "reason": "cold", **said}


def refund(till: TillClient, order: dict[str, Any], body: dict[str, Any], **headers: str) -> Any:
    return till.post(f"/orders/{order['id']}/refunds", body, **headers)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets what the merchant's file would say under `pos.refunds`."""

    def say(**said: Any) -> None:
        section = RefundsSection(**said)

        class Pos:
            refunds = section

        monkeypatch.setattr(refund_policy, "current_section", lambda **_: Pos())

    return say


def test_a_refund_is_answered_whole_and_found_again(here: Shop, till: TillClient) -> None:
    order = sell(here, till)
    body = of(order)
    answer = refund(till, order, body)
    assert answer.status_code == 201
    told = answer.json()
    assert told["amount"] == euro(380)
    assert till.get(f"/refunds/{body['id']}").json() == told
    assert till.get(f"/orders/{order['id']}/refunds").json() == {"items": [told]}
    assert till.get("/refunds").json()["items"] == [told]
    assert till.get(f"/refunds?order_id={order['id']}").json()["items"] == [told]
    assert set(told) == set(RefundOutput().fields)
    left = till.get(f"/orders/{order['id']}/refundable").json()
    assert set(left) == set(RefundableOutput().fields)
    assert (left["left"], left["lines"][0]["left"]) == (euro(380), "1")
    assert till.get(f"/orders/{order['id']}").json()["payment_state"] == "part_refunded"


def test_the_same_refund_under_another_key_is_answered_the_same(here: Shop, till: TillClient) -> None:
    order = sell(here, till)
    body = of(order)
    first = refund(till, order, body)
    again = refund(till, order, body)
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    other = refund(till, order, {**body, "reason": "late"})
    assert (other.status_code, other.json()["code"]) == (409, "refund_id_conflict")


def test_beyond_the_limit_a_question_needs_an_approval(here: Shop, till: TillClient) -> None:
    order = sell(here, till, count="20")
    body = of(order, "20")
    asked = refund(till, order, body)
    assert (asked.status_code, asked.json()["code"]) == (403, "approval_required")
    assert (asked.json()["limit"], asked.json()["asked"]) == ("refund_minor", 7600)
    with tenant_context(here.tenant):
        assert not Refund.objects.exists()


def test_beyond_the_limit_a_fact_is_recorded_and_flagged(here: Shop, till: TillClient) -> None:
    order = sell(here, till, count="20", placed_at="2026-11-01T10:00:00Z")
    told = refund(till, order, of(order, "20", at="2026-11-01T11:00:00Z")).json()
    assert "refund_over_limit" in [flag["code"] for flag in told["flags"]]
    assert (told["at"], told["amount"]) == ("2026-11-01T11:00:00.000Z", euro(7600))


@pytest.mark.parametrize(
    ("stated", "counts"),
    [("2026-11-01T09:58:00Z", "2026-11-01T10:00:00.000Z"), ("2099-01-01T00:00:00Z", None)],
    ids=["runs behind", "runs ahead"],
)
def test_money_that_went_back_by_a_wrong_clock_is_recorded_and_flagged(
    here: Shop, till: TillClient, stated: str, counts: str | None
) -> None:
    """The money is out of the drawer: nothing goes back before it was sold, nor after now."""
    order = sell(here, till, placed_at="2026-11-01T10:00:00Z")
    told = refund(till, order, of(order, at=stated)).json()
    assert told["at"] == (counts or told["recorded_at"])
    assert [(flag["pointer"], flag["paid_at"]) for flag in told["flags"] if flag["code"] == "clock_skew"] == [
        ("/at", stated.replace("Z", ".000Z"))
    ]
    line = {"variant_id": str(here.variants["roll"].id), "quantity": "1"}
    loose = till.post("/refunds", {"id": str(new_id()), "lines": [line], "at": "2099-01-01T00:00:00Z"}).json()
    assert "clock_skew" in [flag["code"] for flag in loose["flags"]]


def test_a_fact_beyond_what_was_sold_is_refused(here: Shop, till: TillClient) -> None:
    order = sell(here, till, placed_at="2026-11-01T10:00:00Z")
    answer = refund(till, order, of(order, "3", at="2026-11-01T11:00:00Z"))
    assert (answer.status_code, answer.json()["code"]) == (409, "refund_exceeds_sale")
    assert answer.json()["errors"][0]["pointer"] == "/lines/0/quantity"


def test_after_the_window_a_question_needs_an_approval(here: Shop, till: TillClient, rules: Any) -> None:
    rules(window_days=14)
    order = sell(here, till, placed_at="2026-03-01T10:00:00Z")
    asked = refund(till, order, of(order))
    assert (asked.status_code, asked.json()["reasons"]) == (403, ["refund_after_window"])
    told = refund(till, order, of(order, at="2026-04-01T11:00:00Z")).json()
    assert "refund_after_window" in [flag["code"] for flag in told["flags"]]
    in_time = refund(till, order, of(order, at="2026-03-10T11:00:00Z")).json()
    assert "refund_after_window" not in [flag["code"] for flag in in_time["flags"]]


def test_a_manager_needs_nobody(here: Shop, till: TillClient, rules: Any) -> None:
    rules(window_days=0, approval_over_minor=0)
    order = sell(here, till, placed_at="2026-03-01T10:00:00Z")
    manager = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))
    assert refund(manager, order, of(order)).status_code == 201


def test_without_a_receipt_nothing_goes_back_unless_the_merchant_says_so(
    here: Shop, till: TillClient, rules: Any
) -> None:
    body = {"id": str(new_id()), "lines": [{"variant_id": str(here.variants["roll"].id), "quantity": "2"}]}
    refused = till.post("/refunds", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "receipt_needed")
    rules(receiptless=ReceiptlessSection(allowed=True, max_minor=100, needs_approval=False))
    told = till.post("/refunds", body)
    assert told.status_code == 201, told.content
    assert (told.json()["kind"], told.json()["order_id"], told.json()["amount"]) == ("loose", None, euro(90))
    assert till.post("/refunds", body).json() == told.json()
    with tenant_context(here.tenant):
        assert [str(each.quantity) for each in StockMovement.objects.filter(kind="adjustment")] == [
            "2.000000"
        ]
    more = {**body, "id": str(new_id()), "lines": [{**body["lines"][0], "quantity": "3"}]}  # type: ignore[dict-item]
    assert till.post("/refunds", more).json()["errors"][0]["pointer"] == "/lines"


def test_without_a_receipt_somebody_has_to_approve(here: Shop, till: TillClient, rules: Any) -> None:
    rules(receiptless=ReceiptlessSection(allowed=True))
    body = {
        "id": str(new_id()),
        "lines": [
            {"variant_id": str(here.variants["roll"].id), "quantity": "1", "unit_price": euro(40)},
        ],
    }
    asked = till.post("/refunds", body)
    assert (asked.status_code, asked.json()["action"]) == (403, "receiptless")
    told = till.post("/refunds", {**body, "at": "2026-03-01T10:00:00Z"}).json()
    assert "refund_without_approval" in [flag["code"] for flag in told["flags"]]
    assert told["amount"] == euro(40)


def test_what_happened_without_a_receipt_is_recorded_whatever_the_rules(here: Shop, till: TillClient) -> None:
    line = {"variant_id": str(here.variants["roll"].id), "quantity": "1"}
    told = till.post("/refunds", {"id": str(new_id()), "lines": [line], "at": "2026-03-01T10:00:00Z"}).json()
    assert "refund_without_receipt" in [flag["code"] for flag in told["flags"]]


@pytest.mark.parametrize(
    ("tender", "pointer", "code"),
    [
        ({"last4": "12a4"}, "/tenders/0/last4", "last4"),
        ({"reference": "4111 1111 1111 1111"}, "/tenders/0/reference", "card_number"),
        ({"reference": "pan=5500-0000-0000-0004;x"}, "/tenders/0/reference", "card_number"),
    ],
    ids=["letters", "number", "hidden"],
)
def test_card_numbers_are_not_taken(
    here: Shop, till: TillClient, tender: dict[str, str], pointer: str, code: str
) -> None:
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="card", name="Card", kind="card")
    body = order_body((here.variants["roll"], "1"))
    body["tenders"] = [{"id": str(new_id()), "tender_type": "card", "amount": euro(45), **tender}]
    answer = till.post("/orders", body)
    assert answer.status_code == 400
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]


def test_what_a_reader_says_stands_with_the_payment(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="card", name="Card", kind="card")
    body = order_body((here.variants["roll"], "1"))
    said = {"last4": "4242", "reference": "RRN 123456789012"}
    body["tenders"] = [{"id": str(new_id()), "tender_type": "card", "amount": euro(45), **said}]
    (payment,) = till.post("/orders", body).json()["payments"]
    assert (payment["last4"], payment["reference"], payment["house_account"]) == (
        "4242",
        "RRN 123456789012",
        None,
    )


def test_an_approval_lets_a_question_through_once(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        draft = EmployeeDraft(number="77", name="Ada", role="manager")
        create_employee(draft=draft, pin="4711", actor=SYSTEM, at=clock.now())
    order = sell(here, till, count="40")
    approval = {
        "action": "refund",
        "subject_id": order["id"],
        "amount": euro(7600),
        "number": "77",
        "pin": "4711",
    }
    token = till.post("/approvals", approval).json()["token"]
    told = refund(till, order, of(order, "20", approval=token))
    assert told.status_code == 201, told.content
    assert told.json()["approver"]["name"] == "Ada"
    again = refund(till, order, of(order, "20", approval=token))
    assert (again.status_code, again.json()["code"]) == (403, "approval_invalid")


def test_a_register_for_practice_gives_nothing_back(here: Shop, till: TillClient) -> None:
    order = sell(here, till)
    with tenant_context(here.tenant):
        Register.objects.update(is_training=True)
    answer = refund(till, order, of(order))
    assert (answer.status_code, answer.json()["code"]) == (409, "only_practice")


def test_the_neighbours_orders_are_not_refunded(here: Shop, there: Shop, till: TillClient) -> None:
    order = sell(here, till)
    neighbour = TillClient(there.tenant, paired_till(there.tenant))
    for answer in (
        refund(neighbour, order, of(order)),
        neighbour.get(f"/orders/{order['id']}/refunds"),
        neighbour.get(f"/orders/{order['id']}/refundable"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_goods_are_exchanged_over_http(here: Shop, till: TillClient) -> None:
    order = sell(here, till)
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "2"}
    body = {
        "id": str(new_id()),
        "refund": {"order_id": order["id"], "lines": [line], "reason": "other size"},
        "order": order_body((here.variants["roll"], "2")),
    }
    first = till.post("/exchanges", body)
    assert first.status_code == 201, first.content
    told = first.json()
    given = [(each["tender_type"], each["given"]["amount_minor"]) for each in told["refund"]["tenders"]]
    assert given == [("exchange", 90), ("cash", 670)]
    assert (told["order"]["payment_state"], told["order"]["exchange"]) == (
        "paid",
        {"refund_id": body["id"]},
    )
    assert till.post("/exchanges", body).json() == told


def test_money_of_an_exchange_is_nobodys_to_hand_over(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="exchange", name="Exchange", kind="exchange")
    body = order_body((here.variants["roll"], "1"))
    body["tenders"] = [{"id": str(new_id()), "tender_type": "exchange", "amount": euro(45)}]
    answer = till.post("/orders", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "tender_invalid")
