"""The whole catalogue as values, for comparing a file with it: five statements, whatever its size."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from pos.catalog.importing import Catalogue, ItemState, VariantState
from pos.catalog.models import Barcode, Category, Item, TaxClass, Variant

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The catalogue there is, and the keys that its paths and codes stand for."""

    catalogue: Catalogue
    category_ids: dict[Path, UUID]
    tax_class_ids: dict[str, UUID]


def snapshot() -> Snapshot:
    """Read everything. Consistent only while the catalogue is locked, or as a preview."""
    category_ids = _category_paths()
    paths = {key: path for path, key in category_ids.items()}
    tax_class_ids = dict(TaxClass.objects.values_list("code", "pk"))
    codes = {key: code for code, key in tax_class_ids.items()}
    catalogue = Catalogue(
        categories=frozenset(category_ids),
        items=_items(paths, codes),
        variants=_variants(),
        tax_classes=frozenset(tax_class_ids),
    )
    return Snapshot(catalogue=catalogue, category_ids=category_ids, tax_class_ids=tax_class_ids)


def _category_paths() -> dict[Path, UUID]:
    rows = {
        key: (parent, name)
        for key, parent, name in Category.objects.order_by("pk").values_list("pk", "parent_id", "name")
    }

    def path(key: UUID | None) -> Path:
        if key is None:
            return ()
        parent, name = rows[key]
        return (*path(parent), name)

    return {path(key): key for key in rows}


def _items(paths: dict[UUID, Path], codes: dict[UUID, str]) -> dict[UUID, ItemState]:
    fields = ("pk", "category_id", "name", "tax_class_id", "unit", "description", "is_active")
    return {
        key: ItemState(
            id=key,
            category=paths[category],
            name=name,
            tax_class=codes[tax_class],
            unit=unit,
            description=description,
            is_active=is_active,
        )
        for key, category, name, tax_class, unit, description, is_active in Item.objects.order_by(
            "pk"
        ).values_list(*fields)
    }


def _variants() -> dict[str, VariantState]:
    barcodes: dict[UUID, set[str]] = defaultdict(set)
    for key, code in Barcode.objects.values_list("variant_id", "code"):
        barcodes[key].add(code)
    fields = ("pk", "item_id", "name", "sku", "price_minor", "position", "is_active")
    return {
        sku.upper(): VariantState(
            id=key,
            item_id=item,
            name=name,
            sku=sku,
            price_minor=price,
            position=position,
            is_active=is_active,
            barcodes=frozenset(barcodes.get(key, ())),
        )
        for key, item, name, sku, price, position, is_active in Variant.objects.order_by("pk").values_list(
            *fields
        )
    }
