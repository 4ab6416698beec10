"""What the walk finds at the grocer's: three weeks at the market stall, a delivery and a transfer to come, a count.

Everything is made through services, as pages and the API make it; Django is set up when this is imported.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from fynlo.core import clock
from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import registry, tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.count_drafts import CountDraft, CountScope
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.services.count_opening import open_count
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settings import (
    ItemSettingsDraft,
    TargetDraft,
    save_stock_item,
    save_stock_targets,
)
from pos.inventory.services.settling import settle
from pos.inventory.services.transfers import draft_transfer
from pos.inventory.transfer_drafts import TransferDraft, TransferLineDraft
from pos.models import Location, Register, Variant
from pos.purchasing.drafts import OrderDraft, OrderLineDraft, SupplierDraft, SupplierItemDraft
from pos.purchasing.services.lifecycle import send_order
from pos.purchasing.services.orders import create_order
from pos.purchasing.services.suppliers import create_supplier
from sync.terminals.codes import read_code
from sync.terminals.services import create_pairing_code, pair_terminal
from sync.terminals.tokens import PairingRequest

SKUS: Final = {
    "apples": "FRU002",
    "milk": "DAI001B",
    "bread": "BAK002A",
    "oil": "OIL003A",
    "yogurt": "DAI016A",
}
DAYS: Final = 21
_A_DAY: Final = {  # comes every third morning, goes every day, costs in pence of one
    "apples": ("24", "7.25", "120"),
    "milk": ("18", "5", "70"),
    "bread": ("12", "3", "110"),
    "oil": ("3", "0.5", "480"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grocer:
    """Keys of what the walk looks at."""

    tenant: Any
    variants: dict[str, UUID]
    shop: UUID
    stall: UUID
    count: UUID
    supplier: UUID
    order: UUID
    transfer: UUID
    till: str

    def on_hand(self, name: str, place: UUID) -> Decimal:
        """What the level says."""
        with tenant_context(self.tenant):
            found = StockLevel.objects.filter(variant_id=self.variants[name], location_id=place).first()
            return Decimal(0) if found is None else found.on_hand

    def movements(self, name: str, place: UUID, kind: str) -> list[Decimal]:
        """Quantities of the movements of a kind, in the order they were recorded."""
        with tenant_context(self.tenant):
            rows = StockMovement.objects.filter(
                variant_id=self.variants[name], location_id=place, kind=kind
            ).order_by("pk")
            return [row.quantity for row in rows]


def grocer() -> Grocer:
    """Make it all."""
    tenant = registry.tenant_by_schema("t_grocer")
    assert tenant is not None
    with tenant_context(tenant):
        rows = {row.sku: row for row in Variant.objects.filter(sku__in=SKUS.values())}
        variants = {name: rows[sku].pk for name, sku in SKUS.items()}
        shop, stall = (Location.objects.get(code=code).pk for code in ("shop", "stall"))
        lots = ItemSettingsDraft(policy="", tracking="lot", shelf_life_days=None, stops_when_out=False)
        save_stock_item(item_id=rows[SKUS["yogurt"]].item_id, draft=lots, actor=SYSTEM, at=clock.now())
        for name in _A_DAY:
            _weeks(variants[name], stall, *(Decimal(each) for each in _A_DAY[name]))
        supplier, order = _order(variants, shop)
        return Grocer(
            tenant=tenant,
            variants=variants,
            shop=shop,
            stall=stall,
            count=_count(variants, stall),
            supplier=supplier,
            order=order,
            transfer=_transfer(variants, shop, stall),
            till=_till(),
        )


def _weeks(variant_id: UUID, place: UUID, comes: Decimal, goes: Decimal, cost: Decimal) -> None:
    """Three weeks of mornings and afternoons, until yesterday."""
    today = clock.now().replace(hour=6, minute=0, second=0, microsecond=0)
    for days in range(DAYS, 0, -1):
        morning = today - dt.timedelta(days=days)
        if days % 3 == 0:
            _moved(variant_id, place, comes, morning, StockMovement.PURCHASE, comes * cost)
        _moved(variant_id, place, -goes, morning + dt.timedelta(hours=8), StockMovement.SALE)
    _moved(variant_id, place, Decimal(-1), today - dt.timedelta(hours=10), StockMovement.WASTE)


def _moved(
    variant_id: UUID,
    place: UUID,
    quantity: Decimal,
    at: dt.datetime,
    kind: str,
    worth: Decimal | None = None,
) -> None:
    cause = Cause(kind=kind, location_id=place, at=at, business_date=at.date(), recorded_at=at)
    with unit_of_work():
        change = StockChange(variant_id=variant_id, quantity=quantity, value_minor=worth)
        record_movements(cause=cause, changes=[change])
        settle(levels=[(place, variant_id)], at=at)


def _count(variants: dict[str, UUID], place: UUID) -> UUID:
    scope = CountScope(variant_ids=tuple(variants[name] for name in _A_DAY))
    draft = CountDraft(kind="cycle", location_id=place, name="Before the market", scope=scope)
    open_count(draft=draft, actor=SYSTEM, at=clock.now())
    return draft.id


def _order(variants: dict[str, UUID], place: UUID) -> tuple[UUID, UUID]:
    """Three crates of milk and two cases of yogurt are on their way; more milk would be due."""
    supplier = SupplierDraft(
        id=new_id(),
        code="loxley",
        name="Loxley Dairy",
        lead_time_days=2,
        items=(
            SupplierItemDraft(
                variant_id=variants["milk"],
                supplier_code="M-12",
                pack_name="crate",
                pack_size=Decimal(12),
                pack_price_minor=Decimal(840),
                is_preferred=True,
            ),
            SupplierItemDraft(
                variant_id=variants["yogurt"],
                supplier_code="Y-6",
                pack_name="case",
                pack_size=Decimal(6),
                pack_price_minor=Decimal(540),
                is_preferred=True,
            ),
        ),
    )
    create_supplier(draft=supplier, actor=SYSTEM, at=clock.now())
    target = TargetDraft(
        variant_id=variants["milk"], location_id=place, reorder_point=Decimal(90), par_level=Decimal(120)
    )
    save_stock_targets(drafts=[target], actor=SYSTEM, at=clock.now())
    draft = OrderDraft(
        id=new_id(),
        supplier_id=supplier.id,
        location_id=place,
        lines=(
            OrderLineDraft(variant_id=variants["milk"], packs=Decimal(3)),
            OrderLineDraft(variant_id=variants["yogurt"], packs=Decimal(2)),
        ),
        expected_on=clock.now().date() + dt.timedelta(days=1),
    )
    create_order(draft=draft, actor=SYSTEM, at=clock.now())
    send_order(order_id=draft.id, actor=SYSTEM, at=clock.now())
    return supplier.id, draft.id


def _transfer(variants: dict[str, UUID], shop: UUID, stall: UUID) -> UUID:
    lines = (
        TransferLineDraft(variant_id=variants["oil"], quantity=Decimal(12)),
        TransferLineDraft(variant_id=variants["bread"], quantity=Decimal(6)),
    )
    draft = TransferDraft(from_location_id=shop, to_location_id=stall, lines=lines, note="For the market")
    draft_transfer(draft=draft, actor=SYSTEM, at=clock.now())
    return draft.id


def _till() -> str:
    """The token of a till at the stall."""
    register = Register.objects.get(code="M1")
    code = create_pairing_code(register_id=register.pk, actor=SYSTEM, at=clock.now())
    request = PairingRequest(code=read_code(str(code.code)), device_name="Walk")
    return str(pair_terminal(request=request, at=clock.now()).token)
