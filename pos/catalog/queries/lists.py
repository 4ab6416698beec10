"""The catalogue as lists: categories, tax classes, items with their variants and barcodes."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Upper

from pos.catalog.barcodes import spellings
from pos.catalog.models import THE_ONE, Barcode, CatalogHead, Category, Item, TaxClass, Variant


def revision() -> int:
    """The catalogue's revision; everything a caller read at it is still so while it stays."""
    found: int = CatalogHead.objects.values_list("revision", flat=True).get(pk=THE_ONE)
    return found


def categories() -> QuerySet[Category]:
    """Every category; `parent_id` says where in the tree."""
    return Category.objects.order_by("pk")


def tax_classes() -> QuerySet[TaxClass]:
    """Every tax class."""
    return TaxClass.objects.order_by("pk")


def tax_class_codes() -> frozenset[str]:
    """The codes of all tax classes."""
    return frozenset(TaxClass.objects.values_list("code", flat=True))


def catalog_items(
    *,
    category_id: UUID | None = None,
    text: str | None = None,
    sku: str | None = None,
    barcode: str | None = None,
    changed_since: int | None = None,
    is_active: bool | None = None,
) -> QuerySet[Item]:
    """Items with tax class, variants and barcodes, in three statements whatever their number.

    `category_id` finds what lies directly in a category; `text` is looked for in names and SKUs, as written
    (no pattern signs); `sku` ignores case; `barcode` finds every spelling of a GTIN; `changed_since` finds
    what changed after that revision of the catalogue.
    """
    rows = Item.objects.select_related("tax_class").order_by("pk")
    if category_id is not None:
        rows = rows.filter(category_id=category_id)
    if is_active is not None:
        rows = rows.filter(is_active=is_active)
    if changed_since is not None:
        rows = rows.filter(revision__gt=changed_since)
    if text is not None:
        in_variant = Variant.objects.filter(
            Q(name__icontains=text) | Q(sku__icontains=text), item=OuterRef("pk")
        )
        rows = rows.filter(Q(name__icontains=text) | Exists(in_variant))
    if sku is not None:
        own = Variant.objects.annotate(key=Upper("sku")).filter(key=sku.upper(), item=OuterRef("pk"))
        rows = rows.filter(Exists(own))
    if barcode is not None:
        codes = Barcode.objects.filter(code__in=spellings(barcode), variant__item=OuterRef("pk"))
        rows = rows.filter(Exists(codes))
    variants = Variant.objects.order_by("position", "sku", "pk")
    barcodes = Barcode.objects.order_by("code")
    return rows.prefetch_related(
        Prefetch("variants", queryset=variants), Prefetch("variants__barcodes", queryset=barcodes)
    )
