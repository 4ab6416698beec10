"""What the things of a catalogue are called, for comparing a file with it: eleven statements, whatever its size."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Model

from fynlo.core.tenancy import current_tenant
from pos.catalog.documents.reading import read_documents
from pos.catalog.importing.states import Known
from pos.catalog.models import (
    BarcodePattern,
    Category,
    Item,
    Menu,
    ModifierGroup,
    ModifierPrice,
    PriceList,
    Promotion,
    ServiceCharge,
    TaxClass,
    Variant,
)
from pos.catalog.sheets.names import Names, Path, Words

_LOCATION: type[Model] = ModifierPrice._meta.get_field("location").related_model


def known_catalogue() -> Known:
    """The names there are, and a way to fetch documents. Consistent only while the catalogue is locked."""
    return Known(names=read_names(), load=load_documents)


def load_documents(kind: str, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Documents by their ids as text."""
    found = read_documents(kind=kind, ids=[UUID(key) for key in ids])
    return {str(key): document for key, document in found.items()}


def read_names() -> Names:
    """All words of the current merchant's catalogue."""
    names = Names(currency=current_tenant().currency)
    for key, path in _category_paths().items():
        names.add_category(key, path)
    for words, model, column in (
        (names.tax_classes, TaxClass, "code"),
        (names.groups, ModifierGroup, "name"),
        (names.price_lists, PriceList, "name"),
        (names.promotions, Promotion, "name"),
        (names.service_charges, ServiceCharge, "name"),
        (names.menus, Menu, "name"),
        (names.patterns, BarcodePattern, "name"),
        (names.locations, _LOCATION, "code"),
    ):
        _fill(words, model, column)
    for item, category, name in Item.objects.order_by("pk").values_list("pk", "category_id", "name"):
        names.add_item(str(item), str(category), name)
    for variant, owner, sku in Variant.objects.order_by("pk").values_list("pk", "item_id", "sku"):
        names.add_variant(str(variant), str(owner), sku)
    return names


def _fill(words: Words, model: type[Model], column: str) -> None:
    for key, word in model._default_manager.order_by("pk").values_list("pk", column):
        words.add(str(key), word)


def _category_paths() -> dict[str, Path]:
    rows = {
        key: (parent, name)
        for key, parent, name in Category.objects.order_by("pk").values_list("pk", "parent_id", "name")
    }

    def path(key: UUID | None) -> Path:
        if key is None:
            return ()
        parent, name = rows[key]
        return (*path(parent), name)

    return {str(key): path(key) for key in rows}
