"""Recipes over HTTP: written whole, read whole, refused with a pointer."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.explosion import Need
from pos.inventory.models import RecipeNeed, RecipeVersion
from pos.inventory.queries.flat_needs import batch_needs, flat_needs
from tests.factories import TillClient
from tests.pos.inventory.recipes.kitchens import Kitchen, told

pytestmark = pytest.mark.django_db


def needs(bistro: Kitchen, name: str, *, at: dt.datetime | None = None) -> dict[str, str]:
    """What one of a dish needs, by name, as exact fractions."""
    names = {row.pk: short for short, row in bistro.goods.items()}
    with tenant_context(bistro.shop.tenant):
        variant = bistro.goods[name]
        found = flat_needs(variant_ids=[variant.pk], modifier_ids=[], at=at or clock.now())
    return {names[need.ingredient]: str(need.quantity) for need in found.of_dish(variant.pk)}


def burger(bistro: Kitchen, **said: Any) -> Any:
    return bistro.write(
        "burger",
        bistro.line("bun", "1"),
        bistro.line("beef", "0.18", "kg", waste_percent="10"),
        bistro.line("sauce", "3", "ml"),
        **said,
    )


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json()
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def test_a_recipe_is_read_as_it_was_written(bistro: Kitchen) -> None:
    answer = burger(bistro, yield_quantity="2", note="Well done.")
    assert answer.status_code == 200
    document = answer.json()
    assert bistro.till.get(f"/recipes/{bistro.key('burger')}").json() == document
    assert (document["variant_id"], document["modifier_id"]) == (bistro.key("burger"), None)
    assert (document["name"], document["made"], document["revision"]) == ("Kitchen burger", "to_order", 1)
    assert (document["yield_quantity"], document["yield_unit"], document["note"]) == (
        "2",
        "each",
        "Well done.",
    )
    assert document["lines"][1] == {
        "effect": "add",
        "variant_id": bistro.key("beef"),
        "sku": "K-BEEF",
        "name": "Kitchen beef",
        "quantity": "0.18",
        "unit": "kg",
        "waste_percent": "10",
        "replaces": None,
    }


def test_units_yields_and_waste_are_multiplied_out_exactly(bistro: Kitchen) -> None:
    burger(bistro, yield_quantity="2")
    # 0.18 kg of which a tenth is lost: 180 / 0.9 = 200 g for two.
    assert needs(bistro, "burger") == {"bun": "1/2", "beef": "100", "sauce": "3/2"}
    bistro.write("sauce", bistro.line("tomato", "1", "kg"), yield_quantity="0.75", yield_unit="l")
    # 1000 g for 750 ml: 4/3 g per ml, and 1.5 ml of it.
    assert needs(bistro, "burger") == {"bun": "1/2", "beef": "100", "tomato": "2"}


def test_an_items_own_unit_counts(bistro: Kitchen) -> None:
    bistro.write("cheeseburger", bistro.line("slice", "0.1", "pack"))
    assert needs(bistro, "cheeseburger") == {"slice": "2"}


def test_a_sale_of_before_takes_what_was_in_force_then(bistro: Kitchen) -> None:
    burger(bistro)
    before = clock.now()
    bistro.write("burger", bistro.line("bun", "2"))
    assert needs(bistro, "burger") == {"bun": "2"}
    assert needs(bistro, "burger", at=before)["bun"] == "1"
    long_ago = before - dt.timedelta(days=400)
    assert needs(bistro, "burger", at=long_ago)["bun"] == "1"


def test_the_first_recipe_of_an_ingredient_counts_for_what_was_sold_before(bistro: Kitchen) -> None:
    burger(bistro)
    before = clock.now()
    bistro.write("sauce", bistro.line("ketchup", "1"))
    assert needs(bistro, "burger", at=before) == {"bun": "1", "beef": "200", "ketchup": "3"}


def test_a_removed_recipe_is_over_and_its_versions_stay(bistro: Kitchen) -> None:
    burger(bistro)
    path = f"/recipes/{bistro.key('burger')}"
    assert bistro.till.delete(path, If_Match=bistro.tags["burger"]).status_code == 204
    assert bistro.till.get(path).status_code == 404
    assert needs(bistro, "burger") == {"burger": "1"}
    versions = bistro.till.get(f"{path}/versions").json()["items"]
    assert [(row["revision"], row["document"] is None) for row in versions] == [(2, True), (1, False)]


def test_the_same_again_changes_nothing(bistro: Kitchen) -> None:
    burger(bistro)
    again = burger(bistro)
    assert again.json()["revision"] == 1
    with tenant_context(bistro.shop.tenant):
        assert (RecipeVersion.objects.count(), RecipeNeed.objects.count()) == (1, 3)


def test_changes_need_what_was_read(bistro: Kitchen) -> None:
    burger(bistro)
    stale = bistro.tags["burger"]
    body = {"lines": [bistro.line("bun", "2")]}
    path = f"/recipes/{bistro.key('burger')}"
    assert bistro.till.put(path, body).status_code == 428
    assert bistro.till.put(path, body, If_Match=stale).status_code == 200
    assert bistro.till.put(path, body, If_Match=stale).status_code == 412


def test_a_circle_is_refused_and_the_way_named(bistro: Kitchen) -> None:
    bistro.write("ketchup", bistro.line("tomato", "1"))
    bistro.write("sauce", bistro.line("bun", "1"), bistro.line("ketchup", "1"))
    answer = bistro.write("tomato", bistro.line("beef", "1"), bistro.line("sauce", "1"), made="in_batches")
    assert problems(answer) == [("/lines/1/variant_id", "recipe_cycle")]
    way = "Kitchen tomato → Kitchen sauce → Kitchen ketchup → Kitchen tomato"
    assert answer.json()["errors"][0]["detail"] == f"It would be made of itself: {way}."
    assert bistro.till.get(f"/recipes/{bistro.key('tomato')}").status_code == 404


def test_a_dish_made_in_batches_is_stock(bistro: Kitchen) -> None:
    bistro.write("sauce", bistro.line("tomato", "2"), made="in_batches")
    burger(bistro)
    assert needs(bistro, "burger") == {"bun": "1", "beef": "200", "sauce": "3"}
    assert needs(bistro, "sauce") == {"sauce": "1"}
    with tenant_context(bistro.shop.tenant):
        made_of = batch_needs(variant_ids=[bistro.goods["sauce"].pk], at=clock.now())
    (need,) = made_of.of_dish(bistro.goods["sauce"].pk)
    assert (need.ingredient, need.quantity) == (bistro.goods["tomato"].pk, Fraction(2))


def test_modifiers_add_remove_and_swap(bistro: Kitchen) -> None:
    bistro.write("extra cheese", bistro.line("slice", "1"))
    bistro.write("no cheese", bistro.line("slice", effect="remove"))
    bistro.write("oat milk", bistro.line("oat", effect="replace", replaces="milk"))
    keys = {name: bistro.modifiers[name].pk for name in ("extra cheese", "no cheese", "oat milk")}
    with tenant_context(bistro.shop.tenant):
        found = flat_needs(variant_ids=[], modifier_ids=list(keys.values()), at=clock.now())
    goods = bistro.goods
    assert {name: found.of_modifier(key) for name, key in keys.items()} == {
        "extra cheese": [Need(ingredient=goods["slice"].pk, quantity=Fraction(1))],
        "no cheese": [Need(ingredient=goods["slice"].pk, quantity=None, effect="remove")],
        "oat milk": [
            Need(
                ingredient=goods["oat"].pk, quantity=Fraction(1), effect="replace", replaced=goods["milk"].pk
            )
        ],
    }


BAD: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, str]]] = [
    ("negative", {"quantity": "-1"}, {}, ("/lines/0/quantity", "quantity_out_of_range")),
    ("nothing", {"quantity": "0"}, {}, ("/lines/0/quantity", "quantity_out_of_range")),
    ("no number", {"quantity": "NaN"}, {}, ("/lines/0/quantity", "invalid")),
    ("exponent", {"quantity": "1e3"}, {}, ("/lines/0/quantity", "invalid")),
    ("no quantity", {"quantity": None}, {}, ("/lines/0/quantity", "required")),
    ("unknown unit", {"quantity": "1", "unit": "l"}, {}, ("/lines/0/unit", "unknown_unit")),
    (
        "all waste",
        {"quantity": "1", "waste_percent": "100"},
        {},
        ("/lines/0/waste_percent", "quantity_out_of_range"),
    ),
    ("removed", {"effect": "remove"}, {}, ("/lines/0/effect", "only_of_modifiers")),
    ("nobody", {"variant_id": str(new_id()), "quantity": "1"}, {}, ("/lines/0/variant_id", "not_found")),
    ("no yield", {"quantity": "1"}, {"yield_quantity": "0"}, ("/yield_quantity", "quantity_out_of_range")),
    ("foreign yield", {"quantity": "1"}, {"yield_unit": "kg"}, ("/yield_unit", "unknown_unit")),
]


@pytest.mark.parametrize(
    ("line", "said", "problem"), [each[1:] for each in BAD], ids=[each[0] for each in BAD]
)
def test_what_cannot_be_is_refused_with_a_pointer(
    bistro: Kitchen, line: dict[str, Any], said: dict[str, Any], problem: tuple[str, str]
) -> None:
    body = {"lines": [{"variant_id": bistro.key("beef")} | line]} | said
    answer = bistro.till.put(f"/recipes/{bistro.key('burger')}", body)
    assert problem in problems(answer)
    with tenant_context(bistro.shop.tenant):
        assert (RecipeVersion.objects.count(), RecipeNeed.objects.count()) == (0, 0)


def test_what_modifiers_cannot_do_is_refused(bistro: Kitchen) -> None:
    answer = bistro.write(
        "oat milk",
        bistro.line("oat", "1", effect="replace", replaces="milk"),
        bistro.line("milk", effect="replace", replaces="milk"),
        bistro.line("milk", effect="replace"),
        bistro.line("milk", effect="remove", waste_percent="3"),
        made="in_batches",
        yield_quantity="2",
    )
    assert problems(answer) == [
        ("/made", "not_of_modifiers"),
        ("/yield_quantity", "not_of_modifiers"),
        ("/lines/0/quantity", "not_when_replaced"),
        ("/lines/1/replaces", "itself"),
        ("/lines/2/replaces", "required"),
        ("/lines/3/waste_percent", "only_when_added"),
    ]


def test_only_what_is_on_the_shelf_can_be_replaced(bistro: Kitchen) -> None:
    bistro.write("milk", bistro.line("beans", "1"))
    answer = bistro.write("oat milk", bistro.line("oat", effect="replace", replaces="milk"))
    assert problems(answer) == [("/lines/0/replaces", "replaced_is_made")]


def test_nobody_has_a_recipe_of_nothing(bistro: Kitchen) -> None:
    body = {"lines": [bistro.line("bun", "1")]}
    assert bistro.till.put(f"/recipes/{new_id()}", body).status_code == 404


def test_the_list_answers_what_cooks_ask(bistro: Kitchen) -> None:
    burger(bistro)
    bistro.write("sauce", bistro.line("ketchup", "1"))
    bistro.write("latte", bistro.line("milk", "200"), made="in_batches")
    bistro.write("extra cheese", bistro.line("slice", "1"))

    def names(query: str) -> list[str]:
        return [row["name"] for row in bistro.till.get(f"/recipes?{query}").json()["items"]]

    assert names("") == ["Kitchen burger", "Kitchen sauce", "Kitchen latte", "extra cheese"]
    assert names(f"uses={bistro.key('ketchup')}") == ["Kitchen burger", "Kitchen sauce"]
    assert names(f"uses={bistro.key('sauce')}") == ["Kitchen burger"]
    assert names(f"uses={bistro.key('slice')}") == ["extra cheese"]
    assert names("made=in_batches") == ["Kitchen latte"]
    assert names("owner=modifier") == ["extra cheese"]
    assert names("q=LATTE") == ["Kitchen latte"]
    unwritten = bistro.till.get("/recipes/unwritten?q=Kitchen").json()["items"]
    assert [row["name"] for row in unwritten] == [
        "Kitchen cheeseburger",
        "Kitchen potato",
        "Kitchen tomato",
        "Kitchen oat",
        "Kitchen beans",
    ]


def test_the_feed_hears_of_it(bistro: Kitchen) -> None:
    document = burger(bistro).json()
    assert told(bistro, "recipe.changed") == [document]


def test_only_who_may_writes_recipes(bistro: Kitchen, till: TillClient) -> None:
    body = {"lines": [bistro.line("bun", "1")]}
    assert till.put(f"/recipes/{bistro.key('burger')}", body).status_code == 403


def test_an_ingredient_cannot_be_removed_from_the_catalogue(bistro: Kitchen) -> None:
    burger(bistro)
    path = f"/catalog/documents/item/{bistro.goods['bun'].item_id}"
    answer = bistro.till.delete(path, If_Match="*")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "sold_before")


@pytest.mark.parametrize("name", ["beef", "burger"])
def test_the_unit_of_what_is_in_a_recipe_is_fixed(bistro: Kitchen, name: str) -> None:
    burger(bistro)
    path = f"/catalog/documents/item/{bistro.goods[name].item_id}"
    document = bistro.till.get(path).json()
    document["unit"] = "kg"
    document.pop("id", None)
    answer = bistro.till.put(path, document, If_Match="*")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unit_fixed")
