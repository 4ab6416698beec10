"""What is left of a price: net of tax, less what the ingredients cost. Unknown is unknown."""

from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pos.inventory.explosion import Need
from pos.inventory.margins import Margin, dish_cost, net_price
from pos.pricing.tax_rules import TaxComponent, TaxRule
from tests.pos.inventory.recipes.kitchens import Kitchen, buy

A, B = UUID(int=1), UUID(int=2)


def rule(rate: str, *, inclusive: bool = True) -> TaxRule:
    return TaxRule(inclusive=inclusive, components=(TaxComponent(code="vat", rate=Fraction(rate)),))


def test_contained_tax_is_taken_off_and_added_tax_is_not() -> None:
    assert net_price(price_minor=1190, rule=rule("0.19")) == 1000
    assert net_price(price_minor=1000, rule=rule("0.20", inclusive=False)) == 1000
    assert net_price(price_minor=100, rule=rule("0.19")) == Fraction(10000, 119)


def test_a_tax_per_unit_is_taken_off_too() -> None:
    deposit = TaxComponent(code="duty", per_unit_minor=25)
    assert net_price(price_minor=225, rule=TaxRule(inclusive=True, components=(deposit,))) == 200


def test_shares_are_of_the_net_price() -> None:
    margin = Margin(net=Fraction(1000), cost=Fraction(330))
    assert margin.left == 670
    assert (margin.percent, margin.food_cost_percent) == (Decimal("67.00"), Decimal("33.00"))
    loss = Margin(net=Fraction(300), cost=Fraction(400))
    assert loss.left == -100
    assert loss.percent == Decimal("-33.33")


def test_an_unknown_cost_is_not_nothing() -> None:
    needs = [Need(ingredient=A, quantity=Fraction(1)), Need(ingredient=B, quantity=Fraction(1))]
    cost = dish_cost(needs=needs, unit_costs={A: Decimal(5)})
    assert (cost.exact, cost.unknown) == (None, (B,))
    margin = Margin(net=Fraction(10), cost=cost.exact)
    assert (margin.left, margin.percent, margin.food_cost_percent) == (None, None, None)


def test_what_is_given_away_has_no_share() -> None:
    assert Margin(net=Fraction(0), cost=Fraction(1)).percent is None


def margins(bistro: Kitchen, query: str = "") -> Any:
    answer = bistro.till.get(f"/stock-margins?{query}")
    assert answer.status_code == 200, answer.json()
    return answer.json()["items"]


@pytest.mark.django_db
def test_dishes_with_price_cost_and_margin(bistro: Kitchen) -> None:
    bistro.write("burger", bistro.line("bun", "1"), bistro.line("beef", "0.2", "kg"))
    bistro.write("latte", bistro.line("milk", "200"))
    buy(bistro, bun=("10", "30"), beef=("1000", "1.5"))
    burger, latte = margins(bistro)
    # 11.90 with 19 % contained is 10.00; a bun for 0.30 and 200 g of beef at 1.5 are 3.30.
    assert burger == {
        "variant_id": bistro.key("burger"),
        "sku": "K-BURGER",
        "name": "Kitchen burger",
        "unit": "each",
        "category_id": str(bistro.goods["burger"].item.category_id),
        "price_minor": 1190,
        "net_price_minor": "1000",
        "cost_minor": "330",
        "cost_source": "recipe",
        "margin_minor": "670",
        "margin_percent": "67",
        "food_cost_percent": "33",
        "unknown": [],
    }
    assert (latte["sku"], latte["cost_minor"], latte["margin_minor"], latte["margin_percent"]) == (
        "K-LATTE",
        None,
        None,
        None,
    )
    assert latte["unknown"] == [bistro.key("milk")]


@pytest.mark.django_db
def test_what_is_made_in_batches_costs_what_it_costs_on_the_shelf(bistro: Kitchen) -> None:
    bistro.write("sauce", bistro.line("tomato", "2"), made="in_batches")
    buy(bistro, tomato=("100", "0.1"))
    (sauce,) = margins(bistro)
    assert (sauce["cost_minor"], sauce["cost_source"]) == ("0.2", "recipe")
    buy(bistro, sauce=("10", "0.5"))
    (sauce,) = margins(bistro)
    assert (sauce["cost_minor"], sauce["cost_source"]) == ("0.5", "stock")


@pytest.mark.django_db
def test_margins_are_asked_for_as_a_cook_does(bistro: Kitchen) -> None:
    bistro.write("burger", bistro.line("bun", "1"))
    bistro.write("cheeseburger", bistro.line("slice", "20"))
    bistro.write("latte", bistro.line("milk", "200"))
    buy(bistro, bun=("10", "30"), slice=("10", "40"))

    def found(query: str) -> list[str]:
        return [row["sku"] for row in margins(bistro, query)]

    assert found("") == ["K-CHEESEBURGER", "K-BURGER", "K-LATTE"]
    assert found("margin_below=50") == ["K-CHEESEBURGER"]
    assert found("food_cost_above=50") == ["K-CHEESEBURGER"]
    assert found("cost_known=false") == ["K-LATTE"]
    assert found("q=BURGER&cost_known=true") == ["K-CHEESEBURGER", "K-BURGER"]
    assert found("recipe=without&q=K-BUN") == ["K-BUN"]
    assert found(f"location_id={bistro.shop.location.id}&q=latte") == ["K-LATTE"]
    answer = bistro.till.get("/stock-margins?margin_below=NaN")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "invalid")


@pytest.mark.django_db
@pytest.mark.parametrize("names", [("burger",), ("burger", "cheeseburger", "latte")], ids=["one", "three"])
def test_margins_take_three_statements_however_many(bistro: Kitchen, names: tuple[str, ...]) -> None:
    for name in names:
        bistro.write(name, bistro.line("bun", "1"))
    with CaptureQueriesContext(connection) as captured:
        assert len(margins(bistro)) == len(names)
    asked = [query for query in captured if "pos_recipe" in query["sql"] or "pos_stock" in query["sql"]]
    assert len(asked) == 3
