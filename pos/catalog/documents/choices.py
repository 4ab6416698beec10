"""Choices as they would be: groups nested and ranged so that a guest can choose, combos of plain items only."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.catalog.documents.batches import Batch, Change, Document
from pos.catalog.documents.checking_groups import range_problems
from pos.catalog.documents.limits import MAX_DEPTH
from pos.catalog.documents.reading import read_documents
from pos.catalog.documents.rows import among, only
from pos.catalog.documents.shapes import ID_FORM
from pos.catalog.models import ComboChoice, GroupUse, Variant

Groups = dict[str, Document]


def choice_problems(batch: Batch) -> Iterator[FieldProblem]:
    """A problem at every group or item whose choices do not fit together."""
    items = [(change, after) for change, after in batch.kept("item") if after["modifier_groups"]]
    if items or batch.of("modifier_group"):
        groups = _groups(batch)
        yield from _nesting(batch, groups)
        for change, after in items:
            yield from _ranges(change, "/modifier_groups", after["modifier_groups"], groups)
        yield from _ranges_elsewhere(batch, groups)
    if batch.of("item"):
        yield from _combos(batch)


def _groups(batch: Batch) -> Groups:
    """Every group as it would be."""
    found = {str(key): document for key, document in read_documents(kind="modifier_group").items()}
    for change in batch.of("modifier_group"):
        found.pop(str(change.id), None)
        if change.after is not None:
            found[str(change.id)] = change.after
    return found


def _nesting(batch: Batch, groups: Groups) -> Iterator[FieldProblem]:
    levels = _levels(groups)
    for change, after in batch.kept("modifier_group"):
        for place, modifier in enumerate(after["modifiers"]):
            where = f"/modifiers/{place}/groups"
            yield from _ranges(change, where, modifier["groups"], groups)
            for number, use in enumerate(modifier["groups"]):
                level = 1 + levels.get(use["group_id"], 0)
                if level > MAX_DEPTH:
                    detail = f"Groups are nested at most {MAX_DEPTH} deep, and never inside themselves."
                    yield FieldProblem(f"{change.pointer}{where}/{number}/group_id", "nested", detail)
    above = _above(batch, groups, levels)
    for change, _ in batch.kept("modifier_group"):
        if str(change.id) in above:
            detail = f"{above[str(change.id)]} nests this group, which is then more than {MAX_DEPTH} deep."
            yield FieldProblem(f"{change.pointer}/modifiers", "nested", detail)


def _above(batch: Batch, groups: Groups, levels: dict[str, int]) -> dict[str, str]:
    """Groups of the batch that others, which stay as they are, nest too deep: with the name of one of those."""
    own = {str(key) for key in batch.ids("modifier_group")}
    found: dict[str, str] = {}
    for key, group in groups.items():
        if key not in own and levels[key] > MAX_DEPTH:
            for inner in _below(key, groups):
                if inner in own:
                    found.setdefault(inner, group["name"])
    return found


def _below(key: str, groups: Groups) -> set[str]:
    """Every group nested in this one, at any depth."""
    found: set[str] = set()
    waiting = [key]
    while waiting:
        group = groups.get(waiting.pop())
        for modifier in group["modifiers"] if group else ():
            inner = {use["group_id"] for use in modifier["groups"]} - found
            found |= inner
            waiting += inner
    return found


def _levels(groups: Groups) -> dict[str, int]:
    """How many levels each group and what is nested in it have; a circle has more than are allowed."""
    nested = {
        key: {use["group_id"] for modifier in group["modifiers"] for use in modifier["groups"]}
        for key, group in groups.items()
    }
    levels = dict.fromkeys(groups, 1)
    for _ in range(MAX_DEPTH):
        levels = {
            key: 1 + max((levels.get(inner, 0) for inner in inside), default=0)
            for key, inside in nested.items()
        }
    return levels


def _ranges(change: Change, where: str, uses: list[Document], groups: Groups) -> Iterator[FieldProblem]:
    """The range of each use, its own or the group's, must be one that can be chosen."""
    for place, use in enumerate(uses):
        group = groups.get(use["group_id"])
        if group is not None and (use["min"] is not None or use["max"] is not None):
            for _, code, detail in _range_of_use(group, use["min"], use["max"]):
                yield FieldProblem(f"{change.pointer}{where}/{place}", code, f"{group['name']}: {detail}")


def _ranges_elsewhere(batch: Batch, groups: Groups) -> Iterator[FieldProblem]:
    """Ranges that items and modifiers outside the batch gave groups of the batch."""
    changed = {change.id: change for change, _ in batch.kept("modifier_group") if change.before is not None}
    if not changed:
        return
    items, own = batch.ids("item"), batch.ids("modifier_group")
    fields = (
        "group_id",
        "item_id",
        "modifier__group_id",
        "min_count",
        "max_count",
        "item__name",
        "modifier__name",
    )
    rows: Any = only(GroupUse, changed.keys(), by="group").exclude(min_count=None, max_count=None)
    for key, item, outer, low, high, item_name, modifier_name in rows.values_list(*fields):
        if item in items or outer in own:
            continue
        for where, code, detail in _range_of_use(groups[str(key)], low, high):
            there = f"as {item_name or modifier_name} offers it: {detail}"
            yield FieldProblem(changed[key].pointer + where, code, there)


def _range_of_use(group: Document, low: int | None, high: int | None) -> list[tuple[str, str, str]]:
    return range_problems(
        group, low=group["min"] if low is None else low, high=group["max"] if high is None else high
    )


def _combos(batch: Batch) -> Iterator[FieldProblem]:
    """Components are variants of items that are no combos: not of the combo itself, nor of another one."""
    owners = {variant["id"]: after for _, after in batch.kept("item") for variant in after["variants"]}
    chosen = [
        (change, after, f"/combo/slots/{place}/choices/{number}/variant_id", choice["variant_id"])
        for change, after in batch.kept("item")
        if after["combo"]
        for place, slot in enumerate(after["combo"]["slots"])
        for number, choice in enumerate(slot["choices"])
    ]
    combos = _combo_variants({key for *_, key in chosen if key not in owners}) if chosen else set()
    for change, after, where, key in chosen:
        owner = owners.get(key)
        if owner is after:
            yield FieldProblem(change.pointer + where, "combo", "A combo is not a component of itself.")
        elif key in combos or (owner is not None and owner["combo"]):
            yield FieldProblem(change.pointer + where, "combo", "A component is not a combo itself.")
    yield from _chosen_elsewhere(batch)


def _combo_variants(wanted: set[str]) -> set[str]:
    """Those of the variants that belong to combos."""
    ids = [UUID(key) for key in wanted if ID_FORM.fullmatch(key)]
    rows = Variant.objects.filter(among("pk", ids), item__combo_slots__isnull=False)
    return {str(pk) for pk in rows.values_list("pk", flat=True).distinct()}


def _chosen_elsewhere(batch: Batch) -> Iterator[FieldProblem]:
    """Items that become combos while combos outside the batch offer them."""
    becoming = {
        variant["id"]: change
        for change, after in batch.kept("item")
        if after["combo"] and change.before is not None and not change.before["combo"]
        for variant in after["variants"]
    }
    if not becoming:
        return
    own = batch.ids("item")
    rows: Any = only(ComboChoice, {UUID(key) for key in becoming}, by="variant")
    for variant, item, name in rows.values_list("variant_id", "slot__item_id", "slot__item__name"):
        if item not in own:
            detail = f"The combo {name} offers it as a component."
            yield FieldProblem(f"{becoming[str(variant)].pointer}/combo", "combo", detail)
