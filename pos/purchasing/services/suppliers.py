"""Keeping suppliers and how they sell."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.locks import lock_rows
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from pos.events import SupplierChanged
from pos.inventory.quantities import plain_cost, plain_quantity
from pos.purchasing.drafts import SupplierDraft, SupplierItemDraft
from pos.purchasing.errors import PurchaseIdConflict, SupplierCodeTaken, UnknownGoods
from pos.purchasing.models import Supplier, SupplierItem
from pos.purchasing.packs import size_in, stored
from pos.purchasing.queries.goods import goods_by_id
from pos.purchasing.queries.records import whole_supplier
from pos.purchasing.queries.suppliers import supplier_state

_PLAIN = (
    "code",
    "name",
    "contact",
    "email",
    "phone",
    "tax_number",
    "account_number",
    "lead_time_days",
    "payment_terms",
    "language",
    "note",
    "is_active",
)


def create_supplier(*, draft: SupplierDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Add a supplier. Raises `SupplierCodeTaken`, `PurchaseIdConflict`, `UnknownGoods`, `UnknownUnit`."""
    return _told(partial(_create, draft, actor, at))


def change_supplier(*, draft: SupplierDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Make a supplier what the draft says. Raises `NotFound` and what `create_supplier` raises."""
    return _told(partial(_change, draft, actor, at))


def _told(write: partial[dict[str, Any]]) -> dict[str, Any]:
    try:
        return run_transaction(write)
    except IntegrityError as error:
        name = constraint(error)
        if name.startswith("pos_supplier_code"):
            raise SupplierCodeTaken("Another supplier has this code.", pointer="/code") from error
        if name.startswith("pos_supplier_pkey"):
            raise PurchaseIdConflict("This id was used before.", pointer="/id") from error
        raise


def _create(draft: SupplierDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    del actor
    with unit_of_work():
        supplier = Supplier(id=draft.id, currency=current_tenant().currency)
        _fill(supplier, draft)
        supplier.save(force_insert=True)
        return _finish(supplier, draft, at)


def _change(draft: SupplierDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    del actor
    with unit_of_work():
        found = lock_rows(Supplier.objects.all(), [draft.id])
        if not found:
            raise NotFound("There is no such supplier.")
        _fill(found[0], draft)
        found[0].save(force_update=True)
        return _finish(found[0], draft, at)


def _finish(supplier: Supplier, draft: SupplierDraft, at: dt.datetime) -> dict[str, Any]:
    if draft.items is not None:
        _replace_items(supplier, draft.items)
    state = supplier_state(whole_supplier(supplier_id=supplier.pk))
    append(SupplierChanged(entity_id=supplier.pk, at=at, state=state))
    return state


def _fill(supplier: Supplier, draft: SupplierDraft) -> None:
    for name in _PLAIN:
        setattr(supplier, name, getattr(draft, name))
    supplier.address = list(draft.address)
    supplier.minimum_order_minor = None if draft.minimum_order is None else draft.minimum_order.minor


def _replace_items(supplier: Supplier, items: Iterable[SupplierItemDraft]) -> None:
    """Those stated, and no others. Where one is preferred now, no other supplier's is."""
    drafts = list(items)
    goods = goods_by_id(ids=[each.variant_id for each in drafts])
    seen: set[tuple[Any, str]] = set()
    rows = []
    for index, draft in enumerate(drafts):
        pointer = f"/items/{index}"
        known = goods.get(draft.variant_id)
        if known is None:
            raise UnknownGoods("There is no such variant.", pointer=f"{pointer}/variant_id")
        if (draft.variant_id, draft.supplier_code) in seen:
            raise UnknownGoods("This variant stands here twice under one code.", pointer=pointer)
        seen.add((draft.variant_id, draft.supplier_code))
        unit = draft.pack_unit or known.unit
        exact = size_in(quantity=draft.pack_size, unit=unit, goods=known, pointer=f"{pointer}/pack_unit")
        stored(exact, pointer=f"{pointer}/pack_size")
        rows.append(_item_row(supplier, draft, unit))
    SupplierItem.objects.filter(supplier=supplier).delete()
    preferred = [row.variant_id for row in rows if row.is_preferred]
    SupplierItem.objects.filter(variant_id__in=preferred, is_preferred=True).update(is_preferred=False)
    SupplierItem.objects.bulk_create(rows)


def _item_row(supplier: Supplier, draft: SupplierItemDraft, unit: str) -> SupplierItem:
    return SupplierItem(
        supplier=supplier,
        variant_id=draft.variant_id,
        supplier_code=draft.supplier_code,
        pack_name=draft.pack_name,
        pack_size=draft.pack_size,
        pack_unit=unit,
        pack_price_minor=draft.pack_price_minor,
        minimum_packs=draft.minimum_packs,
        price_breaks=[
            {
                "packs": plain_quantity(each.packs),
                "pack_price_minor": plain_cost(each.pack_price_minor),
            }
            for each in sorted(draft.price_breaks, key=lambda each: each.packs)
        ],
        is_preferred=draft.is_preferred,
    )
