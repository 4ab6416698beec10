"""Modifier groups as documents, in four statements."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from pos.catalog.documents.orders import modifier_price_order
from pos.catalog.documents.rows import Document, Documents, key, only
from pos.catalog.models import GroupUse, Modifier, ModifierGroup, ModifierPrice


def read_modifier_groups(ids: Collection[UUID] | None) -> Documents:
    """The groups with their modifiers, what these cost where, and the groups nested under them."""
    modifiers = _modifiers(ids)
    fields = ("pk", "name", "kitchen_name", "min_count", "max_count")
    return {
        pk: {
            "id": str(pk),
            "name": name,
            "kitchen_name": kitchen_name,
            "min": low,
            "max": high,
            "modifiers": modifiers.get(pk, []),
        }
        for pk, name, kitchen_name, low, high in only(ModifierGroup, ids).values_list(*fields)
    }


def _modifiers(ids: Collection[UUID] | None) -> dict[UUID, list[Document]]:
    prices, nested = _prices(ids), _nested(ids)
    made: dict[UUID, list[Document]] = defaultdict(list)
    rows = only(Modifier, ids, by="group").order_by("group_id", "position", "name", "pk")
    for row in rows:
        made[row.group_id].append(
            {
                "id": str(row.id),
                "name": row.name,
                "kitchen_name": row.kitchen_name,
                "price_minor": row.price_minor,
                "default_quantity": row.default_quantity,
                "max_quantity": row.max_quantity,
                "is_active": row.is_active,
                "prices": prices.get(row.id, []),
                "groups": nested.get(row.id, []),
            }
        )
    return made


def _prices(ids: Collection[UUID] | None) -> dict[UUID, list[Document]]:
    made: dict[UUID, list[Document]] = defaultdict(list)
    fields = ("modifier_id", "item_id", "location_id", "price_minor")
    for modifier, item, location, price in only(ModifierPrice, ids, by="modifier__group").values_list(
        *fields
    ):
        made[modifier].append({"item_id": key(item), "location_id": key(location), "price_minor": price})
    return {modifier: sorted(entries, key=modifier_price_order) for modifier, entries in made.items()}


def _nested(ids: Collection[UUID] | None) -> dict[UUID, list[Document]]:
    made: dict[UUID, list[Document]] = defaultdict(list)
    rows = only(GroupUse, ids, by="modifier__group").filter(modifier__isnull=False)
    for modifier, group, low, high in rows.order_by("modifier_id", "position", "pk").values_list(
        "modifier_id", "group_id", "min_count", "max_count"
    ):
        made[modifier].append({"group_id": str(group), "min": low, "max": high})
    return made
