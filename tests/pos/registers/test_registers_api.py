"""Locations, registers and drawers over HTTP."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import platform_context, tenant_context
from pos.registers.models import CashSession
from pos.registers.serializers import CashSessionOutput
from tenants.states import READ_ONLY
from tests.factories import LocationFactory, RegisterFactory, Shop, TillClient, order_body, paired_till

pytestmark = pytest.mark.django_db


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def sessions(shop: Shop) -> str:
    return f"/registers/{shop.register.id}/sessions"


def test_locations_with_their_clocks(here: Shop, there: Shop, till: TillClient) -> None:
    assert till.get("/locations").json() == {
        "items": [
            {
                "id": str(here.location.id),
                "code": "main",
                "name": "Café Morgenrot",
                "address": ["Torstraße 1", "10119 Berlin"],
                "tax_address": [],
                "tax_number": "",
                "time_zone": "Europe/Berlin",
                "cut_off": "04:00:00",
                "opening_hours": {},
                "is_active": True,
            }
        ],
        "next_cursor": None,
    }


def test_registers_with_their_locations(here: Shop, there: Shop, till: TillClient) -> None:
    place = {"id": str(here.location.id), "code": "main"}
    assert till.get("/registers").json()["items"] == [
        {
            "id": str(register.id),
            "code": code,
            "name": f"Till {code}",
            "location": place,
            "drawer": None,
            "is_training": False,
            "is_active": True,
        }
        for register, code in ((here.register, "K1"), (here.second_register, "K2"))
    ]


def test_registers_of_a_location(here: Shop, there: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        stand = RegisterFactory.create(code="S1", location=LocationFactory.create())
    found = till.get(f"/registers?location_id={stand.location_id}").json()["items"]
    assert [register["code"] for register in found] == ["S1"]
    assert till.get(f"/registers?location_id={there.location.id}").json()["items"] == []
    response = till.get("/registers?location_id=main")
    problems = [(problem["parameter"], problem["code"]) for problem in response.json()["errors"]]
    assert (response.status_code, problems) == (400, [("location_id", "invalid")])


@pytest.mark.parametrize("more", [1, 3])
def test_lists_take_one_statement_however_long(here: Shop, till: TillClient, more: int) -> None:
    with tenant_context(here.tenant):
        for _ in range(more):
            RegisterFactory.create(location=LocationFactory.create())
    for path, table in (("/locations", "pos_location"), ("/registers", "pos_register")):
        with CaptureQueriesContext(connection) as captured:
            till.get(path)
        assert len([query for query in captured if f'FROM "{table}"' in query["sql"]]) == 1


def test_a_day_at_the_drawer(here: Shop, till: TillClient) -> None:
    missing = till.get(f"/registers/{here.register.id}/session")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_open_session")
    opening = till.post(sessions(here), {"opening_float": euro(5000)})
    assert opening.status_code == 201
    session = opening.json()
    order = till.post("/orders", order_body((here.variants["roll"], "2"), cash=(100, "EUR"))).json()
    assert order["session_id"] == session["id"]
    assert till.get(f"/registers/{here.register.id}/session").json() == session
    closing = till.post(f"/cash-sessions/{session['id']}/close", {"counted": euro(5080)})
    told = closing.json()
    assert (closing.status_code, told["state"]) == (200, "closed")
    assert (told["expected"], told["counted"], told["variance"]) == (euro(5090), euro(5080), euro(-10))
    assert till.get(f"/registers/{here.register.id}/session").status_code == 404


def test_an_opening_sent_twice_opens_one_drawer(here: Shop, till: TillClient) -> None:
    body = {"id": str(new_id()), "opening_float": euro(5000)}
    first, again = till.post(sessions(here), body), till.post(sessions(here), body)
    assert (again.status_code, again.content) == (201, first.content)
    other = till.post(sessions(here), {"opening_float": euro(0)})
    assert (other.status_code, other.json()["code"]) == (409, "session_already_open")
    assert other.json()["session_id"] == body["id"]


OPENING_MISTAKES: list[tuple[Any, int, list[tuple[str, str]]]] = [
    ({}, 400, [("/opening_float", "required")]),
    ({"opening_float": 5000}, 400, [("/opening_float", "invalid")]),
    ({"opening_float": "50.00"}, 400, [("/opening_float", "invalid")]),
    ({"opening_float": euro(-1)}, 400, [("/opening_float/amount_minor", "negative")]),
    ({"opening_float": {"amount_minor": 1}}, 400, [("/opening_float/currency", "required")]),
    (
        {"opening_float": {"amount_minor": 1, "currency": "GBP"}},
        422,
        [("/opening_float/currency", "wrong_currency")],
    ),
    ({"opening_float": euro(0), "id": "1"}, 400, [("/id", "invalid")]),
    ({"opening_float": euro(0), "float": 1}, 400, [("/float", "unknown_field")]),
]


def test_openings_that_say_it_wrong(here: Shop, till: TillClient) -> None:
    for body, status, expected in OPENING_MISTAKES:
        response = till.post(sessions(here), body)
        found = [(problem["pointer"], problem["code"]) for problem in response.json()["errors"]]
        assert (response.status_code, found) == (status, expected), body
    with tenant_context(here.tenant):
        assert not CashSession.objects.exists()


CLOSING_MISTAKES: list[tuple[Any, int, list[tuple[str, str]]]] = [
    ({"counted": None}, 400, [("/counted", "null")]),
    ({"counted": 1.5}, 400, [("/counted", "number_not_integer")]),
    ({"counted": euro(-1)}, 400, [("/counted/amount_minor", "negative")]),
    ({"counted": {"amount_minor": 1, "currency": "JPY"}}, 422, [("/counted/currency", "wrong_currency")]),
    ({"counted_minor": 1, "counted": euro(1)}, 400, [("/counted_minor", "unknown_field")]),
]


def test_closings_that_say_it_wrong(here: Shop, till: TillClient) -> None:
    session = till.post(sessions(here), {"opening_float": euro(0)}).json()
    for body, status, expected in CLOSING_MISTAKES:
        response = till.post(f"/cash-sessions/{session['id']}/close", body)
        found = [(problem["pointer"], problem["code"]) for problem in response.json()["errors"]]
        assert (response.status_code, found) == (status, expected), body
    assert till.get(f"/registers/{here.register.id}/session").json() == session


def test_what_is_not_there_is_not_found(here: Shop, there: Shop, till: TillClient) -> None:
    with tenant_context(there.tenant):
        neighbour = there.register.id
    for register in (new_id(), neighbour):
        assert till.post(f"/registers/{register}/sessions", {"opening_float": euro(0)}).status_code == 404
        assert till.get(f"/registers/{register}/session").status_code == 404
    response = till.post(f"/cash-sessions/{new_id()}/close", {"counted": euro(0)})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert till.post("/cash-sessions/1/close", {"counted": euro(0)}).status_code == 404


def test_another_tills_drawer_is_forbidden(here: Shop, till: TillClient) -> None:
    session = till.post(sessions(here), {"opening_float": euro(0)}).json()
    other = TillClient(here.tenant, paired_till(here.tenant, register=here.second_register))
    response = other.post(f"/cash-sessions/{session['id']}/close", {"counted": euro(0)})
    assert (response.status_code, response.json()["code"]) == (403, "other_register")


def test_nobody_reaches_a_drawer_without_a_token_of_this_merchant(here: Shop, there: Shop) -> None:
    for headers in ({}, paired_till(there.tenant)):
        client = TillClient(here.tenant, headers)
        assert client.post(sessions(here), {"opening_float": euro(0)}).status_code == 401
        assert client.post(f"/cash-sessions/{new_id()}/close", {"counted": euro(0)}).status_code == 401
        for path in ("/locations", "/registers", f"/registers/{here.register.id}/session"):
            assert client.get(path).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_a_merchant_who_may_only_read_still_counts_the_evenings_money(
    as_owner: None, here: Shop, till: TillClient
) -> None:
    session = till.post(sessions(here), {"opening_float": euro(5000)}).json()
    with platform_context():
        here.tenant.state = READ_ONLY
        here.tenant.save()
    closing = till.post(f"/cash-sessions/{session['id']}/close", {"counted": euro(5000)})
    assert (closing.status_code, closing.json()["variance"]) == (200, euro(0))
    again = till.post(sessions(here), {"opening_float": euro(5000)})
    assert (again.status_code, again.json()["code"]) == (403, "tenant_read_only")


def test_a_session_has_the_documented_members(here: Shop, till: TillClient) -> None:
    assert list(till.post(sessions(here), {"opening_float": euro(0)}).json()) == list(
        CashSessionOutput().fields
    )
