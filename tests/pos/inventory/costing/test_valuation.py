"""What stock is worth, now and in the past; what lines cost; and revaluing what is there."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.clock import rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after
from pos.inventory.models import StockMovement
from pos.inventory.places import Place
from pos.inventory.queries.costs import Moment, cost_of_goods, stock_valuation, unit_costs
from staff.employees.models import Employee
from tests.factories import LocationFactory, Shop, TillClient, paired_till, signed_in
from tests.pos.inventory.costing.stock import adds_up, hour, level, move, settled, worth

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here: Shop) -> TillClient:
    """A manager at the till."""
    return TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))


@pytest.fixture
def stocked(here: Shop) -> Shop:
    """Rolls: ten came at hour 1 for 1000, four went at hour 3, ten more for 2000 came at 2, typed in at 9."""
    with tenant_context(here.tenant):
        move(here, "purchase", "10", value="1000", at=1)
        move(here, "sale", "-4", at=3)
        settled(here, at=4)
        move(here, "purchase", "10", value="2000", at=2, recorded_at=9)
        settled(here, at=9)
        move(here, "purchase", "0.5", value="100.5", name="cheese", at=5)
        settled(here, "cheese", at=9)
    return here


def rolls(shop: Shop, **moment: dt.datetime | dt.date) -> tuple[str, str] | None:
    with tenant_context(shop.tenant):
        place = Place(shop.location.id, shop.variants["roll"].id)
        found = {each.place: each for each in stock_valuation(moment=Moment(**moment))}.get(place)
    return (
        None if found is None else (f"{found.quantity.normalize():f}", f"{found.value_minor.normalize():f}")
    )


def test_stock_at_any_moment_is_worth_what_it_was_worth_then(stocked: Shop) -> None:
    assert rolls(stocked) == ("16", "2400")
    assert rolls(stocked, at=hour(0.5)) is None
    assert rolls(stocked, at=hour(1)) == ("10", "1000")
    assert rolls(stocked, at=hour(2)) == ("20", "3000")
    assert rolls(stocked, at=hour(3)) == ("16", "2400")
    assert rolls(stocked, date=dt.date(2026, 3, 1)) == ("16", "2400")
    assert rolls(stocked, date=dt.date(2026, 2, 28)) is None


def test_what_was_known_then(stocked: Shop) -> None:
    assert rolls(stocked, at=hour(2), known_at=hour(8)) == ("10", "1000")
    assert rolls(stocked, known_at=hour(8)) == ("6", "600")
    assert rolls(stocked, known_at=hour(9)) == ("16", "2400")


def test_what_an_order_line_cost(here: Shop) -> None:
    line, other = new_id(), new_id()
    with tenant_context(here.tenant):
        move(here, "purchase", "10", value="1000", at=1)
        sale = move(here, "sale", "-4", at=3, order_line_id=line)
        move(here, "sale", "-1", name="cheese", at=3, order_line_id=line)
        move(here, "purchase", "1", name="cheese", value="7", at=4)
        move(here, "return", "1", at=5, original=sale, order_line_id=line)
        move(here, "sale", "-1", at=6, order_line_id=other)
        settled(here, "roll", "cheese")
        assert cost_of_goods([line, other, new_id()]) == {line: Decimal(307), other: Decimal(100)}
        assert cost_of_goods([]) == {}


def test_what_the_next_unit_costs(stocked: Shop) -> None:
    with tenant_context(stocked.tenant):
        move(stocked, "sale", "-1", name="book", at=3)
        settled(stocked, "book")
        variants = [variant.id for variant in stocked.variants.values()]
        assert unit_costs(variants, stocked.location.id) == {
            stocked.variants["roll"].id: Decimal(150),
            stocked.variants["cheese"].id: Decimal(201),
        }
        assert unit_costs(variants, LocationFactory.create().id) == {}


def test_the_value_of_stock_over_http(stocked: Shop, manager: TillClient) -> None:
    told = manager.get("/stock-valuation").json()
    assert told["currency"] == "EUR"
    assert told["totals"] == {
        "value_minor": "2500.5",
        "value": {"amount_minor": 2501, "currency": "EUR"},
        "level_count": 2,
    }
    (roll, cheese) = told["items"]
    del roll["id"]
    assert roll == {
        "variant_id": str(stocked.variants["roll"].id),
        "location_id": str(stocked.location.id),
        "sku": "ROLL",
        "name": stocked.variants["roll"].item.name,
        "unit": "each",
        "quantity": "16",
        "value_minor": "2400",
        "average_cost_minor": "150",
    }
    assert (cheese["quantity"], cheese["average_cost_minor"]) == ("0.5", "201")


@pytest.mark.parametrize(
    ("query", "values", "total"),
    [
        ("at=2026-03-01T02:00:00Z", ["3000"], 3000),
        ("at=2026-03-01T05:00:00Z&q=chee", ["100.5"], 101),
        ("at=2026-03-01T05:00:00Z&known_at=2026-03-01T04:30:00Z", ["600"], 600),
        ("date=2026-03-01", ["2400", "100.5"], 2501),
        ("date=2026-02-28", [], 0),
        ("limit=1", ["2400"], 2501),
        (f"location_id={new_id()}", [], 0),
        (f"category_id={new_id()}&date=2026-03-01", [], 0),
    ],
    ids=["at", "search", "known", "day", "before", "page", "elsewhere", "category"],
)
def test_filters_of_the_valuation(
    stocked: Shop, manager: TillClient, query: str, values: list[str], total: int
) -> None:
    told = manager.get(f"/stock-valuation?{query}").json()
    assert [row["value_minor"] for row in told["items"]] == values
    assert told["totals"]["value"]["amount_minor"] == total


@pytest.mark.parametrize("names", [("roll",), ("roll", "cheese", "book")])
@pytest.mark.parametrize("query", ["", "?date=2026-03-01"])
def test_the_valuation_takes_two_statements_however_long(
    here: Shop, manager: TillClient, names: tuple[str, ...], query: str
) -> None:
    with tenant_context(here.tenant):
        for name in names:
            move(here, "purchase", "1", value="10", name=name, at=1)
    with CaptureQueriesContext(connection) as captured:
        assert len(manager.get(f"/stock-valuation{query}").json()["items"]) == len(names)
    assert len([each for each in captured if re.search("pos_stock", each["sql"])]) == 2


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("date=2026-13-01", "date"), ("at=now", "at"), ("at=2026-03-01T02:00:00Z&date=2026-03-01", "at")],
)
def test_moments_nobody_understands(manager: TillClient, query: str, parameter: str) -> None:
    answer = manager.get(f"/stock-valuation?{query}")
    assert answer.status_code == 400
    assert [each["parameter"] for each in answer.json()["errors"]] == [parameter]


def revaluation(shop: Shop, name: str = "roll", **said: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "location_id": str(shop.location.id),
        "variant_id": str(shop.variants[name].id),
        "reason": "water damage",
        **said,
    }


def test_what_is_there_is_revalued_by_its_unit_cost(stocked: Shop, manager: TillClient) -> None:
    with tenant_context(stocked.tenant):
        before = head()
        sale = StockMovement.objects.get(kind="sale")
    body = revaluation(stocked, unit_cost_minor="120.25")
    answer = manager.post("/stock-revaluations", body)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["value_before_minor"], told["value_minor"], told["unit_cost_minor"]) == (
        "2400",
        "1924",
        "120.25",
    )
    with tenant_context(stocked.tenant):
        told_of = [item.t for item in read_after(before) if not item.t.startswith("stock.alert")]
        assert told_of == ["stock.levels_changed", "stock.moved"]
        assert level(stocked).unit_cost_minor == Decimal("120.25")
        assert worth(sale) == -600
        moved = StockMovement.objects.get(document_id=body["id"])
        assert (moved.value_minor, moved.is_valued, moved.reason) == (-476, True, "water damage")
        assert adds_up()
    assert rolls(stocked, at=hour(20)) == ("16", "2400")


def test_or_by_a_difference_in_all(stocked: Shop, manager: TillClient) -> None:
    told = manager.post("/stock-revaluations", revaluation(stocked, difference_minor="-1600")).json()
    assert (told["value_minor"], told["unit_cost_minor"]) == ("800", "50")


def test_the_same_revaluation_is_made_once(stocked: Shop, manager: TillClient) -> None:
    body = revaluation(stocked, unit_cost_minor="1")
    assert manager.post("/stock-revaluations", body).status_code == 201
    again = manager.post("/stock-revaluations", body)
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    with tenant_context(stocked.tenant):
        moved = StockMovement.objects.get(document_id=body["id"])
        who = Employee.objects.get(pk=moved.employee_id).name
        assert again.json()["detail"] == f"{who} did this at {rfc3339(moved.recorded_at)}."


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({}, "", "one_of"),
        ({"unit_cost_minor": "1", "difference_minor": "1"}, "", "one_of"),
        ({"unit_cost_minor": "NaN"}, "/unit_cost_minor", "invalid"),
        ({"unit_cost_minor": "-1"}, "/unit_cost_minor", "invalid"),
        ({"unit_cost_minor": "1e3"}, "/unit_cost_minor", "invalid"),
        ({"unit_cost_minor": 12}, "/unit_cost_minor", "invalid"),
        ({"difference_minor": "Infinity"}, "/difference_minor", "invalid"),
        ({"unit_cost_minor": "150"}, "/unit_cost_minor", "unchanged"),
        ({"difference_minor": "-2400.000001"}, "/difference_minor", "below_zero"),
        ({"unit_cost_minor": "1", "reason": " "}, "/reason", "blank"),
    ],
    ids=["nothing", "both", "nan", "negative", "exponent", "number", "infinity", "same", "below", "reason"],
)
def test_revaluations_that_cannot_be(
    stocked: Shop, manager: TillClient, said: dict[str, Any], pointer: str, code: str
) -> None:
    with tenant_context(stocked.tenant):
        before = StockMovement.objects.count()
    answer = manager.post("/stock-revaluations", revaluation(stocked, **said))
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [(pointer, code)]
    with tenant_context(stocked.tenant):
        assert StockMovement.objects.count() == before


def test_nothing_cannot_be_revalued(stocked: Shop, manager: TillClient) -> None:
    answer = manager.post("/stock-revaluations", revaluation(stocked, "book", unit_cost_minor="1"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "nothing_in_stock")


def test_revaluing_needs_its_permission(stocked: Shop, till: TillClient) -> None:
    assert till.post("/stock-revaluations", revaluation(stocked, unit_cost_minor="1")).status_code == 403
