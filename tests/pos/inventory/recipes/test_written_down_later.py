"""What the kitchen writes down in the morning happened last night: batches and waste say when."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.clock import business_date, rfc3339
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockMovement
from tests.factories import TillClient
from tests.pos.inventory.recipes.kitchens import Kitchen, buy, on_hand

pytestmark = pytest.mark.django_db


def body(bistro: Kitchen, name: str, quantity: str, **said: Any) -> dict[str, Any]:
    return {
        "location_id": str(bistro.shop.location.id),
        "variant_id": bistro.key(name),
        "quantity": quantity,
        **said,
    }


def counted(till: TillClient, bistro: Kitchen, name: str, quantity: str) -> None:
    """A spot count, closed at once."""
    count = {"id": str(new_id()), "kind": "spot", "location_id": str(bistro.shop.location.id)}
    path = f"/stock-counts/{till.post('/stock-counts', count).json()['id']}"
    entry = {
        "id": str(new_id()),
        "variant_id": bistro.key(name),
        "quantity": quantity,
        "counted_at": rfc3339(clock.now()),
    }
    assert till.post(f"{path}/entries", {"entries": [entry]}).status_code == 200
    assert till.post(f"{path}/submit", {}).status_code == 200
    assert till.post(f"{path}/approve", {}).status_code == 200


def test_waste_of_last_night_is_of_last_nights_day(bistro: Kitchen) -> None:
    night = clock.now() - dt.timedelta(hours=30)
    buy(bistro, bun=("50", "30"))
    waste = body(bistro, "bun", "4", reason_code="spoiled", at=rfc3339(night))
    answer = bistro.till.post("/stock-waste", waste)
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    day = business_date(at=night, time_zone="Europe/Berlin", cut_off=dt.time(4))
    assert (told["at"], told["business_date"]) == (rfc3339(night), day.isoformat())
    with tenant_context(bistro.shop.tenant):
        moved = StockMovement.objects.get(kind="waste")
        assert (rfc3339(moved.at), moved.business_date) == (rfc3339(night), day)
        assert moved.recorded_at is not None
        assert moved.recorded_at - moved.at > dt.timedelta(hours=29)
    assert on_hand(bistro) == {"bun": "46"}


def test_waste_from_before_a_count_was_off_the_shelf_when_it_was_counted(bistro: Kitchen) -> None:
    buy(bistro, bun=("50", "30"))
    earlier = clock.now()
    counted(bistro.till, bistro, "bun", "46")
    waste = body(bistro, "bun", "4", reason_code="spoiled", at=rfc3339(earlier))
    assert bistro.till.post("/stock-waste", waste).status_code == 201
    assert on_hand(bistro) == {"bun": "46"}


def test_a_dish_that_was_thrown_away_then_was_made_as_it_was_then(bistro: Kitchen) -> None:
    bistro.write("burger", bistro.line("bun", "1"))
    before = clock.now()
    bistro.write("burger", bistro.line("bun", "3"))
    waste = body(bistro, "burger", "1", reason_code="spoiled", at=rfc3339(before))
    assert bistro.till.post("/stock-waste", waste).status_code == 201
    assert on_hand(bistro) == {"bun": "-1"}


def test_a_batch_of_yesterday_was_made_by_yesterdays_recipe(bistro: Kitchen) -> None:
    buy(bistro, tomato=("1000", "0.2"))
    bistro.write("sauce", bistro.line("tomato", "2"), made="in_batches")
    before = clock.now()
    bistro.write("sauce", bistro.line("tomato", "5"), made="in_batches")
    answer = bistro.till.post("/productions", body(bistro, "sauce", "10", at=rfc3339(before)))
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert (told["at"], told["recipe_revision"], told["value_minor"]) == (rfc3339(before), 1, "4")
    assert on_hand(bistro) == {"tomato": "980", "sauce": "10"}
    now = bistro.till.post("/productions", body(bistro, "sauce", "10")).json()
    assert (now["recipe_revision"], now["value_minor"]) == (2, "10")


@pytest.mark.parametrize(
    "at",
    [clock.now() + dt.timedelta(days=3650), dt.datetime(1999, 12, 31, tzinfo=dt.UTC)],
    ids=["in ten years", "last century"],
)
@pytest.mark.parametrize("path", ["/stock-waste", "/productions"])
def test_neither_in_the_future_nor_before_there_was_stock(
    bistro: Kitchen, path: str, at: dt.datetime
) -> None:
    bistro.write("sauce", bistro.line("tomato", "2"), made="in_batches")
    said = {"reason_code": "spoiled"} if path == "/stock-waste" else {}
    answer = bistro.till.post(path, body(bistro, "sauce", "1", at=rfc3339(at), **said))
    assert (answer.status_code, answer.json()["code"]) == (422, "time_out_of_range")
    assert answer.json()["errors"][0]["pointer"] == "/at"
    assert on_hand(bistro) == {}


def test_a_clock_that_is_a_little_ahead_means_now(bistro: Kitchen) -> None:
    before = clock.now()
    at = rfc3339(before + dt.timedelta(seconds=100))
    answer = bistro.till.post("/stock-waste", body(bistro, "bun", "1", reason_code="spoiled", at=at))
    assert rfc3339(before) <= answer.json()["at"] < at
