"""Multiplying out by a table is the same as asking each recipe in turn."""

from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from pos.inventory.explosion import (
    REMOVE,
    Chosen,
    FlatNeeds,
    Formula,
    Need,
    Part,
    Portion,
    explode,
    flatten,
)

MANY = 8
amounts = st.fractions(min_value=Fraction(1, 1000), max_value=1000, max_denominator=1000)


@st.composite
def kitchens(draw: st.DrawFn) -> dict[UUID, Formula]:
    """Recipes of dishes 0 … 7, each made of later ones only, so there is no circle; 8 and up are bought."""
    formulas = {}
    for number in range(MANY):
        if number and draw(st.booleans()):
            continue
        parts = draw(
            st.lists(
                st.builds(
                    lambda key, quantity: Part(ingredient=UUID(int=key), quantity=quantity),
                    st.integers(number + 1, MANY + 4),
                    amounts,
                ),
                min_size=1,
                max_size=3,
            )
        )
        formulas[UUID(int=number)] = Formula(
            parts=tuple(parts), makes=draw(amounts), in_batches=number > 0 and draw(st.booleans())
        )
    return formulas


def naive(
    dish: UUID, quantity: Fraction, formulas: dict[UUID, Formula], *, is_asked: bool
) -> dict[UUID, Fraction]:
    formula = formulas.get(dish)
    if formula is None or (formula.in_batches and not is_asked):
        return {dish: quantity}
    total: dict[UUID, Fraction] = {}
    for part in formula.parts:
        assert part.quantity is not None
        inner = naive(part.ingredient, quantity * part.quantity / formula.makes, formulas, is_asked=False)
        for key, amount in inner.items():
            total[key] = total.get(key, Fraction(0)) + amount
    return total


@given(kitchens(), amounts)
def test_flat_needs_are_what_recursion_finds(formulas: dict[UUID, Formula], quantity: Fraction) -> None:
    dish = UUID(int=0)
    needs = FlatNeeds(by_owner={dish: flatten(owner=dish, formulas=formulas)})
    found = explode(portions=[Portion(variant_id=dish, quantity=quantity)], needs=needs)
    assert found == naive(dish, quantity, formulas, is_asked=True)


@given(kitchens(), st.lists(st.tuples(st.integers(1, MANY + 4), amounts | st.none()), max_size=4))
def test_modifiers_never_take_out_more_than_there_is(
    formulas: dict[UUID, Formula], removed: list[tuple[int, Fraction | None]]
) -> None:
    dish, modifier = UUID(int=0), UUID(int=1000)
    takes_out = tuple(
        Need(ingredient=UUID(int=key), quantity=quantity, effect=REMOVE) for key, quantity in removed
    )
    needs = FlatNeeds(by_owner={dish: flatten(owner=dish, formulas=formulas), modifier: takes_out})
    plain = explode(portions=[Portion(variant_id=dish, quantity=Fraction(1))], needs=needs)
    chosen = (Chosen(modifier_id=modifier),)
    less = explode(portions=[Portion(variant_id=dish, quantity=Fraction(1), modifiers=chosen)], needs=needs)
    assert all(0 < quantity <= plain[key] for key, quantity in less.items())
