"""Creating and changing an item with its variants and barcodes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem, NotFound, RuleViolation
from fynlo.events.log import append
from pos.catalog.barcodes import same_code
from pos.catalog.documents.checking import check_document
from pos.catalog.documents.reading import read_documents
from pos.catalog.drafts import ItemDraft, VariantDraft, item_problems
from pos.catalog.errors import BarcodeTaken, SkuTaken, UnitFixed
from pos.catalog.models import Barcode, Category, Item, TaxClass, Variant
from pos.catalog.queries import barcode_holders, item_draft, items_with_stock, sku_holders
from pos.catalog.searching import search_text
from pos.catalog.services.documents import refuse_documents
from pos.catalog.services.publishing import publish
from pos.catalog.services.writing import refuse, write
from pos.events import CatalogItemChanged


def save_item(*, draft: ItemDraft, actor: Actor, at: dt.datetime) -> UUID:
    """Make the item `draft` states, or bring it to what it states; returns its id.

    Variants that are not in the draft stay as they are; of one that is, the barcodes are exactly the stated.
    What a draft does not speak of (units, options, choices, prices by list) stays as well. Nothing to change
    means nothing is written or told. Raises `DraftInvalid`, `SkuTaken`, `BarcodeTaken`, `NameTaken`,
    `UnitFixed`, `NotFound` for a category or tax class that is not there, `RuleViolation` for an item without
    variants, `DocumentsRefused` when the draft does not go with the rest of the item.
    """
    refuse(item_problems(draft))
    return write(actor, lambda: _save(draft, actor=actor, at=at))


def _save(draft: ItemDraft, *, actor: Actor, at: dt.datetime) -> UUID:
    before = item_draft(item_id=draft.id)
    after = _merged(before, draft)
    if before is not None and _in_order(after) == _in_order(before):
        return draft.id
    _check(before, after)
    Item.objects.update_or_create(
        pk=draft.id,
        defaults={
            "category_id": after.category_id,
            "tax_class_id": after.tax_class_id,
            "name": after.name,
            "description": after.description,
            "unit": after.unit,
            "is_active": after.is_active,
        },
    )
    _write_variants(before, after)
    _check_document(draft.id)
    publish(touched={("item", draft.id)}, cause="item saved", by=actor.id, at=at)
    append(_fact(after, change="changed" if before else "created", by=actor.id, at=at))
    return draft.id


def _merged(before: ItemDraft | None, draft: ItemDraft) -> ItemDraft:
    """The item as it will be: what the draft states, then the variants it does not speak of."""
    stated = {variant.id for variant in draft.variants}
    kept = [variant for variant in before.variants if variant.id not in stated] if before else []
    return replace(draft, variants=(*draft.variants, *kept))


def _in_order(item: ItemDraft) -> ItemDraft:
    """The same item with variants and barcodes in one order, for comparing."""
    variants = [replace(variant, barcodes=tuple(sorted(variant.barcodes))) for variant in item.variants]
    return replace(item, variants=tuple(sorted(variants, key=lambda variant: variant.id)))


def _check(before: ItemDraft | None, after: ItemDraft) -> None:
    if not after.variants:
        raise RuleViolation("An item has at least one variant, which has the price.", pointer="/variants")
    refuse(item_problems(after))
    if not Category.objects.filter(pk=after.category_id).exists():
        raise NotFound("There is no such category.", pointer="/category_id")
    if not TaxClass.objects.filter(pk=after.tax_class_id).exists():
        raise NotFound("There is no such tax class.", pointer="/tax_class_id")
    if before and before.unit != after.unit and items_with_stock(item_ids=[after.id]):
        raise UnitFixed(
            f"There were stock movements counted in {before.unit}; make a new item instead.", pointer="/unit"
        )
    elsewhere = Variant.objects.filter(pk__in=[variant.id for variant in after.variants])
    if elsewhere.exclude(item_id=after.id).exists():
        raise RuleViolation("A variant belongs to another item.", pointer="/variants")
    _check_skus(after.variants)
    _check_barcodes(after.variants)


def _check_document(item_id: UUID) -> None:
    """The whole item as it is now, with what the draft did not speak of."""
    problems: list[FieldProblem] = []
    document = read_documents(kind="item", ids=[item_id])[item_id]
    check_document(kind="item", document=document, problems=problems)
    refuse_documents(problems)


def _check_skus(variants: Sequence[VariantDraft]) -> None:
    holders = sku_holders(skus=[variant.sku for variant in variants])
    taken = [
        FieldProblem(f"/variants/{place}/sku", "sku_taken", f"{variant.sku} is the SKU of another variant.")
        for place, variant in enumerate(variants)
        if holders.get(variant.sku.upper(), variant.id) != variant.id
    ]
    if taken:
        raise SkuTaken(taken[0].detail, errors=taken)


def _check_barcodes(variants: Sequence[VariantDraft]) -> None:
    holders = barcode_holders(codes=[code for variant in variants for code in variant.barcodes])
    ours = {variant.id for variant in variants}
    taken = [
        FieldProblem(
            f"/variants/{place}/barcodes", "barcode_taken", f"{code} is the barcode of {holder.sku}."
        )
        for place, variant in enumerate(variants)
        for code in variant.barcodes
        if (holder := holders.get(same_code(code))) is not None and holder.variant_id not in ours
    ]
    if taken:
        raise BarcodeTaken(taken[0].detail, errors=taken)


def _write_variants(before: ItemDraft | None, after: ItemDraft) -> None:
    """Bring variants and barcodes to `after`; codes that move between variants are removed first."""
    known = {variant.id: variant for variant in before.variants} if before else {}
    is_renamed = before is not None and before.name != after.name
    changed = [variant for variant in after.variants if is_renamed or known.get(variant.id) != variant]
    renamed = [
        variant.id for variant in changed if variant.id in known and known[variant.id].name != variant.name
    ]
    for key in renamed:  # names may change places, and each must be free at every moment
        Variant.objects.filter(pk=key).update(name=str(key))
    for variant in changed:
        Variant.objects.update_or_create(
            pk=variant.id,
            defaults={
                "item_id": after.id,
                "name": variant.name,
                "sku": variant.sku,
                "price_minor": variant.price_minor,
                "search_text": search_text(item_name=after.name, variant_name=variant.name, sku=variant.sku),
                "position": variant.position,
                "is_active": variant.is_active,
            },
        )
    old = {(variant.id, code) for variant in known.values() for code in variant.barcodes}
    new = {(variant.id, code) for variant in after.variants for code in variant.barcodes}
    Barcode.objects.filter(code__in=[code for _, code in old - new]).delete()
    Barcode.objects.bulk_create(Barcode(variant_id=key, code=code) for key, code in sorted(new - old))


def _fact(item: ItemDraft, *, change: str, by: UUID | None, at: dt.datetime) -> CatalogItemChanged:
    tax_class = TaxClass.objects.values_list("code", flat=True).get(pk=item.tax_class_id)
    return CatalogItemChanged(
        entity_id=item.id,
        at=at,
        change=change,
        name=item.name,
        category_id=str(item.category_id),
        tax_class=tax_class,
        unit=item.unit,
        is_active=item.is_active,
        variants=tuple(
            {
                "id": str(variant.id),
                "name": variant.name,
                "sku": variant.sku,
                "price_minor": variant.price_minor,
                "is_active": variant.is_active,
                "barcodes": list(variant.barcodes),
            }
            for variant in item.variants
        ),
        changed_by=by,
    )
