"""Goods of a merchant that are kept for somebody, and goods that came back."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id


def promise(
    word: str, *, location_id: UUID, variant_id: UUID, order_id: UUID, at: dt.datetime
) -> dict[str, Any]:
    """A reservation, and a return of one of what the order sold; their keys by kind."""
    from pos.inventory.services.reservations import ReservationDraft, ReservedLine, reserve
    from pos.models import OrderLine
    from pos.orders.services.returns import GoodsBack, GoodsReturn, return_goods

    kept = ReservationDraft(
        id=new_id(),
        kind="parked",
        location_id=location_id,
        expires_at=at + dt.timedelta(days=1),
        lines=(ReservedLine(variant_id=variant_id, quantity=Decimal(1)),),
        note=word,
    )
    reserve(draft=kept, actor=SYSTEM, at=at)
    line = OrderLine.objects.get(order_id=order_id)
    back = (GoodsBack(order_line_id=line.pk, quantity=Decimal(1)),)
    return_goods(
        draft=GoodsReturn(id=new_id(), order_id=order_id, lines=back, reason=word), actor=SYSTEM, at=at
    )
    return {"reservation": kept.id}
