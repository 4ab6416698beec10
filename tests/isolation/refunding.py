"""Money given back, and somebody who buys on account, for the walks over every door."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.ids import new_id


def give_back(
    word: str, *, order_id: UUID, order_line_id: UUID, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """A refund of one piece that says `word`, and a house account called so."""
    from payments.credit.services import HouseAccountDraft, save_house_account
    from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
    from pos.orders.services.refunds import refund_order

    line = RefundLineDraft(order_line_id=order_line_id, quantity=Decimal(1), goods="none")
    refund = RefundDraft(id=new_id(), order_id=order_id, lines=(line,), reason=word)
    refund_order(draft=refund, actor=actor, at=at)
    account = HouseAccountDraft(id=new_id(), code="house", name=word, contact=word)
    save_house_account(draft=account, actor=SYSTEM, at=at)
    return {"refund": refund.id, "house_account": account.id}
