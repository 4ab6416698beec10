"""Items as documents, in nine statements: with variants, barcodes, pictures, choices and prices of their own.

Every statement asks one table: what is two tables away is asked for by the keys of what is one away. A join
would be planned by what the server believes of tables, which is wrong right after many rows were written.
"""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from pos.catalog.documents.orders import price_order
from pos.catalog.documents.rows import Document, Documents, change, key, only, plain
from pos.catalog.models import (
    Barcode,
    ComboChoice,
    ComboSlot,
    GroupUse,
    Item,
    ItemImage,
    PriceListEntry,
    Variant,
)

Ids = Collection[UUID] | None
ByKey = dict[UUID, list[Document]]

_ITEM = (
    "pk",
    "name",
    "description",
    "kitchen_name",
    "category_id",
    "tax_class__code",
    "unit",
    "units",
    "tags",
    "allergens",
    "has_open_price",
    "is_active",
    "option_axes",
)
_VARIANT = ("item_id", "pk", "name", "sku", "price_minor", "scheduled_prices", "options", "is_active")
_EFFECT = ("min_quantity", "price_minor", "percent_off", "amount_off_minor")


def read_items(ids: Ids) -> Documents:
    """The items with everything that is theirs; positions are the order of lists."""
    images, groups, slots = _images(ids), _groups(ids), _slots(ids)
    variants, owners = _variants(ids)
    prices = _list_prices(ids, owners)
    made: Documents = {}
    for row in only(Item, ids).values_list(*_ITEM):
        pk = row[0]
        made[pk] = {
            "id": str(pk),
            "name": row[1],
            "description": row[2],
            "kitchen_name": row[3],
            "category_id": str(row[4]),
            "tax_class": row[5],
            "unit": row[6],
            "units": row[7],
            "tags": row[8],
            "allergens": row[9],
            "has_open_price": row[10],
            "is_active": row[11],
            "option_axes": row[12],
            "image_ids": images.get(pk, []),
            "modifier_groups": groups.get(pk, []),
            "combo": {"slots": slots[pk]} if pk in slots else None,
            "list_prices": prices.get(pk, []),
            "variants": variants.get(pk, []),
        }
    return made


def _variants(ids: Ids) -> tuple[ByKey, dict[UUID, UUID]]:
    """The variants by item, and the item of each."""
    rows = only(Variant, ids, by="item").order_by("item_id", "position", "sku", "pk").values_list(*_VARIANT)
    found = list(rows)
    owners = {row[1]: row[0] for row in found}
    barcodes: ByKey = defaultdict(list)
    codes = only(Barcode, _asked(ids, owners), by="variant").order_by("code")
    for owner, code, unit, multiplier in codes.values_list("variant_id", "code", "unit", "multiplier"):
        barcodes[owner].append({"code": code, "unit": unit, "multiplier": plain(multiplier)})
    made: ByKey = defaultdict(list)
    for item, pk, name, sku, price, scheduled, options, is_active in found:
        made[item].append(
            {
                "id": str(pk),
                "name": name,
                "sku": sku,
                "price_minor": price,
                "scheduled_prices": scheduled,
                "options": options,
                "is_active": is_active,
                "barcodes": sorted(barcodes.get(pk, []), key=_by_code),
            }
        )
    return made, owners


def _by_code(barcode: Document) -> str:
    return str(barcode["code"])


def _images(ids: Ids) -> dict[UUID, list[str]]:
    made: dict[UUID, list[str]] = defaultdict(list)
    rows = only(ItemImage, ids, by="item").order_by("item_id", "position", "pk")
    for item, image in rows.values_list("item_id", "image_id"):
        made[item].append(str(image))
    return made


def _groups(ids: Ids) -> ByKey:
    made: ByKey = defaultdict(list)
    rows = only(GroupUse, ids, by="item").filter(item__isnull=False).order_by("item_id", "position", "pk")
    for item, group, low, high in rows.values_list("item_id", "group_id", "min_count", "max_count"):
        made[item].append({"group_id": str(group), "min": low, "max": high})
    return made


def _slots(ids: Ids) -> ByKey:
    slots = list(
        only(ComboSlot, ids, by="item")
        .order_by("item_id", "position", "pk")
        .values_list("item_id", "pk", "name")
    )
    choices: ByKey = defaultdict(list)
    offered = only(ComboChoice, _asked(ids, [pk for _, pk, _ in slots]), by="slot")
    offered = offered.order_by("slot_id", "position", "pk")
    for slot, variant, upcharge, is_default in offered.values_list(
        "slot_id", "variant_id", "upcharge_minor", "is_default"
    ):
        choices[slot].append(
            {"variant_id": str(variant), "upcharge_minor": upcharge, "is_default": is_default}
        )
    made: ByKey = {}
    for item, pk, name in slots:
        slot_document = {"id": str(pk), "name": name, "choices": choices.get(pk, [])}
        made.setdefault(item, []).append(slot_document)
    return made


def _asked(ids: Ids, found: Collection[UUID]) -> Ids:
    """The keys one table further: all of them when all are asked for."""
    return None if ids is None else found


def _list_prices(ids: Ids, owners: dict[UUID, UUID]) -> ByKey:
    """Entries of price lists for an item or one of its variants, by item."""
    made: ByKey = defaultdict(list)
    whole = only(PriceListEntry, ids, by="item").filter(item__isnull=False)
    for item, price_list, *effect in whole.values_list("item_id", "price_list_id", *_EFFECT):
        entry = {"price_list_id": str(price_list), "variant_id": None, **change(*effect)}
        made[item].append(entry)
    single = only(PriceListEntry, _asked(ids, owners), by="variant").filter(variant__isnull=False)
    for price_list, variant, *effect in single.values_list("price_list_id", "variant_id", *_EFFECT):
        entry = {"price_list_id": str(price_list), "variant_id": key(variant), **change(*effect)}
        made[owners[variant]].append(entry)
    return {item: sorted(entries, key=price_order) for item, entries in made.items()}
