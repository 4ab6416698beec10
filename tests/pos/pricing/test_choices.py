"""Whether what was chosen can be chosen: every problem by name and place; the cart is priced all the same."""

from typing import Any

from pos.pricing.choices import choice_problems
from pos.pricing.reading import read_book, read_cart
from tests.pos.pricing.documents import book, item, line, price

GROUPS = [
    {
        "id": "milk",
        "name": "Milk",
        "min": 1,
        "max": 1,
        "modifiers": [{"id": "oat", "name": "Oat"}, {"id": "cow"}],
    },
    {
        "id": "syrups",
        "max": 3,
        "modifiers": [{"id": "vanilla", "max_quantity": 2, "groups": [{"group_id": "kind", "min": 1}]}],
    },
    {"id": "kind", "modifiers": [{"id": "sugar-free"}]},
]
SLOTS = [
    {"id": "main", "name": "Main", "choices": [{"variant_id": "toast"}]},
    {"id": "drink", "choices": [{"variant_id": "latte"}, {"variant_id": "tea"}]},
]
PRICES = book(
    item("latte", 365, modifier_groups=[{"group_id": "milk"}, {"group_id": "syrups", "max": 2}]),
    item("tea", 250, modifier_groups=[{"group_id": "milk", "min": 0}, {"group_id": "gone"}]),
    item("toast", 450),
    item("menu", 700, combo={"slots": SLOTS}),
    modifier_groups=GROUPS,
)
OAT = {"modifier_id": "oat"}


def problems(*lines: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and code of every problem; pricing goes on without an error."""
    price(PRICES, *lines)
    found = choice_problems(read_cart({"lines": list(lines)}), read_book(PRICES))
    return [(problem.pointer, problem.code) for problem in found]


def vanilla(quantity: int = 1, *below: dict[str, Any]) -> dict[str, Any]:
    return {"modifier_id": "vanilla", "quantity": quantity, "modifiers": list(below)}


def test_good_choices_have_no_problems() -> None:
    sweet = vanilla(2, {"modifier_id": "sugar-free"})
    chosen = [("main", "toast", []), ("drink", "latte", [OAT])]
    components = [
        {"slot_id": slot, "variant_id": variant, "modifiers": below} for slot, variant, below in chosen
    ]
    assert (
        problems(line("latte", modifiers=[OAT, sweet]), line("tea"), line("menu", components=components))
        == []
    )


def test_groups_have_bounds_which_an_item_may_change() -> None:
    assert problems(line("latte")) == [("/lines/0/modifiers", "group_below_min")]
    assert problems(line("tea")) == []
    both = [OAT, {"modifier_id": "cow"}]
    assert problems(line("tea", modifiers=both)) == [("/lines/0/modifiers", "group_above_max")]


def test_a_modifier_is_offered_and_not_taken_too_often() -> None:
    assert problems(line("toast", modifiers=[OAT])) == [
        ("/lines/0/modifiers/0/modifier_id", "modifier_not_offered")
    ]
    kind = {"modifier_id": "sugar-free"}
    often = [OAT, vanilla(2, kind), vanilla(1, kind)]
    assert problems(line("tea"), line("latte", modifiers=often)) == [
        ("/lines/1/modifiers/2/quantity", "modifier_too_often"),
        ("/lines/1/modifiers", "group_above_max"),
    ]


def test_modifiers_of_modifiers_have_groups_of_their_own() -> None:
    assert problems(line("latte", modifiers=[OAT, vanilla()])) == [
        ("/lines/0/modifiers/1/modifiers", "group_below_min")
    ]


def test_every_slot_is_filled_once_with_what_it_offers() -> None:
    components = [
        {"slot_id": "drink", "variant_id": "toast"},
        {"slot_id": "drink", "variant_id": "tea"},
        {"slot_id": "dessert", "variant_id": "tea"},
    ]
    assert problems(line("menu", components=components)) == [
        ("/lines/0/components/0/variant_id", "component_not_offered"),
        ("/lines/0/components/1/slot_id", "slot_twice"),
        ("/lines/0/components/2/slot_id", "slot_unknown"),
        ("/lines/0/components", "slot_missing"),
    ]
    assert problems(line("tea", components=components[:1])) == [
        ("/lines/0/components", "components_unexpected")
    ]


def test_components_have_modifiers_too_and_unknown_variants_are_left_to_pricing() -> None:
    components = [{"slot_id": "main", "variant_id": "toast"}, {"slot_id": "drink", "variant_id": "latte"}]
    assert problems(line("menu", components=components)) == [
        ("/lines/0/components/1/modifiers", "group_below_min")
    ]
    assert choice_problems(read_cart({"lines": [line("coffee")]}), read_book(PRICES)) == ()
