"""Recipes in the back office: written, changed and removed through the service; refused at the ingredients."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Modifier, Variant
from pos.inventory.models import Recipe, RecipeVersion
from tests.admin.browsing import Browser, cells, office
from tests.admin.test_editing import errors_of
from tests.admin.trading import Trade, traded

pytestmark = pytest.mark.django_db


@pytest.fixture
def trade(cafe: Any) -> Trade:
    return traded(cafe)


@pytest.fixture
def browser(trade: Trade) -> Browser:
    return office(trade.tenant)


def variant(trade: Trade, sku: str) -> str:
    with tenant_context(trade.tenant):
        return str(Variant.objects.get(sku=sku).pk)


def recipe(trade: Trade, **named: Any) -> Recipe:
    with tenant_context(trade.tenant):
        found: Recipe = Recipe.objects.get(**named)
        return found


def row(key: str, **said: Any) -> dict[str, Any]:
    return {
        "effect": "add",
        "quantity": "2",
        "unit": "",
        "variant_id": key,
        "waste_percent": "",
        "replaces": "",
        **said,
    }


def test_a_recipe_of_a_dish_is_written(trade: Trade, browser: Browser) -> None:
    dish, egg = variant(trade, "MANY-1"), variant(trade, "ONE")
    answer = browser.submit(
        "/pos/recipe/add/",
        what={"variant_id": dish},
        lines=[row(egg, waste_percent="20")],
        yield_quantity="4",
        note="Stir.",
    )
    assert answer.status_code == 302, errors_of(answer)
    made = recipe(trade, variant_id=dish)
    assert (made.revision, str(made.yield_quantity), made.note) == (1, "4.000000", "Stir.")
    with tenant_context(trade.tenant):
        (line,) = made.lines.all()
        assert (str(line.ingredient_id), str(line.waste_percent)) == (egg, "20.0000")


def test_a_recipe_of_a_modifier_is_written(trade: Trade, browser: Browser) -> None:
    with tenant_context(trade.tenant):
        modifier = str(Modifier.objects.order_by("id").values_list("pk", flat=True)[0])
    lines = [row(variant(trade, "ONE"), effect="remove", quantity="")]
    answer = browser.submit("/pos/recipe/add/", of_modifier=modifier, lines=lines)
    assert answer.status_code == 302, errors_of(answer)
    assert recipe(trade, modifier_id=modifier).made == "to_order"


def test_what_a_page_shows_and_sends_unchanged_changes_nothing(trade: Trade, browser: Browser) -> None:
    path = f"/pos/recipe/{recipe(trade).pk}/change/"
    answer = browser.submit(path)
    assert answer.status_code == 302, errors_of(answer)
    with tenant_context(trade.tenant):
        assert RecipeVersion.objects.count() == 1
    assert recipe(trade).revision == 1


def test_a_recipe_is_changed_unless_somebody_else_was_faster(trade: Trade, browser: Browser) -> None:
    path = f"/pos/recipe/{recipe(trade).pk}/change/"
    stale = browser.get(path).context["adminform"].form["version"].value()
    (line,) = cells(browser.get(path), "lines")
    assert browser.submit(path, lines=[line | {"quantity": "0.3"}]).status_code == 302
    assert recipe(trade).revision == 2
    answer = browser.submit(path, version=stale, note="Mine")
    assert (answer.status_code, recipe(trade).revision) == (200, 2)
    assert "Somebody else changed this meanwhile" in str(errors_of(answer))


def test_a_refusal_stands_at_the_ingredients_with_the_line(trade: Trade, browser: Browser) -> None:
    dish = variant(trade, "MANY-1")
    lines = [row(variant(trade, "ONE")), row(dish)]
    answer = browser.submit("/pos/recipe/add/", what={"variant_id": dish}, lines=lines)
    assert answer.status_code == 200
    assert "2: It would be made of itself" in str(errors_of(answer))


def test_nobody_and_what_has_a_recipe_are_refused(trade: Trade, browser: Browser) -> None:
    lines = [row(variant(trade, "ONE"))]
    answer = browser.submit("/pos/recipe/add/", lines=lines)
    assert "Choose a dish or a modifier." in str(errors_of(answer))
    taken = str(recipe(trade).variant_id)
    answer = browser.submit("/pos/recipe/add/", what={"variant_id": taken}, lines=lines)
    assert "There is a recipe of this already" in str(errors_of(answer))


def test_a_recipe_is_removed(trade: Trade, browser: Browser) -> None:
    answer = browser.post(f"/pos/recipe/{recipe(trade).pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    with tenant_context(trade.tenant):
        assert (Recipe.objects.count(), RecipeVersion.objects.count()) == (0, 2)
