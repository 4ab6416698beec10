"""What people say about buying: the frozen input of services, and the digest that tells repeats from conflicts."""

import dataclasses
import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core.money import Money
from pos.inventory.quantities import plain_cost

MAX_LINES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBreak:
    """From `packs` on, a pack costs that."""

    packs: Decimal
    pack_price_minor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierItemDraft:
    """How a supplier sells a variant: packs of `pack_size` `pack_unit`s."""

    variant_id: UUID
    supplier_code: str = ""
    pack_name: str = ""
    pack_size: Decimal = Decimal(1)
    pack_unit: str | None = None
    pack_price_minor: Decimal | None = None
    minimum_packs: Decimal = Decimal(1)
    price_breaks: tuple[PriceBreak, ...] = ()
    is_preferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierDraft:
    """A supplier as somebody states it. `items` None: those are left as they are."""

    id: UUID
    code: str
    name: str
    contact: str = ""
    email: str = ""
    phone: str = ""
    address: tuple[str, ...] = ()
    tax_number: str = ""
    account_number: str = ""
    lead_time_days: int | None = None
    minimum_order: Money | None = None
    payment_terms: str = ""
    language: str = "en"
    note: str = ""
    is_active: bool = True
    items: tuple[SupplierItemDraft, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineDraft:
    """An article to order; what is None is taken from how the supplier sells it."""

    variant_id: UUID
    packs: Decimal
    id: UUID | None = None
    supplier_code: str | None = None
    pack_name: str | None = None
    pack_size: Decimal | None = None
    pack_unit: str | None = None
    pack_price_minor: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """An order to a supplier for a location."""

    id: UUID
    supplier_id: UUID
    location_id: UUID
    lines: tuple[OrderLineDraft, ...]
    expected_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedLine:
    """What the supplier said will come of a line, in the item's unit; None: as ordered."""

    line_id: UUID
    quantity: Decimal | None = None
    expected_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The supplier's answer to an order."""

    supplier_reference: str = ""
    expected_on: dt.date | None = None
    lines: tuple[ConfirmedLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDraft:
    """A lot of what came, in the unit of its line."""

    code: str
    quantity: Decimal
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLineDraft:
    """What came of an article: `quantity` `unit`s were accepted, `rejected_quantity` refused at the door.

    Of an order, `order_line_id` says of which line; `unit` None is then the pack. `unit_cost_minor` is per `unit`
    as invoiced; None: as ordered, or not known yet.
    """

    quantity: Decimal
    order_line_id: UUID | None = None
    variant_id: UUID | None = None
    unit: str | None = None
    unit_cost_minor: Decimal | None = None
    lots: tuple[LotDraft, ...] = ()
    serials: tuple[str, ...] = ()
    expires_on: dt.date | None = None
    rejected_quantity: Decimal = Decimal(0)
    reject_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDraft:
    """A delivery. `order_id` None: bought without an order, at `location_id`. `received_at` None: now."""

    id: UUID
    lines: tuple[ReceiptLineDraft, ...]
    order_id: UUID | None = None
    supplier_id: UUID | None = None
    location_id: UUID | None = None
    delivery_note: str = ""
    note: str = ""
    received_at: dt.datetime | None = None
    approve_over_receipt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLineDraft:
    """So many `unit`s (None: the item's) of a delivered line go back; `lot` says which, where it matters."""

    receipt_line_id: UUID
    quantity: Decimal
    unit: str | None = None
    lot: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnDraft:
    """Goods that go back to the supplier they came from."""

    id: UUID
    lines: tuple[ReturnLineDraft, ...]
    reference: str = ""
    reason: str = ""
    note: str = ""
    returned_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedLineDraft:
    """A delivered line that bears a cost: its `weight`, or (basis `stated`) its `share_minor` or what one
    received unit costs as invoiced."""

    receipt_line_id: UUID
    weight: Decimal | None = None
    share_minor: Decimal | None = None
    unit_cost_minor: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedDraft:
    """A cost of deliveries: `amount` shared by `basis`, or stated line by line. No lines: all of the receipts'."""

    id: UUID
    kind: str
    basis: str
    amount: Money | None = None
    receipt_ids: tuple[UUID, ...] = ()
    lines: tuple[LandedLineDraft, ...] = ()
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailDraft:
    """A letter with the order attached. `recipient` None: the supplier's address."""

    id: UUID
    recipient: str | None = None
    copies: tuple[str, ...] = ()
    text: str = ""


def fingerprint(draft: Any) -> str:
    """A digest of everything a draft says."""
    text = json.dumps(_plain(draft), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return plain_cost(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value
