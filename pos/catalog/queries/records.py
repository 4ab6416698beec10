"""What services ask before they write: an item as it is, and who holds a code."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Upper

from pos.catalog.barcodes import same_code, spellings
from pos.catalog.drafts import ItemDraft, VariantDraft
from pos.catalog.models import Barcode, Item, Variant


@dataclass(frozen=True, slots=True)
class BarcodeHolder:
    """The variant that has a barcode."""

    variant_id: UUID
    sku: str


def item_draft(*, item_id: UUID) -> ItemDraft | None:
    """An item as it is, in the form a change states it; None when there is none."""
    item = Item.objects.filter(pk=item_id).first()
    if item is None:
        return None
    variants = item.variants.order_by("position", "sku", "pk").prefetch_related("barcodes")
    return ItemDraft(
        id=item.id,
        category_id=item.category_id,
        tax_class_id=item.tax_class_id,
        name=item.name,
        description=item.description,
        unit=item.unit,
        is_active=item.is_active,
        variants=tuple(_variant_draft(variant) for variant in variants),
    )


def sku_holders(*, skus: Iterable[str]) -> dict[str, UUID]:
    """The variants that have these SKUs, by SKU in capitals."""
    wanted = {sku.upper() for sku in skus}
    rows = Variant.objects.annotate(key=Upper("sku")).filter(key__in=wanted)
    return dict(rows.values_list("key", "pk"))


def barcode_holders(*, codes: Iterable[str]) -> dict[str, BarcodeHolder]:
    """The variants that have these barcodes in any spelling, by `same_code`."""
    wanted = {spelling for code in codes for spelling in spellings(code)}
    rows = Barcode.objects.filter(code__in=wanted).values_list("code", "variant_id", "variant__sku")
    return {same_code(code): BarcodeHolder(variant_id, sku) for code, variant_id, sku in rows}


def items_with_stock(*, item_ids: Collection[UUID]) -> set[UUID]:
    """Those of the items of which goods ever came or went (they have a level) or that are in a recipe.

    Their unit is fixed.
    """
    counted = Q(stock_levels__isnull=False) | Q(recipe_lines__isnull=False) | Q(recipe__isnull=False)
    moved = Variant.objects.filter(counted, item_id__in=item_ids)
    return set(moved.values_list("item_id", flat=True).distinct())


def _variant_draft(variant: Variant) -> VariantDraft:
    return VariantDraft(
        id=variant.id,
        name=variant.name,
        sku=variant.sku,
        price_minor=variant.price_minor,
        position=variant.position,
        is_active=variant.is_active,
        barcodes=tuple(sorted(barcode.code for barcode in variant.barcodes.all())),
    )
