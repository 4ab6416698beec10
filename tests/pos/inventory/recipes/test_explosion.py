"""Recipes multiplied out: worked examples, with exact numbers (docs/concepts/recipes.md)."""

from fractions import Fraction
from uuid import UUID

import pytest

from pos.inventory.explosion import (
    ADD,
    DEEPEST,
    MOST_NEEDS,
    REMOVE,
    REPLACE,
    Chosen,
    FlatNeeds,
    Formula,
    Need,
    Part,
    Portion,
    RecipeCycle,
    RecipeTooDeep,
    RecipeTooLarge,
    explode,
    flatten,
    refuse_cycles,
)
from pos.inventory.quantities import stock_quantity

BURGER, BUN, BEEF, SAUCE, TOMATO, CHEESE, MILK, OAT, SOY, LATTE, FRIES = (UUID(int=n) for n in range(1, 12))
NO_CHEESE, EXTRA_CHEESE, OAT_MILK, SOY_MILK, LARGE, LESS_SAUCE = (UUID(int=n) for n in range(101, 107))


def add(ingredient: UUID, quantity: object) -> Part:
    return Part(ingredient=ingredient, quantity=Fraction(str(quantity)))


FORMULAS = {
    BURGER: Formula(parts=(add(BUN, 1), add(BEEF, 180), add(SAUCE, 30), add(CHEESE, 2), add(TOMATO, 20))),
    # A litre of sauce from 1.5 kg of tomatoes.
    SAUCE: Formula(parts=(add(TOMATO, 1500),), makes=Fraction(1000)),
    LATTE: Formula(parts=(add(MILK, 200),)),
    NO_CHEESE: Formula(parts=(Part(ingredient=CHEESE, quantity=None, effect=REMOVE),)),
    EXTRA_CHEESE: Formula(parts=(add(CHEESE, 1),)),
    OAT_MILK: Formula(parts=(Part(ingredient=OAT, quantity=None, effect=REPLACE, replaced=MILK),)),
    SOY_MILK: Formula(parts=(Part(ingredient=SOY, quantity=None, effect=REPLACE, replaced=MILK),)),
    LARGE: Formula(parts=(add(MILK, 100),)),
    LESS_SAUCE: Formula(parts=(Part(ingredient=SAUCE, quantity=Fraction(50), effect=REMOVE),)),
}
NEEDS = FlatNeeds(by_owner={owner: flatten(owner=owner, formulas=FORMULAS) for owner in FORMULAS})


def taken(dish: UUID, *chosen: UUID, quantity: int = 1, times: int = 1) -> dict[UUID, Fraction]:
    modifiers = tuple(Chosen(modifier_id=key, quantity=Fraction(times)) for key in chosen)
    portion = Portion(variant_id=dish, quantity=Fraction(quantity), modifiers=modifiers)
    return explode(portions=[portion], needs=NEEDS)


def test_a_sub_recipe_is_multiplied_out_by_its_yield() -> None:
    # 30 ml of sauce are 30 × 1500 / 1000 = 45 g of tomatoes, beside the 20 g of the slice.
    assert taken(BURGER) == {BUN: 1, BEEF: 180, TOMATO: 65, CHEESE: 2}


def test_several_of_a_dish_take_so_much_more() -> None:
    assert taken(BURGER, quantity=3) == {BUN: 3, BEEF: 540, TOMATO: 195, CHEESE: 6}


def test_what_has_no_recipe_is_itself_on_the_shelf() -> None:
    assert taken(FRIES, quantity=2) == {FRIES: 2}


def test_a_modifier_adds_for_each_time_it_is_chosen() -> None:
    assert taken(BURGER, EXTRA_CHEESE, times=2, quantity=2)[CHEESE] == 8


def test_a_modifier_takes_all_of_an_ingredient_out() -> None:
    assert CHEESE not in taken(BURGER, NO_CHEESE)


def test_what_is_taken_out_of_the_dish_is_not_what_another_modifier_adds() -> None:
    assert taken(BURGER, EXTRA_CHEESE, NO_CHEESE)[CHEESE] == 1
    assert taken(BURGER, NO_CHEESE, EXTRA_CHEESE)[CHEESE] == 1


def test_taking_out_more_than_there_is_leaves_nothing_and_never_less() -> None:
    # 50 ml of sauce are 75 g of tomatoes; the burger has 65.
    assert taken(BURGER, LESS_SAUCE) == {BUN: 1, BEEF: 180, CHEESE: 2}


def test_taking_out_what_is_not_in_the_dish_does_nothing() -> None:
    assert taken(LATTE, NO_CHEESE) == {MILK: 200}


def test_all_of_a_sub_recipe_leaves_with_what_it_brought_and_no_more() -> None:
    no_sauce = FlatNeeds(
        by_owner={**NEEDS.by_owner, NO_CHEESE: (Need(ingredient=SAUCE, quantity=None, effect=REMOVE),)}
    )
    portion = Portion(variant_id=BURGER, quantity=1, modifiers=(Chosen(modifier_id=NO_CHEESE),))  # type: ignore[arg-type]
    assert explode(portions=[portion], needs=no_sauce)[TOMATO] == 20


def test_a_swap_takes_as_much_as_was_there_whatever_the_size() -> None:
    assert taken(LATTE, OAT_MILK) == {OAT: 200}
    assert taken(LATTE, OAT_MILK, LARGE) == {OAT: 300}
    assert taken(LATTE, LARGE, OAT_MILK, quantity=2) == {OAT: 600}


def test_of_two_swaps_of_the_same_the_first_counts() -> None:
    assert taken(LATTE, SOY_MILK, OAT_MILK) == {SOY: 200}


def test_portions_of_an_order_are_added_up() -> None:
    portions = [
        Portion(variant_id=LATTE, quantity=Fraction(2)),
        Portion(variant_id=LATTE, quantity=Fraction(1, 2)),
    ]
    assert explode(portions=portions, needs=NEEDS) == {MILK: 500}


def test_thirds_are_exact_and_rounded_once() -> None:
    # A third of a gram, three times: a gram. Rounded each time it would be 0.999999.
    formulas = {BURGER: Formula(parts=(add(BEEF, 1),), makes=Fraction(3))}
    needs = FlatNeeds(by_owner={BURGER: flatten(owner=BURGER, formulas=formulas)})
    portions = [Portion(variant_id=BURGER, quantity=Fraction(1))] * 3
    (quantity,) = explode(portions=portions, needs=needs).values()
    assert quantity == 1
    assert str(stock_quantity(quantity)) == "1.000000"


def test_a_dish_made_in_batches_is_stock_and_not_multiplied_out() -> None:
    formulas = {
        **FORMULAS,
        SAUCE: Formula(parts=FORMULAS[SAUCE].parts, makes=Fraction(1000), in_batches=True),
    }
    assert Need(ingredient=SAUCE, quantity=Fraction(30)) in flatten(owner=BURGER, formulas=formulas)
    assert flatten(owner=SAUCE, formulas=formulas) == (Need(ingredient=TOMATO, quantity=Fraction(3, 2)),)


def test_a_circle_is_refused_with_the_way_round() -> None:
    formulas = {
        BURGER: Formula(parts=(add(SAUCE, 1),)),
        SAUCE: Formula(parts=(add(TOMATO, 1),), in_batches=True),
        TOMATO: Formula(parts=(add(BURGER, 1),)),
    }
    with pytest.raises(RecipeCycle) as refused:
        refuse_cycles(owner=BURGER, formulas=formulas)
    assert refused.value.path == (BURGER, SAUCE, TOMATO, BURGER)


def test_a_circle_of_sub_recipes_cannot_be_multiplied_out() -> None:
    formulas = {BURGER: Formula(parts=(add(SAUCE, 1),)), SAUCE: Formula(parts=(add(SAUCE, 1),))}
    with pytest.raises(RecipeCycle) as refused:
        flatten(owner=BURGER, formulas=formulas)
    assert refused.value.path == (SAUCE, SAUCE)


def chain(length: int) -> dict[UUID, Formula]:
    return {UUID(int=n): Formula(parts=(add(UUID(int=n + 1), 2),)) for n in range(1, length + 1)}


def test_recipes_within_recipes_have_an_end() -> None:
    assert flatten(owner=UUID(int=1), formulas=chain(DEEPEST))[0].quantity == 2**DEEPEST
    with pytest.raises(RecipeTooDeep):
        flatten(owner=UUID(int=1), formulas=chain(DEEPEST + 1))
    with pytest.raises(RecipeTooDeep):
        refuse_cycles(owner=UUID(int=1), formulas=chain(DEEPEST + 1))


def test_the_same_few_recipes_multiplied_with_each_other_are_too_many() -> None:
    formulas = {UUID(int=n): Formula(parts=(add(UUID(int=n + 1), 1),) * 20) for n in range(1, DEEPEST)}
    with pytest.raises(RecipeTooLarge):
        flatten(owner=UUID(int=1), formulas=formulas)
    assert 20**2 < MOST_NEEDS < 20**3


def test_what_adds_and_what_is_added_are_named_alike() -> None:
    assert NEEDS.of_modifier(EXTRA_CHEESE) == (Need(ingredient=CHEESE, quantity=Fraction(1), effect=ADD),)
    assert NEEDS.of_modifier(UUID(int=999)) == ()
