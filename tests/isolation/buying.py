"""Something a merchant bought: every table of buying has a row that says the merchant's word."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from pos.purchasing.drafts import (
    EmailDraft,
    LandedDraft,
    OrderDraft,
    OrderLineDraft,
    ReceiptDraft,
    ReceiptLineDraft,
    ReturnDraft,
    ReturnLineDraft,
    SupplierDraft,
    SupplierItemDraft,
)
from pos.purchasing.services.emails import queue_email
from pos.purchasing.services.landing import land_cost
from pos.purchasing.services.lifecycle import send_order
from pos.purchasing.services.orders import create_order
from pos.purchasing.services.receiving import receive
from pos.purchasing.services.returning import send_back
from pos.purchasing.services.suppliers import create_supplier


def buy(word: str, *, location_id: UUID, variant_id: UUID, at: dt.datetime) -> dict[str, UUID]:
    """A supplier, an order that came in part, a return, freight, and a letter; their keys."""
    keys = {
        name: new_id()
        for name in ("supplier", "purchase_order", "goods_receipt", "supplier_return", "landed_cost")
    }
    sold = SupplierItemDraft(variant_id=variant_id, supplier_code=word, pack_price_minor=Decimal(100))
    supplier = SupplierDraft(
        id=keys["supplier"], code=word, name=word, email=f"{word.lower()}@example.com", items=(sold,)
    )
    create_supplier(draft=supplier, actor=SYSTEM, at=at)
    order = OrderDraft(
        id=keys["purchase_order"],
        supplier_id=keys["supplier"],
        location_id=location_id,
        lines=(OrderLineDraft(variant_id=variant_id, packs=Decimal(9), note=word),),
        note=word,
    )
    created = create_order(draft=order, actor=SYSTEM, at=at)
    send_order(order_id=keys["purchase_order"], actor=SYSTEM, at=at)
    came = ReceiptLineDraft(order_line_id=UUID(created["lines"][0]["id"]), quantity=Decimal(5))
    delivery = ReceiptDraft(
        id=keys["goods_receipt"], order_id=keys["purchase_order"], delivery_note=word, lines=(came,)
    )
    keys["receipt_line"] = UUID(receive(draft=delivery, actor=SYSTEM, at=at)["lines"][0]["id"])
    back = ReturnLineDraft(receipt_line_id=keys["receipt_line"], quantity=Decimal(1), reason=word)
    returned = ReturnDraft(id=keys["supplier_return"], reason=word, lines=(back,))
    send_back(draft=returned, actor=SYSTEM, at=at)
    freight = LandedDraft(
        id=keys["landed_cost"],
        kind="freight",
        basis="quantity",
        amount=Money(50, current_tenant().currency),
        receipt_ids=(keys["goods_receipt"],),
        reference=word,
    )
    land_cost(draft=freight, actor=SYSTEM, at=at)
    letter = EmailDraft(id=new_id(), text=word)
    queue_email(order_id=keys["purchase_order"], draft=letter, actor=SYSTEM, at=at)
    return keys
