"""Orders and quotes over HTTP: answers exact, repeats byte for byte, lists of constant cost, rights, neighbours."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

from fynlo.core.ids import new_id
from fynlo.core.tenancy import platform_context, tenant_context
from fynlo.events.log import head, read_after
from pos.orders.models import Order
from pos.orders.serializers import FlagOutput, OrderOutput, QuoteOutput
from tenants.states import READ_ONLY
from tests.factories import Shop, TillClient, order_body, paired_till, published, signed_in

pytestmark = pytest.mark.django_db


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def test_a_sale_is_answered_whole(here: Shop, till: TillClient) -> None:
    body = order_body(
        (here.variants["cappuccino"], "2"),
        (here.variants["cheese"], "0.335"),
        cash=(2000, "EUR"),
        placed_at="2026-03-01T02:30:00.5+01:00",
    )
    response = till.post("/orders", body)
    assert response.status_code == 201
    told = response.json()
    device_id, digest = told.pop("device_id"), told["pricing"].pop("digest")
    assert (len(device_id), len(digest), len(told.pop("price_book"))) == (36, 64, 36)
    late = told["flags"].pop(0)
    assert (late["code"], late["placed_at"]) == ("placed_earlier", "2026-03-01T01:30:00.500Z")
    assert told == {
        "id": body["id"],
        "number": 1,
        "reference": "K1-1",
        "receipt_number": 1,
        "receipt_reference": "K1-R1",
        "revision": 1,
        "changes": 0,
        "register": {"id": str(here.register.id), "code": "K1"},
        "location": {"id": str(here.location.id), "code": "main"},
        "session_id": None,
        "employee": None,
        "owner": {"employee": None, "device_id": device_id},
        "editing": None,
        "name": None,
        "customer": None,
        "fulfilment_state": "completed",
        "payment_state": "paid",
        "opened_at": None,
        "placed_at": "2026-03-01T01:30:00.500Z",
        "business_date": "2026-02-28",
        "context": {
            "order_type": None,
            "channel": None,
            "customer_group": None,
            "exempt": False,
            "destination": None,
            "covers": 0,
            "coupons": [],
            "waived_charges": [],
        },
        "note": None,
        "kitchen_note": None,
        "internal_note": None,
        "cancelled": None,
        "lines": [
            {
                "id": body["lines"][0]["id"],
                "state": "ordered",
                "variant_id": str(here.variants["cappuccino"].id),
                "sku": "CAPPUCCINO",
                "name": "Cappuccino",
                "unit": "each",
                "quantity": "2",
                "order_type": None,
                "list_price": euro(380),
                "unit_price": euro(380),
                "price_source": "list",
                "price_list_id": None,
                "modifiers": [],
                "modifiers_price": euro(0),
                "components": [],
                "lot": None,
                "serial": None,
                "use_by": None,
                "note": None,
                "kitchen_note": None,
                "internal_note": None,
                "voided": None,
                "base": euro(760),
                "discount": euro(0),
                "amount": euro(760),
                "tax_class": "standard",
                "tax_rate": "0.19",
                "is_tax_inclusive": True,
                "taxes": [
                    {
                        "code": "standard",
                        "name": "VAT 19%",
                        "rate": "0.19",
                        "per_unit": None,
                        "is_inclusive": True,
                        "net": euro(639),
                        "tax": euro(121),
                    }
                ],
                "net": euro(639),
                "tax": euro(121),
                "total": euro(760),
            },
            {
                "id": body["lines"][1]["id"],
                "state": "ordered",
                "variant_id": str(here.variants["cheese"].id),
                "sku": "CHEESE",
                "name": "Cheese",
                "unit": "kg",
                "quantity": "0.335",
                "order_type": None,
                "list_price": euro(1299),
                "unit_price": euro(1299),
                "price_source": "list",
                "price_list_id": None,
                "modifiers": [],
                "modifiers_price": euro(0),
                "components": [],
                "lot": None,
                "serial": None,
                "use_by": None,
                "note": None,
                "kitchen_note": None,
                "internal_note": None,
                "voided": None,
                "base": euro(435),
                "discount": euro(0),
                "amount": euro(435),
                "tax_class": "zero",
                "tax_rate": "0",
                "is_tax_inclusive": True,
                "taxes": [
                    {
                        "code": "zero",
                        "name": "VAT 0%",
                        "rate": "0",
                        "per_unit": None,
                        "is_inclusive": True,
                        "net": euro(435),
                        "tax": euro(0),
                    }
                ],
                "net": euro(435),
                "tax": euro(0),
                "total": euro(435),
            },
        ],
        "discounts": [],
        "service_charges": [],
        "taxes": [
            {
                "tax_class": "standard",
                "code": "standard",
                "name": "VAT 19%",
                "rate": "0.19",
                "per_unit": None,
                "is_inclusive": True,
                "net": euro(639),
                "tax": euro(121),
                "total": euro(760),
            },
            {
                "tax_class": "zero",
                "code": "zero",
                "name": "VAT 0%",
                "rate": "0",
                "per_unit": None,
                "is_inclusive": True,
                "net": euro(435),
                "tax": euro(0),
                "total": euro(435),
            },
        ],
        "payments": [
            {
                "id": body["tenders"][0]["id"],
                "tender_type": "cash",
                "name": "Cash",
                "amount": euro(1195),
                "tendered": euro(2000),
                "change": euro(805),
                "rounding": euro(0),
                "last4": None,
                "reference": None,
                "house_account": None,
                "stored_value": None,
                "foreign": None,
            }
        ],
        "discount": euro(0),
        "service_charge": euro(0),
        "net": euro(1074),
        "tax": euro(121),
        "total": euro(1195),
        "tip": euro(0),
        "payable": euro(1195),
        "paid": euro(1195),
        "due": euro(0),
        "refunded": euro(0),
        "exchange": None,
        "is_training": False,
        "change": euro(805),
        "rounding": euro(0),
        "flags": [
            {"code": "no_open_session", "pointer": ""},
            {
                "code": "negative_stock",
                "pointer": "/lines/0/variant_id",
                "on_hand": "-2",
                "variant_id": str(here.variants["cappuccino"].id),
            },
            {
                "code": "negative_stock",
                "pointer": "/lines/1/variant_id",
                "on_hand": "-0.335",
                "variant_id": str(here.variants["cheese"].id),
            },
        ],
        "pricing": {"engine": "2", "rounding": "per_line half_up"},
        "receipt": f"/api/v1/orders/{body['id']}/receipt",
        "explanation": f"/api/v1/orders/{body['id']}/explain",
    }


def test_the_feed_position_of_a_sale_comes_with_the_answer(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        before = head()
    response = till.post("/orders", order_body((here.variants["roll"], "1")))
    assert response["Feed-Position"] == str(before + 1)
    with tenant_context(here.tenant):
        (item,) = read_after(before)
        assert (item.t, item.data) == ("order.placed", response.json())


def test_the_same_order_under_another_key_or_from_another_till_is_answered_byte_for_byte(
    here: Shop, till: TillClient
) -> None:
    body = order_body((here.variants["roll"], "3"), cash=(500, "EUR"))
    first = till.post("/orders", body)
    again = till.post("/orders", body)
    neighbour = TillClient(here.tenant, paired_till(here.tenant, register=here.second_register))
    elsewhere = neighbour.post("/orders", body)
    assert (again.status_code, again.content) == (201, first.content)
    assert (elsewhere.status_code, elsewhere.content) == (201, first.content)
    assert till.get(f"/orders/{body['id']}").content == first.content
    with tenant_context(here.tenant):
        assert Order.objects.count() == 1


def test_another_order_under_the_same_id_is_a_conflict(here: Shop, till: TillClient) -> None:
    body = order_body((here.variants["roll"], "3"))
    assert till.post("/orders", body).status_code == 201
    body["lines"][0]["quantity"] = "4"
    response = till.post("/orders", body)
    assert (response.status_code, response.json()["code"]) == (409, "order_id_conflict")
    assert [problem["pointer"] for problem in response.json()["errors"]] == ["/id"]


def test_the_employee_who_signed_in_sold_it(here: Shop, till: TillClient) -> None:
    at_work = TillClient(here.tenant, signed_in(here.tenant, till.headers))
    told = at_work.post("/orders", order_body((here.variants["roll"], "1"))).json()
    assert told["employee"]["name"].startswith("Employee ")
    assert told["device_id"] is not None


def test_an_order_is_read_again_only_when_it_has_changed(here: Shop, till: TillClient) -> None:
    body = order_body((here.variants["roll"], "1"))
    till.post("/orders", body)
    first = till.get(f"/orders/{body['id']}")
    again = till.get(f"/orders/{body['id']}", If_None_Match=first["ETag"])
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"]
    with tenant_context(here.tenant):
        Order.objects.update(flags=[], revision=2)
    changed = till.get(f"/orders/{body['id']}", If_None_Match=first["ETag"])
    assert (changed.status_code, changed.json()["flags"]) == (200, [])


def test_orders_are_listed_newest_first_and_whole(here: Shop, till: TillClient) -> None:
    told = [till.post("/orders", order_body((here.variants["roll"], str(n)))).json() for n in (1, 2, 3)]
    first = till.get("/orders?limit=2").json()
    rest = till.get(f"/orders?limit=2&cursor={first['next_cursor']}").json()
    assert first["items"] == [told[2], told[1]]
    assert rest == {"items": [told[0]], "next_cursor": None}


def test_orders_of_a_day_and_of_a_register(here: Shop, till: TillClient) -> None:
    neighbour = TillClient(here.tenant, paired_till(here.tenant, register=here.second_register))
    early = order_body((here.variants["roll"], "1"), placed_at="2026-01-02T12:00:00Z")
    late = order_body((here.variants["roll"], "1"), placed_at="2026-01-03T12:00:00Z")
    till.post("/orders", early)
    neighbour.post("/orders", late)

    def ids(query: str) -> list[str]:
        return [item["id"] for item in till.get(f"/orders?fields=id&{query}").json()["items"]]

    assert ids("business_date=2026-01-02") == [early["id"]]
    assert ids(f"register_id={here.second_register.id}") == [late["id"]]
    assert ids(f"register_id={here.second_register.id}&business_date=2026-01-02") == []


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("business_date=2026-13-01", "business_date", "invalid"),
        ("register_id=K1", "register_id", "invalid"),
        ("limit=0", "limit", "invalid"),
        ("cursor=abc", "cursor", "invalid_cursor"),
        ("state=paid", "state", "unknown_parameter"),
    ],
)
def test_questions_nobody_understands(till: TillClient, query: str, parameter: str, code: str) -> None:
    response = till.get(f"/orders?{query}")
    assert response.status_code == 400
    assert [(p["parameter"], p["code"]) for p in response.json()["errors"]] == [(parameter, code)]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_orders_takes_four_statements_however_long(
    here: Shop, till: TillClient, count: int
) -> None:
    """Orders, lines, taxes, payments; tenant and token are looked up besides."""
    for _ in range(count):
        till.post("/orders", order_body((here.variants["roll"], "1"), cash=(45, "EUR")))
    with CaptureQueriesContext(connection) as captured:
        assert len(till.get("/orders").json()["items"]) == count
    asked = [query["sql"] for query in captured if re.search('FROM "(pos_order|payments_)', query["sql"])]
    assert len(asked) == 4


def test_a_quote_says_what_it_costs_and_saves_nothing(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        here.variants["roll"].is_active = False
        here.variants["roll"].save()
        published()
        before = head()
    key = str(new_id())
    lines = [
        {"id": key, "variant_id": str(here.variants["book"].id), "quantity": "3"},
        {"variant_id": str(here.variants["roll"].id), "quantity": "1"},
    ]
    response = till.post("/quotes", {"lines": lines})
    told = response.json()
    assert (response.status_code, told["net"], told["tax"]) == (200, euro(3042), euro(603))
    assert told["total"] == euro(3645)
    assert [(line["id"], line["total"]) for line in told["lines"]] == [(key, euro(3600)), (None, euro(45))]
    assert [flag["code"] for flag in told["flags"]] == ["inactive_item"]
    with tenant_context(here.tenant):
        assert (Order.objects.count(), head()) == (0, before)


def test_a_quote_and_its_order_agree(here: Shop, till: TillClient) -> None:
    body = order_body((here.variants["cheese"], "0.335"), (here.variants["book"], "2"))
    quote = till.post("/quotes", {"lines": body["lines"]}).json()
    order = till.post("/orders", {**body, "expected_total": quote["total"]}).json()
    assert order["lines"] == quote["lines"]
    assert (order["taxes"], order["pricing"]) == (quote["taxes"], quote["pricing"])
    assert "price_mismatch" not in {flag["code"] for flag in order["flags"]}


@pytest.mark.parametrize("path", ["/orders", "/orders/{id}", "/orders/{id}/receipt"])
def test_nobody_reads_without_a_token(here: Shop, path: str) -> None:
    response = TillClient(here.tenant).get(path.format(id=new_id()))
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("path", ["/orders", "/quotes"])
def test_nobody_sells_without_a_token_or_with_the_neighbours(here: Shop, there: Shop, path: str) -> None:
    body = order_body((here.variants["roll"], "1"))
    neighbour = paired_till(there.tenant)
    for headers in ({}, {"Authorization": "Bearer nonsense"}, neighbour):
        response = TillClient(here.tenant, headers).post(path, body)
        assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    with tenant_context(here.tenant):
        assert not Order.objects.exists()


def test_the_neighbours_orders_do_not_exist_here(here: Shop, there: Shop, till: TillClient) -> None:
    neighbour = TillClient(there.tenant, paired_till(there.tenant))
    elsewhere = neighbour.post("/orders", order_body((there.variants["roll"], "1"))).json()
    assert till.get(f"/orders/{elsewhere['id']}").status_code == 404
    assert till.get("/orders").json()["items"] == []
    stolen = order_body((there.variants["roll"], "1"))
    assert till.post("/orders", stolen).json()["code"] == "unknown_variant"


@pytest.mark.django_db(transaction=True)
def test_a_merchant_who_may_only_read_reads_but_does_not_sell(
    as_owner: None, here: Shop, till: TillClient
) -> None:
    placed = till.post("/orders", order_body((here.variants["roll"], "1"))).json()
    with platform_context():
        here.tenant.state = READ_ONLY
        here.tenant.save()
    response = till.post("/orders", order_body((here.variants["roll"], "1")))
    assert (response.status_code, response.json()["code"]) == (403, "tenant_read_only")
    assert till.get(f"/orders/{placed['id']}").json() == placed


def members(serializer: BaseSerializer[Any]) -> Any:
    """The tree of member names a serializer documents."""
    if isinstance(serializer, FlagOutput):
        return ...
    if isinstance(serializer, ListSerializer):
        return [members(serializer.child)]
    if isinstance(serializer, Serializer):
        return {name: members(field) for name, field in serializer.fields.items()}
    return ...


def shape(value: Any, documented: Any) -> Any:
    """The tree of member names of an answer, as deep as it is documented."""
    if isinstance(documented, list) and value:
        return [shape(value[0], documented[0])]
    if isinstance(documented, dict) and isinstance(value, dict):
        strange = dict.fromkeys(value.keys() - documented.keys(), "undocumented")
        return {name: shape(value.get(name), inner) for name, inner in documented.items()} | strange
    return documented


def test_answers_have_the_documented_members(here: Shop, till: TillClient) -> None:
    at_work = TillClient(here.tenant, signed_in(here.tenant, till.headers))
    body = order_body((here.variants["roll"], "1"), cash=(50, "EUR"))
    order, quote = members(OrderOutput()), members(QuoteOutput())
    told = at_work.post("/orders", body).json()
    assert (shape(told, order), list(told)) == (order, list(order))
    priced = at_work.post("/quotes?explain=true", {"lines": body["lines"]}).json()
    assert (shape(priced, quote), list(priced)) == (quote, list(quote))
