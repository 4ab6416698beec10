"""Writing documents: the rows of every kind, items apart (`item_rows`). Each table in a few statements."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Model

from fynlo.core.ids import new_id
from pos.catalog.documents.batches import Batch, Change, Document
from pos.catalog.documents.rows import only
from pos.catalog.documents.tax_rules import default_rate, simple_rate
from pos.catalog.models import (
    KINDS,
    THE_ONE,
    BarcodePattern,
    CatalogHead,
    Category,
    Item,
    Menu,
    ModifierGroup,
    PriceList,
    PriceListEntry,
    Promotion,
    ServiceCharge,
    TaxClass,
)
from pos.catalog.services.bulk import Row, insert, park, remove, upsert
from pos.catalog.services.group_rows import write_groups, write_modifier_parts
from pos.catalog.services.item_rows import (
    let_go_of_variants,
    remove_items,
    write_item_parts,
    write_items,
)

_TABLES: Final[dict[str, type[Model]]] = {
    "tax_class": TaxClass,
    "category": Category,
    "modifier_group": ModifierGroup,
    "item": Item,
    "price_list": PriceList,
    "promotion": Promotion,
    "service_charge": ServiceCharge,
    "menu": Menu,
    "barcode_pattern": BarcodePattern,
}


def write_batch(batch: Batch) -> None:
    """Bring the tables to what the batch says; its plan has no problems and the catalogue is locked.

    What goes lets go of its names first, because something else may want them, and is deleted last, because
    something else may still have needed it.
    """
    for kind, table in _TABLES.items():
        if kind != "tax_class":
            park(table, "name", _removed(batch, kind))
    let_go_of_variants(batch)
    for write in _WRITERS:
        write(batch)
    for kind in reversed(KINDS):
        if kind == "item":
            remove_items(batch)
        elif kind in _TABLES:
            remove(_TABLES[kind], _removed(batch, kind))


def _removed(batch: Batch, kind: str) -> list[UUID]:
    return [change.id for change in batch.of(kind) if change.after is None]


def _named(kind: str, columns: Sequence[str], row: Callable[[Document], Row]) -> Callable[[Batch], None]:
    """A writer of a table with names that are unique: renamed rows let go of theirs first."""

    def write(batch: Batch) -> None:
        park(_TABLES[kind], "name", _renamed(batch.kept(kind)))
        upsert(_TABLES[kind], columns, [row(after) for _, after in batch.kept(kind)])

    return write


def _renamed(changes: Iterator[tuple[Change, Document]], *members: str) -> list[UUID]:
    names = ("name", *members)
    return [
        change.id
        for change, after in changes
        if change.before is not None and any(change.before[name] != after[name] for name in names)
    ]


def _settings(batch: Batch) -> None:
    for _, after in batch.kept("settings"):
        CatalogHead.objects.filter(pk=THE_ONE).update(
            rounding_scope=after["rounding"]["scope"],
            rounding_mode=after["rounding"]["mode"],
            cash_increment=after["cash_increment"],
        )


def _tax_classes(batch: Batch) -> None:
    columns = ("id", "code", "name", "rate", "is_inclusive", "rules")
    upsert(TaxClass, columns, [_tax_class(after) for _, after in batch.kept("tax_class")])


def _tax_class(after: Document) -> Row:
    """One rate is kept in its columns; rules that say more are kept as they are, and the columns follow them."""
    code, name, rules = after["code"], after["name"], after["rules"]
    simple = simple_rate(code=code, name=name, rules=rules)
    rate, inclusive = simple or default_rate(rules)
    return after["id"], code, name, rate, inclusive, [] if simple else rules


def _categories(batch: Batch) -> None:
    park(Category, "name", _renamed(batch.kept("category"), "parent_id"))
    columns = ("id", "parent", "name", "position", "color", "image")
    members = ("id", "parent_id", "name", "position", "color", "image_id")
    rows = [tuple(after[name] for name in members) for after in _parents_first(batch)]
    upsert(Category, columns, rows)


def _parents_first(batch: Batch) -> list[Document]:
    waiting = {after["id"]: after for _, after in batch.kept("category")}
    ordered: dict[str, Document] = {}
    for after in list(waiting.values()):
        branch: list[Document] = []
        node: Document | None = after
        while node is not None and node["id"] not in ordered:
            branch.append(node)
            node = waiting.get(node["parent_id"] or "")
        ordered.update({each["id"]: each for each in reversed(branch)})
    return list(ordered.values())


def _price_lists(batch: Batch) -> None:
    changes = list(batch.kept("price_list"))
    park(PriceList, "name", _renamed(iter(changes)))
    itself = ("id", "name", "priority", "when", "is_active")
    upsert(PriceList, itself, [tuple(after[name] for name in itself) for _, after in changes])
    if known := [change.id for change, _ in changes if change.before is not None]:
        only(PriceListEntry, known, by="price_list").filter(item=None, variant=None).delete()
    columns = (
        "id",
        "price_list",
        "category",
        "min_quantity",
        "price_minor",
        "percent_off",
        "amount_off_minor",
    )
    insert(
        PriceListEntry,
        columns,
        [
            (
                new_id(),
                after["id"],
                entry["category_id"],
                entry["min_quantity"],
                entry.get("price_minor"),
                entry.get("percent_off"),
                entry.get("amount_off_minor"),
            )
            for _, after in changes
            for entry in after["entries"]
        ],
    )


def _promotion(after: Document) -> Row:
    return (
        after["id"],
        after["name"],
        after["priority"],
        after["group"] or "",
        after["exclusive"],
        after["when"],
        after["rule"],
        after["excluded"],
        after["cap_minor"],
        after["max_applications"],
        after["is_active"],
    )


def _service_charges(batch: Batch) -> None:
    if not batch.of("service_charge"):
        return
    codes = dict(TaxClass.objects.values_list("code", "pk"))
    park(ServiceCharge, "name", _renamed(batch.kept("service_charge")))
    rows = [
        (
            after["id"],
            after["name"],
            after["priority"],
            after["when"],
            after.get("percent"),
            after.get("amount_minor"),
            after.get("per_cover_minor"),
            after["phase"],
            after["taxable"],
            codes[after["tax_class"]] if after["tax_class"] else None,
            after["is_active"],
        )
        for _, after in batch.kept("service_charge")
    ]
    columns = (
        "id",
        "name",
        "priority",
        "when",
        "percent",
        "amount_minor",
        "per_cover_minor",
        "phase",
        "is_taxable",
        "tax_class",
        "is_active",
    )
    upsert(ServiceCharge, columns, rows)


def _members(*names: str) -> Callable[[Document], Row]:
    return lambda after: tuple(after[name] for name in names)


_PROMOTION: Final = (
    "id",
    "name",
    "priority",
    "group",
    "is_exclusive",
    "when",
    "rule",
    "excluded",
    "cap_minor",
    "max_applications",
    "is_active",
)
_MENU: Final = ("id", "name", "position", "when", "entries", "is_active")
_PATTERN: Final = ("id", "name", "pattern", "position", "is_active")
_WRITERS: Final[tuple[Callable[[Batch], None], ...]] = (
    _settings,
    _tax_classes,
    _categories,
    write_groups,
    _price_lists,
    write_items,
    write_modifier_parts,
    write_item_parts,
    _named("promotion", _PROMOTION, _promotion),
    _service_charges,
    _named("menu", _MENU, _members(*_MENU)),
    _named("barcode_pattern", _PATTERN, _members(*_PATTERN)),
)
"""In an order in which what is referred to is there."""
