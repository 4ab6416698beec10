"""A card's code is told to whoever prints it: the till that sold it, soon after; else who manages gift cards."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import Forbidden, RuleViolation
from fynlo.events.log import append, unit_of_work
from payments.credit.codes import own_code, spaced
from payments.credit.documents import stored_value_document
from payments.credit.events import StoredValueChanged
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.queries import stored_value

MANAGE: Final = "gift_cards.manage"
SOON: Final = dt.timedelta(minutes=30)


class CodeNotOurs(RuleViolation):
    """The code was printed by somebody else and is not known here."""

    code = "gift_card_code_not_ours"
    title = "The code of this card is not known here"


def show_code(*, account_id: UUID, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """The code, and told in groups; the feed says that it was shown.

    Raises `NotFound`, `CodeNotOurs`, and `Forbidden` for who neither just sold it nor manages gift cards.
    """
    account = stored_value(account_id=account_id)
    if not account.is_own_code:
        raise CodeNotOurs
    if not actor.may(MANAGE) and not _just_sold(account, actor, at):
        raise Forbidden(f"This needs the permission {MANAGE}.", permission=MANAGE)
    with unit_of_work():
        document = stored_value_document(account)
        append(
            StoredValueChanged(
                entity_id=account.pk, at=at, change="code_shown", amount_minor=0, account=document
            )
        )
    code = own_code(account.pk)
    return {"id": str(account.pk), "code": code, "printed": spaced(code)}


def _just_sold(account: StoredValue, actor: Actor, at: dt.datetime) -> bool:
    """Whether the account was opened by something this register did within the last half hour."""
    first = ValueActivity.objects.filter(account=account).order_by("id").first()
    if first is None or actor.register_id is None or first.register_id != actor.register_id:
        return False
    return at - account.created_at <= SOON
