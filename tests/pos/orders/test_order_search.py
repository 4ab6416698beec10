"""Finding orders again over HTTP: by numbers, amounts, customers and cards; a constant number of statements."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.orders.models import Order
from pos.orders.queries.search import OrderSearch, search_orders
from tests.factories import Shop, TenderTypeFactory, TillClient, order_body, paired_till
from tests.pos.orders.tickets import Json, cash, line, opened, paid

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def second(here: Shop) -> TillClient:
    """A till at the same location's other register."""
    return TillClient(here.tenant, paired_till(here.tenant, register=here.second_register))


def found(till: TillClient, query: str) -> list[str]:
    """The references of what a search finds."""
    response = till.get(f"/orders?{query}")
    assert response.status_code == 200, response.json()
    return [each["reference"] for each in response.json()["items"]]


def sold(till: TillClient, here: Shop, name: str = "roll", quantity: str = "1", **said: Any) -> Json:
    body = order_body((here.variants[name], quantity), cash=(100_000, "EUR"), **said)
    response = till.post("/orders", body)
    assert response.status_code == 201, response.json()
    told: Json = response.json()
    return told


def test_an_order_is_found_by_its_number_and_its_receipts(
    here: Shop, till: TillClient, second: TillClient
) -> None:
    ticket = opened(till, line(here, "cappuccino"))
    sold(till, here)
    sold(second, here)
    paid(second, ticket["id"], cash(380))
    assert found(till, "number=K1-1") == ["K1-1"]
    assert found(till, "number=1") == ["K2-1", "K1-1"]
    assert found(till, "number=k1-r1") == ["K1-2"]
    assert found(till, "number=K2-R2") == ["K1-1"]
    assert found(till, "q=R1") == ["K2-1", "K1-2"]
    assert found(till, "number=K9-1") == []


def test_an_order_is_found_by_amount_customer_and_name(here: Shop, till: TillClient) -> None:
    sold(till, here, "roll", "2", customer="Sommer 0170 1234")
    opened(till, line(here, "cappuccino"), name="Sommerfest")
    sold(till, here, "cappuccino")
    assert found(till, "amount=380") == ["K1-3", "K1-2"]
    assert found(till, "amount=90") == ["K1-1"]
    assert found(till, "customer=sommer") == ["K1-1"]
    assert found(till, "q=sommer") == ["K1-2", "K1-1"]
    assert found(till, "q=0170%201234&amount=90") == ["K1-1"]


def test_an_order_is_found_by_the_last_digits_of_a_card(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="card", name="Card", kind="card")
    tender = {"id": str(new_id()), "tender_type": "card", "amount": {"amount_minor": 45, "currency": "EUR"}}
    body = order_body((here.variants["roll"], "1")) | {"tenders": [{**tender, "last4": "4242"}]}
    assert till.post("/orders", body).status_code == 201
    sold(till, here)
    assert found(till, "card_last4=4242") == ["K1-1"]
    assert found(till, "card_last4=4243") == []


def test_states_places_and_days_narrow_it_down(here: Shop, till: TillClient, second: TillClient) -> None:
    opened(till, line(here, "roll"))
    sold(till, here, placed_at="2026-03-01T12:00:00Z")
    sold(second, here, placed_at="2026-03-02T12:00:00Z")
    assert found(till, "fulfilment=draft") == ["K1-1"]
    assert found(till, "payment=paid") == ["K2-1", "K1-2"]
    assert found(till, f"register_id={here.second_register.pk}") == ["K2-1"]
    assert found(till, "from=2026-03-01&to=2026-03-01") == ["K1-2"]
    assert found(till, "business_date=2026-03-02") == ["K2-1"]
    assert found(till, f"location_id={here.location.pk}&payment=paid") == ["K2-1", "K1-2"]


def test_a_search_says_how_far_back_it_looked(here: Shop, till: TillClient) -> None:
    sold(till, here, placed_at="2026-03-01T12:00:00Z")
    named = till.get("/orders?amount=45&from=2026-02-01&to=2026-03-05").json()
    assert named["searched"] == {"from": "2026-02-01", "to": "2026-03-05"}
    assert [each["reference"] for each in named["items"]] == ["K1-1"]
    usual = till.get("/orders?amount=45").json()["searched"]
    days = dt.date.fromisoformat(usual["to"]) - dt.date.fromisoformat(usual["from"])
    assert days.days == 92
    assert "searched" not in till.get("/orders?number=K1-1").json()


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("number=K1%20x", "number", "number"),
        ("card_last4=42", "card_last4", "last4"),
        ("amount=3.80", "amount", "invalid"),
        ("amount=45&from=2024-01-01&to=2026-01-01", "from", "period_too_long"),
        ("from=2026-01-02&to=2026-01-01", "to", "out_of_range"),
        ("fulfilment=eaten", "fulfilment", "invalid_choice"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(
    here: Shop, till: TillClient, query: str, parameter: str, code: str
) -> None:
    response = till.get(f"/orders?{query}")
    assert response.status_code == 400
    (problem,) = response.json()["errors"]
    assert problem["parameter"] == parameter


@pytest.mark.parametrize(
    ("query", "statements"),
    [("amount=45", 8), ("q=som&customer=omm", 8), ("number=1", 9), ("number=R1", 11)],
)
@pytest.mark.parametrize("count", [1, 3])
def test_a_search_takes_as_many_statements_however_much_it_finds(
    here: Shop, till: TillClient, query: str, statements: int, count: int
) -> None:
    for _ in range(count):
        sold(till, here, customer="Sommer")
    with CaptureQueriesContext(connection) as captured:
        assert till.get(f"/orders?{query}").status_code == 200
    assert len(captured) == statements


@pytest.mark.parametrize(
    "wanted",
    [
        OrderSearch(number="K1-17"),
        OrderSearch(number="R17"),
        OrderSearch(amount_minor=45),
        OrderSearch(customer="Sommer"),
        OrderSearch(card_last4="4242"),
    ],
    ids=["number", "receipt", "amount", "customer", "card"],
)
def test_a_search_reads_orders_by_an_index(here: Shop, till: TillClient, wanted: OrderSearch) -> None:
    sold(till, here)
    with tenant_context(here.tenant), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = search_orders(wanted=wanted, today=TODAY).orders.explain()
    assert "Seq Scan on pos_order " not in plan


def test_the_other_merchants_orders_are_not_found(here: Shop, there: Shop, till: TillClient) -> None:
    sold(till, here, customer="Sommer")
    other = TillClient(there.tenant, paired_till(there.tenant))
    for query in ("number=K1-1", "number=K1-R1", "q=Sommer", "amount=45"):
        assert found(other, query) == []
    with tenant_context(there.tenant):
        assert Order.objects.count() == 0
