"""Theoretical against actual use: one example by hand (docs/concepts/recipes.md), and its edges."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.models import StockMovement
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle
from tests.pos.inventory.recipes.kitchens import Kitchen

pytestmark = pytest.mark.django_db
SUNDAY = dt.date(2026, 3, 1)


def move(
    bistro: Kitchen, kind: str, day: int, *, document: Any = None, **moved: tuple[str, str | None]
) -> list[Any]:
    """Record movements at noon of a day of March: (quantity, stated value or None) by name."""
    at = dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC)
    with tenant_context(bistro.shop.tenant), unit_of_work():
        cause = Cause(
            kind=kind,
            location_id=bistro.shop.location.pk,
            at=at,
            business_date=at.date(),
            recorded_at=at,
            document_id=document,
        )
        changes = [
            StockChange(
                variant_id=bistro.goods[name].pk,
                quantity=Decimal(quantity),
                value_minor=None if value is None else Decimal(value),
            )
            for name, (quantity, value) in moved.items()
        ]
        record_movements(cause=cause, changes=changes)
        settle(levels=[(bistro.shop.location.pk, change.variant_id) for change in changes], at=at)
        return [row.pk for row in StockMovement.objects.filter(kind=kind, at=at).order_by("id")]


@pytest.fixture
def week(bistro: Kitchen) -> Kitchen:
    """Sunday's shelf, then Monday to Wednesday: a delivery, sales, a batch, waste and a count."""
    move(bistro, "purchase", 1, beef=("5000", "7500"), bun=("50", "1500"), tomato=("3000", "600"))
    move(bistro, "purchase", 2, beef=("2000", "3000"))
    # Ten burgers of 200 g of beef and a bun; one bun came back.
    move(bistro, "sale", 2, beef=("-2000", None), bun=("-10", None))
    move(bistro, "return", 3, bun=("1", None))
    # 1500 g of tomatoes made a litre of sauce, of which the burgers had 300 ml.
    move(bistro, "production", 3, document=new_id(), tomato=("-1500", None), sauce=("1000", None))
    move(bistro, "sale", 3, sauce=("-300", None))
    move(bistro, "waste", 4, beef=("-200", None))
    # 4700 g were counted where 5000 + 2000 − 2000 − 200 = 4800 should have been.
    move(bistro, "count", 4, beef=("-100", None))
    # Thursday is not asked for.
    move(bistro, "sale", 5, beef=("-400", None))
    return bistro


def report(bistro: Kitchen, query: str = "from=2026-03-02&to=2026-03-04") -> Any:
    answer = bistro.till.get(f"/stock-usage?{query}")
    assert answer.status_code == 200, answer.json()
    return answer.json()


def amounts(row: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {
        name: (value["quantity"], value["value_minor"])
        for name, value in row.items()
        if isinstance(value, dict) and value["quantity"] != "0"
    }


def test_the_worked_example(week: Kitchen) -> None:
    told = report(week)
    rows = {row["sku"]: row for row in told["items"]}
    beef = rows["K-BEEF"]
    assert amounts(beef) == {
        "opening": ("5000", "7500"),
        "received": ("2000", "3000"),
        "theoretical": ("2000", "3000"),
        "actual": ("2100", "3150"),
        "waste": ("200", "300"),
        "variance": ("100", "150"),
        "closing": ("4700", "7050"),
    }
    assert beef["variance_percent"] == "5"
    assert told["items"][0]["sku"] == "K-BEEF"
    assert amounts(rows["K-BUN"]) == {
        "opening": ("50", "1500"),
        "theoretical": ("9", "270"),
        "actual": ("9", "270"),
        "closing": ("41", "1230"),
    }
    assert amounts(rows["K-TOMATO"]) == {
        "opening": ("3000", "600"),
        "used_in_production": ("1500", "300"),
        "closing": ("1500", "300"),
    }
    assert amounts(rows["K-SAUCE"]) == {
        "produced": ("1000", "300"),
        "theoretical": ("300", "90"),
        "actual": ("300", "90"),
        "closing": ("700", "210"),
    }
    assert rows["K-TOMATO"]["variance_percent"] is None


def test_the_totals_add_up(week: Kitchen) -> None:
    totals = {name: Decimal(value) for name, value in report(week)["totals"].items()}
    assert totals["variance_minor"] == 150
    comes = ("opening", "received", "transferred", "produced", "revalued")
    goes = ("used_in_production", "theoretical", "waste", "variance", "closing")
    came = sum(totals[f"{name}_minor"] for name in comes)
    assert came == sum(totals[f"{name}_minor"] for name in goes) == 9600 + 3000 + 300


def test_a_cost_that_is_corrected_later_belongs_to_what_was_used(bistro: Kitchen) -> None:
    move(bistro, "sale", 2, beef=("-100", None))
    move(bistro, "purchase", 3, beef=("300", "600"))
    (beef,) = report(bistro)["items"]
    assert amounts(beef) == {
        "received": ("300", "600"),
        "theoretical": ("100", "200"),
        "actual": ("100", "200"),
        "closing": ("200", "400"),
    }


def test_what_is_too_much_is_variance_below_zero(bistro: Kitchen) -> None:
    move(bistro, "purchase", 1, beef=("100", "100"))
    move(bistro, "sale", 2, beef=("-40", None))
    move(bistro, "count", 3, beef=("10", None))
    (beef,) = report(bistro)["items"]
    assert (beef["variance"], beef["variance_percent"], beef["actual"]["quantity"]) == (
        {"quantity": "-10", "value_minor": "-10"},
        "-25",
        "30",
    )


def test_it_is_asked_for_a_location_and_by_name(week: Kitchen) -> None:
    period = "from=2026-03-02&to=2026-03-04"
    assert report(week, f"{period}&location_id={new_id()}")["items"] == []
    there = report(week, f"{period}&location_id={week.shop.location.id}&q=k-be")
    assert [row["sku"] for row in there["items"]] == ["K-BEEF"]
    assert report(week, f"{period}&category_id={new_id()}")["items"] == []


@pytest.mark.parametrize("names", [("beef",), ("beef", "bun", "milk", "oat")], ids=["one", "four"])
def test_it_takes_one_statement_about_stock_however_long(bistro: Kitchen, names: tuple[str, ...]) -> None:
    move(bistro, "purchase", 2, **dict.fromkeys(names, ("1", "1")))
    with CaptureQueriesContext(connection) as captured:
        assert len(report(bistro)["items"]) == len(names)
    assert len([query for query in captured if "pos_stock" in query["sql"]]) == 1


def test_backwards_it_is_refused(week: Kitchen) -> None:
    answer = week.till.get("/stock-usage?from=2026-03-02&to=2026-03-01")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "period_backwards")
