"""From rows to documents: each kind in a fixed number of statements, however many documents are asked for."""

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any, Final
from uuid import UUID

from pos.catalog.documents.orders import category_price_order
from pos.catalog.documents.reading_groups import read_modifier_groups
from pos.catalog.documents.reading_items import read_items
from pos.catalog.documents.rows import Document, Documents, change, key, only, plain
from pos.catalog.documents.tax_rules import simple_rules
from pos.catalog.models import (
    THE_ONE,
    BarcodePattern,
    CatalogHead,
    Category,
    Menu,
    PriceList,
    PriceListEntry,
    Promotion,
    ServiceCharge,
    TaxClass,
)

SETTINGS_ID: Final = UUID(int=THE_ONE)
"""The id of the one document of kind `settings`."""


def read_documents(*, kind: str, ids: Collection[UUID] | None = None) -> dict[UUID, Document]:
    """The documents of a kind by id, as they are now; `ids` None means all of them, unknown ids are missing.

    They are canonical: equal content is equal JSON, lists included. Raises KeyError for an unknown kind.
    """
    read = _READERS[kind]
    return {} if ids is not None and not ids else read(ids)


def _settings(ids: Collection[UUID] | None) -> Documents:
    if ids is not None and SETTINGS_ID not in ids:
        return {}
    head = CatalogHead.objects.get(pk=THE_ONE)
    document = {
        "id": str(SETTINGS_ID),
        "rounding": {"scope": head.rounding_scope, "mode": head.rounding_mode},
        "cash_increment": head.cash_increment,
    }
    return {SETTINGS_ID: document}


def _tax_classes(ids: Collection[UUID] | None) -> Documents:
    return {
        row.id: {
            "id": str(row.id),
            "code": row.code,
            "name": row.name,
            "rules": row.rules
            or simple_rules(code=row.code, name=row.name, rate=row.rate, inclusive=row.is_inclusive),
        }
        for row in only(TaxClass, ids)
    }


def _categories(ids: Collection[UUID] | None) -> Documents:
    fields = ("pk", "parent_id", "name", "position", "color", "image_id")
    return {
        pk: {
            "id": str(pk),
            "parent_id": key(parent),
            "name": name,
            "position": position,
            "color": color,
            "image_id": key(image),
        }
        for pk, parent, name, position, color, image in only(Category, ids).values_list(*fields)
    }


def _price_lists(ids: Collection[UUID] | None) -> Documents:
    entries: dict[UUID, list[Document]] = defaultdict(list)
    fields = (
        "price_list_id",
        "category_id",
        "min_quantity",
        "price_minor",
        "percent_off",
        "amount_off_minor",
    )
    general = only(PriceListEntry, ids, by="price_list").filter(item=None, variant=None)
    for owner, category, quantity, *effect in general.values_list(*fields):
        entries[owner].append({"category_id": key(category), **change(quantity, *effect)})
    return {
        row.id: {
            "id": str(row.id),
            "name": row.name,
            "priority": row.priority,
            "when": row.when,
            "entries": sorted(entries.get(row.id, []), key=category_price_order),
            "is_active": row.is_active,
        }
        for row in only(PriceList, ids)
    }


def _promotions(ids: Collection[UUID] | None) -> Documents:
    return {
        row.id: {
            "id": str(row.id),
            "name": row.name,
            "priority": row.priority,
            "group": row.group or None,
            "exclusive": row.is_exclusive,
            "when": row.when,
            "cap_minor": row.cap_minor,
            "max_applications": row.max_applications,
            "excluded": row.excluded,
            "rule": row.rule,
            "is_active": row.is_active,
        }
        for row in only(Promotion, ids)
    }


def _service_charges(ids: Collection[UUID] | None) -> Documents:
    return {
        row.id: {
            "id": str(row.id),
            "name": row.name,
            "priority": row.priority,
            "when": row.when,
            **_charged(row),
            "phase": row.phase,
            "taxable": row.is_taxable,
            "tax_class": row.tax_class.code if row.tax_class else None,
            "is_active": row.is_active,
        }
        for row in only(ServiceCharge, ids).select_related("tax_class")
    }


def _charged(row: ServiceCharge) -> Document:
    if row.percent is not None:
        return {"percent": plain(row.percent)}
    if row.amount_minor is not None:
        return {"amount_minor": row.amount_minor}
    return {"per_cover_minor": row.per_cover_minor}


def _menus(ids: Collection[UUID] | None) -> Documents:
    return {
        row.id: {
            "id": str(row.id),
            "name": row.name,
            "position": row.position,
            "when": row.when,
            "entries": row.entries,
            "is_active": row.is_active,
        }
        for row in only(Menu, ids)
    }


def _barcode_patterns(ids: Collection[UUID] | None) -> Documents:
    return {
        row.id: {
            "id": str(row.id),
            "name": row.name,
            "pattern": row.pattern,
            "position": row.position,
            "is_active": row.is_active,
        }
        for row in only(BarcodePattern, ids)
    }


_READERS: Final[dict[str, Callable[[Collection[UUID] | None], dict[UUID, dict[str, Any]]]]] = {
    "settings": _settings,
    "tax_class": _tax_classes,
    "category": _categories,
    "modifier_group": read_modifier_groups,
    "item": read_items,
    "price_list": _price_lists,
    "promotion": _promotions,
    "service_charge": _service_charges,
    "menu": _menus,
    "barcode_pattern": _barcode_patterns,
}
