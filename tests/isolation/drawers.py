"""What the walk needs of drawers: one with money taken out, and a register that was closed."""

import datetime as dt
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM, Actor
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from pos.registers.services import close_register, move_cash
from pos.registers.services.movements import MovementDraft


def keep_drawers(word: str, *, shop: Any, actor: Actor, session_id: UUID, at: dt.datetime) -> dict[str, Any]:
    """Money taken out of the open drawer for a reason that is `word`, and a Z of the second register."""
    moved = MovementDraft(
        id=new_id(), kind="paid_out", amount=Money(100, shop.tenant.currency), reason_code="milk", note=word
    )
    move_cash(session_id=session_id, draft=moved, actor=actor, at=at)
    closing = close_register(register_id=shop.second_register.pk, actor=SYSTEM, at=at)
    return {"movement": moved.id, "closing": closing["id"], "drawer": shop.register.pk}
