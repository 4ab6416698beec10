"""Writing items: the rows of their documents, a fixed number of statements for each batch of rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from fynlo.core.ids import new_id
from pos.catalog.documents.batches import Batch, Change, Document
from pos.catalog.documents.rows import only
from pos.catalog.models import (
    Barcode,
    ComboChoice,
    ComboSlot,
    GroupUse,
    Item,
    ItemImage,
    PriceListEntry,
    TaxClass,
    Variant,
)
from pos.catalog.searching import search_text
from pos.catalog.services.bulk import Row, insert, park, remove, upsert

_ITEM: Final = (
    "id",
    "category",
    "tax_class",
    "name",
    "description",
    "kitchen_name",
    "unit",
    "units",
    "option_axes",
    "tags",
    "allergens",
    "has_open_price",
    "is_active",
    "revision",
)
_VARIANT: Final = (
    "id",
    "item",
    "name",
    "sku",
    "price_minor",
    "scheduled_prices",
    "options",
    "search_text",
    "position",
    "is_active",
)
_PRICE: Final = (
    "id",
    "price_list",
    "variant",
    "item",
    "min_quantity",
    "price_minor",
    "percent_off",
    "amount_off_minor",
)
_ITSELF: Final = frozenset({"image_ids", "modifier_groups", "combo", "list_prices", "variants"})
Change_ = tuple[Change, Document]


def write_items(batch: Batch) -> None:
    """Bring items to their documents. Names and SKUs may change places; variants may move to other items."""
    changes = list(batch.kept("item"))
    if not changes:
        return
    codes = dict(TaxClass.objects.values_list("code", "pk"))
    itself = [(change, after) for change, after in changes if _differs(change, after, without=_ITSELF)]
    renamed = [
        change.id
        for change, after in itself
        if change.before is not None and _place(change.before) != _place(after)
    ]
    park(Item, "name", renamed)
    upsert(Item, _ITEM, [_item(after, codes) for _, after in itself], kept=("id", "revision"))
    _variants(batch, changes)


def write_item_parts(batch: Batch) -> None:
    """What belongs to an item and has no life of its own is written anew where it differs."""
    changes = list(batch.kept("item"))
    for member, clear, write in (
        ("image_ids", lambda ids: remove(ItemImage, ids, by="item"), _images),
        ("modifier_groups", lambda ids: remove(GroupUse, ids, by="item"), _uses),
        ("combo", lambda ids: remove(ComboSlot, ids, by="item"), _combos),
        ("list_prices", _clear_prices, _prices),
    ):
        differing = [
            (change, after)
            for change, after in changes
            if (change.before or {}).get(member) != after[member] and (change.before or after[member])
        ]
        clear([change.id for change, _ in differing if change.before is not None])
        write([after for _, after in differing])


def let_go_of_variants(batch: Batch) -> None:
    """Variants that are to go no longer have name, SKU and barcodes; they are deleted when nothing needs them.

    Combos that go let their slots go at once, which another combo may take over.
    """
    remove(ComboSlot, [change.id for change in batch.of("item") if change.after is None], by="item")
    gone = _gone(batch)
    park(Variant, "name", gone)
    park(Variant, "sku", gone)
    remove(Barcode, gone, by="variant")


def remove_items(batch: Batch) -> None:
    """Delete the items that go and the variants that no item has any more; no slot offers them now."""
    remove(Variant, _gone(batch))
    remove(Item, [change.id for change in batch.of("item") if change.after is None])


def _gone(batch: Batch) -> list[UUID]:
    return [UUID(key) for kind, key in batch.gone if kind == "variant"]


def _item(after: Document, codes: dict[str, UUID]) -> Row:
    return (
        after["id"],
        after["category_id"],
        codes[after["tax_class"]],
        after["name"],
        after["description"],
        after["kitchen_name"],
        after["unit"],
        after["units"],
        after["option_axes"],
        after["tags"],
        after["allergens"],
        after["has_open_price"],
        after["is_active"],
        0,
    )


def _variants(batch: Batch, changes: Iterable[Change_]) -> None:
    """Variants that differ, or whose place or item's name does; then the barcodes of those that differ."""
    before = {
        variant["id"]: (str(change.id), variant)
        for change in batch.of("item")
        if change.before is not None
        for variant in change.before["variants"]
    }
    rows, parked, moved = [], [], []
    barcodes: list[tuple[Document, Document | None]] = []
    for change, after in changes:
        rewritten = _rewritten(change, after)
        for place, variant in enumerate(after["variants"]):
            owner, known = before.get(variant["id"], ("", None))
            if known != variant or owner != after["id"] or rewritten:
                rows.append(_variant(after, variant, place))
                if known is not None and (owner, known["name"], known["sku"]) != (
                    after["id"],
                    variant["name"],
                    variant["sku"],
                ):
                    parked.append(UUID(variant["id"]))
            if known is not None and owner != after["id"]:
                moved.append(UUID(variant["id"]))
            if known is None or known["barcodes"] != variant["barcodes"]:
                barcodes.append((variant, known))
    park(Variant, "name", parked)
    park(Variant, "sku", parked)
    remove(PriceListEntry, moved, by="variant")  # its prices are told by the item it comes to
    upsert(Variant, _VARIANT, rows)
    remove(Barcode, [UUID(variant["id"]) for variant, known in barcodes if known], by="variant")
    insert(
        Barcode,
        ("id", "variant", "code", "unit", "multiplier"),
        [
            (new_id(), variant["id"], barcode["code"], barcode["unit"], barcode["multiplier"])
            for variant, _ in barcodes
            for barcode in variant["barcodes"]
        ],
    )


def _rewritten(change: Change, after: Document) -> bool:
    """Whether every variant is written: the order of all may change with one, and searches look for the name."""
    if change.before is None:
        return True
    order = [[variant["id"] for variant in each["variants"]] for each in (change.before, after)]
    return change.before["name"] != after["name"] or order[0] != order[1]


def _variant(after: Document, variant: Document, place: int) -> Row:
    words = search_text(item_name=after["name"], variant_name=variant["name"], sku=variant["sku"])
    return (
        variant["id"],
        after["id"],
        variant["name"],
        variant["sku"],
        variant["price_minor"],
        variant["scheduled_prices"],
        variant["options"],
        words,
        place,
        variant["is_active"],
    )


def _clear_prices(ids: Sequence[UUID]) -> None:
    remove(PriceListEntry, ids, by="item")
    remove(PriceListEntry, list(only(Variant, ids, by="item").values_list("pk", flat=True)), by="variant")


def _images(items: Sequence[Document]) -> None:
    rows = [
        (new_id(), item["id"], image, place)
        for item in items
        for place, image in enumerate(item["image_ids"])
    ]
    insert(ItemImage, ("id", "item", "image", "position"), rows)


def _uses(items: Sequence[Document]) -> None:
    rows = [row for item in items for row in use_rows(item["modifier_groups"], item=item["id"])]
    insert(GroupUse, USE, rows)


USE: Final = ("id", "group", "item", "modifier", "position", "min_count", "max_count")


def use_rows(
    uses: Sequence[Document], *, item: str | None = None, modifier: str | None = None
) -> Iterator[Row]:
    """Where groups are offered: on an item, or under a modifier."""
    for place, use in enumerate(uses):
        yield new_id(), use["group_id"], item, modifier, place, use["min"], use["max"]


def _combos(items: Sequence[Document]) -> None:
    slots = [
        (slot["id"], item["id"], slot["name"], place, slot["choices"])
        for item in items
        if item["combo"]
        for place, slot in enumerate(item["combo"]["slots"])
    ]
    insert(ComboSlot, ("id", "item", "name", "position"), [slot[:4] for slot in slots])
    rows = [
        (new_id(), key, choice["variant_id"], choice["upcharge_minor"], choice["is_default"], place)
        for key, _, _, _, choices in slots
        for place, choice in enumerate(choices)
    ]
    columns = ("id", "slot", "variant", "upcharge_minor", "is_default", "position")
    insert(ComboChoice, columns, rows)


def _prices(items: Sequence[Document]) -> None:
    rows = [_price(item, entry) for item in items for entry in item["list_prices"]]
    insert(PriceListEntry, _PRICE, rows)


def _price(item: Document, entry: Document) -> Row:
    variant: Any = entry["variant_id"]
    return (
        new_id(),
        entry["price_list_id"],
        variant,
        None if variant else item["id"],
        entry["min_quantity"],
        entry.get("price_minor"),
        entry.get("percent_off"),
        entry.get("amount_off_minor"),
    )


def _differs(change: Change, after: Document, *, without: frozenset[str]) -> bool:
    before = change.before
    return before is None or any(before[name] != after[name] for name in after if name not in without)


def _place(document: Document) -> tuple[str, str]:
    return document["category_id"], document["name"]
