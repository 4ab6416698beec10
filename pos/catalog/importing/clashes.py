"""What the file alone could not know: tax classes that are missing, names and codes that others have."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from pos.catalog.barcodes import same_code
from pos.catalog.csv_reading import CatalogRow, RowProblem
from pos.catalog.importing.states import Catalogue, ItemState, VariantState

Items = Mapping[UUID, tuple[ItemState, int]]
"""Every item of the file as it shall be, with the line that says so."""
Variants = Mapping[UUID, tuple[VariantState, int]]


def clashes(
    *, rows: Sequence[CatalogRow], catalogue: Catalogue, items: Items, variants: Variants
) -> Iterator[RowProblem]:
    """Every problem between what the file states and what it leaves alone."""
    yield from _unknown_tax_classes(rows, catalogue)
    yield from _taken_items(items, catalogue)
    yield from _taken_variants(variants, catalogue)
    yield from _taken_barcodes(variants, catalogue)


def _unknown_tax_classes(rows: Sequence[CatalogRow], catalogue: Catalogue) -> Iterator[RowProblem]:
    for row in rows:
        if row.tax_class not in catalogue.tax_classes:
            known = ", ".join(sorted(catalogue.tax_classes)) or "none yet"
            reason = f"is no tax class; the tax classes are {known}"
            yield RowProblem(line=row.line, column="tax_class", reason=reason, given=row.tax_class)


def _taken_items(items: Items, catalogue: Catalogue) -> Iterator[RowProblem]:
    others = {
        (item.category, item.name): item.id for item in catalogue.items.values() if item.id not in items
    }
    skus = {variant.item_id: variant.sku for variant in catalogue.variants.values()}
    for item, line in items.values():
        other = others.get((item.category, item.name))
        if other is not None:
            reason = f"the category already has another item of this name (SKU {skus.get(other, 'none')})"
            yield RowProblem(line=line, column="item", reason=reason, given=item.name)


def _taken_variants(variants: Variants, catalogue: Catalogue) -> Iterator[RowProblem]:
    others = {
        (variant.item_id, variant.name): variant.sku
        for variant in catalogue.variants.values()
        if variant.id not in variants
    }
    for variant, line in variants.values():
        sku = others.get((variant.item_id, variant.name))
        if sku is not None:
            what = "this variant" if variant.name else "a variant without a name"
            yield RowProblem(
                line=line,
                column="variant",
                reason=f"the item already has {what} (SKU {sku})",
                given=variant.name,
            )


def _taken_barcodes(variants: Variants, catalogue: Catalogue) -> Iterator[RowProblem]:
    others = {
        same_code(code): variant.sku
        for variant in catalogue.variants.values()
        if variant.id not in variants
        for code in variant.barcodes
    }
    for variant, line in variants.values():
        for code in sorted(variant.barcodes):
            sku = others.get(same_code(code))
            if sku is not None:
                yield RowProblem(
                    line=line, column="barcode", reason=f"is already the barcode of SKU {sku}", given=code
                )
