"""Writing modifier groups: the rows of their documents; what they refer to comes in a second step."""

from collections.abc import Sequence
from uuid import UUID

from fynlo.core.ids import new_id
from pos.catalog.documents.batches import Batch, Change, Document
from pos.catalog.models import GroupUse, Modifier, ModifierGroup, ModifierPrice
from pos.catalog.services.bulk import Row, insert, park, remove, upsert
from pos.catalog.services.item_rows import USE, use_rows


def write_groups(batch: Batch) -> None:
    """Bring groups and their modifiers to their documents."""
    changes = list(batch.kept("modifier_group"))
    park(
        ModifierGroup,
        "name",
        [change.id for change, after in changes if change.before and change.before["name"] != after["name"]],
    )
    columns = ("id", "name", "kitchen_name", "min_count", "max_count")
    members = ("id", "name", "kitchen_name", "min", "max")
    upsert(ModifierGroup, columns, [tuple(after[name] for name in members) for _, after in changes])
    _modifiers(_differing(batch))


def _differing(batch: Batch) -> list[tuple[Change, Document]]:
    """Groups in which a modifier differs."""
    return [
        (change, after)
        for change, after in batch.kept("modifier_group")
        if change.before is None or change.before["modifiers"] != after["modifiers"]
    ]


def _modifiers(changes: Sequence[tuple[Change, Document]]) -> None:
    before = {
        modifier["id"]: modifier
        for change, _ in changes
        for modifier in (change.before or {}).get("modifiers", ())
    }
    after = [
        (document["id"], place, modifier)
        for _, document in changes
        for place, modifier in enumerate(document["modifiers"])
    ]
    remove(Modifier, [UUID(key) for key in before.keys() - {modifier["id"] for _, _, modifier in after}])
    park(Modifier, "name", [UUID(modifier["id"]) for _, _, modifier in after if modifier["id"] in before])
    columns = (
        "id",
        "group",
        "position",
        "name",
        "kitchen_name",
        "price_minor",
        "default_quantity",
        "max_quantity",
        "is_active",
    )
    members = ("name", "kitchen_name", "price_minor", "default_quantity", "max_quantity", "is_active")
    rows = [
        (modifier["id"], group, place, *(modifier[name] for name in members))
        for group, place, modifier in after
    ]
    upsert(Modifier, columns, rows)


def write_modifier_parts(batch: Batch) -> None:
    """Prices of modifiers and groups nested under them are written anew."""
    differing = _differing(batch)
    modifiers = [modifier for _, after in differing for modifier in after["modifiers"]]
    known = [change.id for change, _ in differing if change.before is not None]
    remove(ModifierPrice, known, by="modifier__group")
    remove(GroupUse, known, by="modifier__group")
    columns = ("id", "modifier", "item", "location", "price_minor")
    insert(ModifierPrice, columns, _modifier_prices(modifiers))
    nested = [row for each in modifiers for row in use_rows(each["groups"], modifier=each["id"])]
    insert(GroupUse, USE, nested)


def _modifier_prices(modifiers: Sequence[Document]) -> list[Row]:
    return [
        (new_id(), modifier["id"], price["item_id"], price["location_id"], price["price_minor"])
        for modifier in modifiers
        for price in modifier["prices"]
    ]
