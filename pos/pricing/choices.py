"""Whether what was chosen can be chosen: modifiers in their groups, components in their slots.

The engine prices a cart with such problems all the same, because a sale that has happened has happened: a quote
refuses it, an order is kept and flagged.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from fynlo.core.errors import FieldProblem as Problem
from pos.pricing.book import Book, BookIndex, Combo, GroupUse, Item, ModifierGroup
from pos.pricing.types import Cart, CartLine, CartModifier

__all__ = ["Problem", "choice_problems"]


def choice_problems(cart: Cart, book: Book) -> tuple[Problem, ...]:
    """Everything wrong with the choices of `cart`, in its order; variants the book lacks are passed over."""
    problems: list[Problem] = []
    for place, line in enumerate(cart.lines):
        item = book.index.item_of.get(line.variant_id)
        if item is not None:
            problems += _line_problems(line, item, book.index, f"/lines/{place}")
    return tuple(problems)


def _line_problems(line: CartLine, item: Item, index: BookIndex, pointer: str) -> Iterator[Problem]:
    yield from _modifier_problems(line.modifiers, item.modifier_groups, index, pointer)
    if item.combo is None:
        if line.components:
            detail = "This is no combo; it has no components."
            yield Problem(f"{pointer}/components", "components_unexpected", detail)
        return
    yield from _slot_problems(line, item.combo, f"{pointer}/components")
    for place, component in enumerate(line.components):
        own = index.item_of.get(component.variant_id)
        if own is not None:
            at = f"{pointer}/components/{place}"
            yield from _modifier_problems(component.modifiers, own.modifier_groups, index, at)


def _slot_problems(line: CartLine, combo: Combo, pointer: str) -> Iterator[Problem]:
    slots = {slot.id: slot for slot in combo.slots}
    filled: set[str] = set()
    for place, component in enumerate(line.components):
        slot, at = slots.get(component.slot_id), f"{pointer}/{place}"
        if slot is None:
            yield Problem(f"{at}/slot_id", "slot_unknown", "The combo has no such slot.")
            continue
        if slot.id in filled:
            yield Problem(f"{at}/slot_id", "slot_twice", f"{slot.name or slot.id} is chosen twice.")
        if component.variant_id not in [choice.variant_id for choice in slot.choices]:
            detail = f"{slot.name or slot.id} does not offer this."
            yield Problem(f"{at}/variant_id", "component_not_offered", detail)
        filled.add(slot.id)
    for slot in combo.slots:
        if slot.id not in filled:
            yield Problem(pointer, "slot_missing", f"{slot.name or slot.id} is not chosen yet.")


def _modifier_problems(
    chosen: tuple[CartModifier, ...], uses: Iterable[GroupUse], index: BookIndex, pointer: str
) -> Iterator[Problem]:
    """Problems of one level of modifiers and of those below it."""
    offered = [(use, index.groups[use.group_id]) for use in uses if use.group_id in index.groups]
    known = {modifier.id: modifier for _, group in offered for modifier in group.modifiers}
    counts: Counter[str] = Counter()
    for place, choice in enumerate(chosen):
        modifier, at = known.get(choice.modifier_id), f"{pointer}/modifiers/{place}"
        if modifier is None:
            yield Problem(f"{at}/modifier_id", "modifier_not_offered", "This is not offered here.")
            continue
        counts[modifier.id] += choice.quantity
        if counts[modifier.id] > modifier.max_quantity:
            detail = f"{modifier.name or modifier.id}: at most {modifier.max_quantity}."
            yield Problem(f"{at}/quantity", "modifier_too_often", detail)
        yield from _modifier_problems(choice.modifiers, modifier.groups, index, at)
    for use, group in offered:
        yield from _group_problems(use, group, counts, f"{pointer}/modifiers")


def _group_problems(
    use: GroupUse, group: ModifierGroup, counts: Counter[str], pointer: str
) -> Iterator[Problem]:
    count = sum(counts[modifier.id] for modifier in group.modifiers)
    least = group.min if use.min is None else use.min
    most = group.max if use.max is None else use.max
    if count < least:
        yield Problem(pointer, "group_below_min", f"{group.name or group.id}: choose at least {least}.")
    if most is not None and count > most:
        yield Problem(pointer, "group_above_max", f"{group.name or group.id}: choose at most {most}.")
