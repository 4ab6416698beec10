"""What an entry of a count means: which variant and lot, and how much of it in the item's own unit."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models.functions import Upper

from fynlo.core.ids import new_id
from fynlo.core.tenancy import current_tenant
from pos.catalog.models import Variant
from pos.catalog.queries.scans import Scan, read_scan
from pos.inventory.count_drafts import EntryDraft
from pos.inventory.errors import ForeignLot, LotRequired, NotStocked, QuantityOutOfRange, UnknownGoods
from pos.inventory.models import StockLot
from pos.inventory.models.lots import MAX_LOT_CODE
from pos.inventory.queries.goods import LARGEST, Goods, goods, in_own_unit, lots_of

_ONE: Final = Decimal(1)
# Whoever counts a lot has it in their hands, so it is made known. Twins wait at the key and find it.
_KNOW: Final = """
INSERT INTO pos_stocklot (id, variant_id, code, kind, expires_on) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (code, variant_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """An entry, understood. `entered_quantity` and `entered_unit` are as it was said.

    A lot that nobody told of yet has no key, only a `new_lot` code (and its last day, if the scanned code says so).
    """

    draft: EntryDraft
    of: Goods
    lot_id: UUID | None
    quantity: Decimal
    entered_quantity: Decimal
    entered_unit: str
    new_lot: str = ""
    expires_on: dt.date | None = None


def read_entries(*, drafts: Mapping[int, EntryDraft], at: dt.datetime) -> list[ReadEntry]:
    """Understand entries, by their place in the request; a few statements, and up to three per code scanned.

    `at` is the wall clock of the shop. Raises `UnknownGoods`, `NotStocked`, `UnknownUnit`, `ForeignLot`,
    `LotRequired`, `QuantityOutOfRange`, each with a pointer into `/entries`.
    """
    codes = {draft.code for draft in drafts.values() if draft.code}
    currency = current_tenant().currency
    scans = {code: read_scan(code=code, currency=currency, at=at) for code in codes}
    by_sku = _by_sku(scans)
    scans = {code: scan for code, scan in scans.items() if code not in by_sku}
    variants = {
        number: by_sku.get(draft.code) or _variant(number, draft, scans) for number, draft in drafts.items()
    }
    known = goods(set(variants.values()))
    for number, key in variants.items():
        if key not in known:
            raise UnknownGoods(pointer=f"/entries/{number}/variant_id")
        if not known[key].is_stocked:
            raise NotStocked(f"No stock is kept of {known[key].name}.", pointer=f"/entries/{number}")
    lots = _lots(drafts, variants, scans)
    return [
        _read(f"/entries/{number}", draft, known[variants[number]], scans.get(draft.code), lots)
        for number, draft in drafts.items()
    ]


def know_lot(entry: ReadEntry) -> UUID | None:
    """The lot's key; one that is new is made known. Runs in the caller's unit of work."""
    if not entry.new_lot:
        return entry.lot_id
    values: list[Any] = [new_id(), entry.of.variant_id, entry.new_lot, entry.of.tracking, entry.expires_on]
    with connection.cursor() as cursor:
        cursor.execute(_KNOW, values)
    key: UUID = StockLot.objects.values_list("id", flat=True).get(
        variant_id=entry.of.variant_id, code=entry.new_lot
    )
    return key


def _by_sku(scans: Mapping[str, Scan]) -> dict[str, UUID]:
    """What was typed in place of a scan: the SKU, for whoever stands before a package without a code."""
    typed = {code.upper(): code for code, scan in scans.items() if scan.variant is None}
    if not typed:
        return {}
    rows = Variant.objects.annotate(upper_sku=Upper("sku")).filter(upper_sku__in=typed)
    return {typed[upper_sku]: key for key, upper_sku in rows.values_list("id", "upper_sku")}


def _variant(number: int, draft: EntryDraft, scans: Mapping[str, Scan]) -> UUID:
    if draft.variant_id is not None:
        return draft.variant_id
    scan = scans.get(draft.code)
    if scan is None or scan.variant is None:
        detail = (scan.problem if scan else "") or "Name a variant, or the code that was scanned."
        raise UnknownGoods(detail, pointer=f"/entries/{number}/{'code' if scan else 'variant_id'}")
    return scan.variant.variant_id


def _lots(
    drafts: Mapping[int, EntryDraft], variants: Mapping[int, UUID], scans: Mapping[str, Scan]
) -> list[StockLot]:
    ids = [draft.lot_id for draft in drafts.values() if draft.lot_id is not None]
    codes = [(variants[number], _lot_code(draft, scans.get(draft.code))) for number, draft in drafts.items()]
    wanted = [(key, code) for key, code in codes if code]
    return lots_of(lot_ids=ids, codes=wanted) if ids or wanted else []


def _lot_code(draft: EntryDraft, scan: Scan | None) -> str:
    return draft.lot or (scan.lot or scan.serial if scan else "")


def _read(pointer: str, draft: EntryDraft, of: Goods, scan: Scan | None, lots: list[StockLot]) -> ReadEntry:
    entered, unit, quantity = _quantity(pointer, draft, of, scan)
    if quantity < 0 or quantity >= LARGEST:
        raise QuantityOutOfRange("What is counted is zero or more.", pointer=f"{pointer}/quantity")
    lot_id, new_lot = _lot(pointer, draft, of, scan, lots)
    return ReadEntry(
        draft=draft,
        of=of,
        lot_id=lot_id,
        new_lot=new_lot,
        expires_on=(scan.use_by or scan.best_before) if scan and new_lot else None,
        quantity=quantity,
        entered_quantity=entered,
        entered_unit=unit,
    )


def _quantity(pointer: str, draft: EntryDraft, of: Goods, scan: Scan | None) -> tuple[Decimal, str, Decimal]:
    """As it was said, its unit, and the same in the item's own unit."""
    said = _ONE if draft.quantity is None else draft.quantity
    if draft.unit or scan is None:
        unit = draft.unit or of.unit
        return said, unit, in_own_unit(of=of, quantity=said, unit=unit, pointer=pointer)
    if scan.quantity is None:
        raise UnknownGoods(scan.problem, pointer=f"{pointer}/code")
    packed = scan.variant.packed_as if scan.variant else ""
    quantity = said * scan.quantity
    if quantity >= LARGEST:
        raise QuantityOutOfRange(pointer=f"{pointer}/quantity")
    rounded = in_own_unit(of=of, quantity=quantity, unit=of.unit, pointer=pointer)
    return (said, packed, rounded) if packed else (rounded, of.unit, rounded)


def _lot(
    pointer: str, draft: EntryDraft, of: Goods, scan: Scan | None, lots: list[StockLot]
) -> tuple[UUID | None, str]:
    """The lot's key, or the code of one that is new; neither for items whose pieces are not told apart."""
    if draft.lot_id is not None:
        own = next((lot for lot in lots if lot.pk == draft.lot_id), None)
        if own is None or own.variant_id != of.variant_id or not of.has_lots:
            raise ForeignLot(f"This lot is not one of {of.name}.", pointer=f"{pointer}/lot_id")
        return own.pk, ""
    if not of.has_lots:
        if draft.lot:
            raise ForeignLot(f"Lots of {of.name} are not told apart.", pointer=f"{pointer}/lot")
        return None, ""
    code = _lot_code(draft, scan)
    if not code:
        raise LotRequired(f"Say of which lot of {of.name} they are.", pointer=f"{pointer}/lot")
    if len(code) > MAX_LOT_CODE:
        raise ForeignLot(f"A lot has at most {MAX_LOT_CODE} characters.", pointer=f"{pointer}/lot")
    known = next((lot for lot in lots if lot.variant_id == of.variant_id and lot.code == code), None)
    return (known.pk, "") if known else (None, code)
