"""Dishes stop by themselves when an ingredient is gone; what a person stopped stays a person's."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import DishOut, StockItem
from pos.inventory.services.dishes import OUT
from tests.pos.inventory.recipes.kitchens import Kitchen, buy, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def dish(bistro: Kitchen) -> Kitchen:
    """A burger that stops by itself; its bun and its beef are there."""
    bistro.write("burger", bistro.line("bun", "1"), bistro.line("beef", "200"))
    with tenant_context(bistro.shop.tenant):
        StockItem(item=bistro.goods["burger"].item, stops_when_out=True).save()
    buy(bistro, bun=("5", "30"), beef=("1000", "1"))
    return bistro


def lose(bistro: Kitchen, name: str, quantity: str) -> None:
    line = {"variant_id": bistro.key(name), "quantity": f"-{quantity}"}
    body = {
        "id": str(new_id()),
        "location_id": str(bistro.shop.location.id),
        "reason_code": "lost",
        "lines": [line],
    }
    assert bistro.till.post("/stock-adjustments", body).status_code == 201


def stops(bistro: Kitchen) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bistro.till.get("/catalog/stops").json()["items"]
    return found


def stop(bistro: Kitchen, **said: Any) -> Any:
    body = {"variant_id": bistro.key("burger"), "location_id": str(bistro.shop.location.id), **said}
    return bistro.till.post("/catalog/stops", body).json()


def test_a_dish_stops_when_an_ingredient_is_gone_and_goes_on_when_it_is_back(dish: Kitchen) -> None:
    lose(dish, "bun", "4")
    assert stops(dish) == []
    lose(dish, "bun", "1")
    (stopped,) = stops(dish)
    assert (stopped["variant_id"], stopped["location_id"]) == (dish.key("burger"), str(dish.shop.location.id))
    assert (stopped["reason"], stopped["stopped_by"]) == (OUT, None)
    buy(dish, bun=("1", "30"))
    assert stops(dish) == []
    assert (len(told(dish, "catalog.stopped")), len(told(dish, "catalog.stop_lifted"))) == (1, 1)


def test_it_stays_stopped_while_another_ingredient_is_gone(dish: Kitchen) -> None:
    lose(dish, "bun", "5")
    lose(dish, "beef", "1000")
    buy(dish, bun=("5", "30"))
    assert len(stops(dish)) == 1
    buy(dish, beef=("1", "1"))
    assert stops(dish) == []


def test_an_ingredient_of_a_sub_recipe_stops_the_dish(dish: Kitchen) -> None:
    dish.write("burger", dish.line("bun", "1"), dish.line("sauce", "20"))
    dish.write("sauce", dish.line("tomato", "1"))
    buy(dish, tomato=("10", "1"))
    lose(dish, "tomato", "10")
    assert [each["variant_id"] for each in stops(dish)] == [dish.key("burger")]


def test_the_stop_of_a_person_is_never_lifted(dish: Kitchen) -> None:
    theirs = stop(dish, reason="Grill broken")
    lose(dish, "bun", "5")
    assert stops(dish) == [theirs]
    buy(dish, bun=("5", "30"))
    assert stops(dish) == [theirs]


def test_a_stop_a_person_made_theirs_is_never_lifted(dish: Kitchen) -> None:
    lose(dish, "bun", "5")
    theirs = stop(dish, reason="Not today")
    assert theirs["id"] == stops(dish)[0]["id"]
    buy(dish, bun=("5", "30"))
    assert [each["reason"] for each in stops(dish)] == ["Not today"]


def test_what_a_person_let_go_is_not_stopped_again_before_it_was_back(dish: Kitchen) -> None:
    lose(dish, "bun", "5")
    (ours,) = stops(dish)
    dish.till.post(f"/catalog/stops/{ours['id']}/lift", {})
    lose(dish, "bun", "1")
    assert stops(dish) == []
    buy(dish, bun=("3", "30"))
    lose(dish, "bun", "2")
    assert len(stops(dish)) == 1


def test_a_stop_everywhere_is_another_one(dish: Kitchen) -> None:
    everywhere = stop(dish, location_id=None)
    lose(dish, "bun", "5")
    assert len(stops(dish)) == 2
    buy(dish, bun=("5", "30"))
    assert stops(dish) == [everywhere]


def test_dishes_that_do_not_say_so_are_not_stopped(dish: Kitchen) -> None:
    dish.write("cheeseburger", dish.line("bun", "1"))
    lose(dish, "bun", "5")
    assert [each["variant_id"] for each in stops(dish)] == [dish.key("burger")]


def test_what_is_not_counted_is_never_gone(dish: Kitchen) -> None:
    with tenant_context(dish.shop.tenant):
        StockItem(item=dish.goods["bun"].item, policy="untracked").save()
    lose(dish, "bun", "5")
    assert stops(dish) == []


def test_goods_without_a_recipe_stop_when_they_are_gone(dish: Kitchen) -> None:
    with tenant_context(dish.shop.tenant):
        StockItem(item=dish.goods["slice"].item, stops_when_out=True).save()
    buy(dish, slice=("1", "1"))
    lose(dish, "slice", "1")
    assert [each["variant_id"] for each in stops(dish)] == [dish.key("slice")]


def test_another_recipe_lets_the_dish_go_on(dish: Kitchen) -> None:
    lose(dish, "bun", "5")
    dish.write("burger", dish.line("beef", "200"))
    assert stops(dish) == []
    with tenant_context(dish.shop.tenant):
        assert DishOut.objects.count() == 0


def test_an_item_that_no_longer_stops_by_itself_goes_on(dish: Kitchen) -> None:
    lose(dish, "bun", "5")
    with tenant_context(dish.shop.tenant):
        StockItem.objects.filter(item=dish.goods["burger"].item).update(stops_when_out=False)
    lose(dish, "bun", "1")
    assert stops(dish) == []
