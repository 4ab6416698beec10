"""A gift card with everything about it, for the walks over every door."""

import datetime as dt
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id


def give_card(word: str, *, register_id: UUID, at: dt.datetime) -> dict[str, Any]:
    """A card that says `word`, a part of it kept for a till, and an import called so; their keys by kind."""
    from payments.credit.services import (
        GiveDraft,
        ImportDraft,
        OpenDraft,
        ReserveDraft,
        give_value,
        import_cards,
        office_occasion,
        reserve_value,
    )

    occasion = office_occasion(actor=SYSTEM, at=at)
    opened = OpenDraft(id=new_id(), holder=word)
    give = GiveDraft(id=new_id(), account_id=opened.id, amount_minor=5000, reason=word, opened=opened)
    give_value(draft=give, occasion=occasion)
    kept = ReserveDraft(
        id=new_id(),
        account_id=opened.id,
        register_id=register_id,
        amount_minor=100,
        expires_at=at + dt.timedelta(days=1),
    )
    reserve_value(draft=kept, employee_id=None, day=occasion.business_date, at=at)
    file = ImportDraft(id=new_id(), name=word, content=b"code,balance\nOSTRICH-01,1\n")
    import_cards(draft=file, actor=SYSTEM, at=at)
    return {"value": opened.id, "value_reservation": kept.id, "value_import": file.id}
