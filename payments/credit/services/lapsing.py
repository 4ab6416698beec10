"""Cards whose last day is over lose what is left, which becomes income of the merchant (breakage)."""

import datetime as dt
from typing import Final

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from payments.credit.kinds import ACTIVE, BLOCKED, CLEAR_BALANCE, CLOSED, LIABILITY_KEYS
from payments.credit.models import StoredValue
from payments.credit.services.issuing import office_occasion, post
from payments.credit.services.moving import Move, move_values
from payments.ledger.accounts import GIFT_CARD_BREAKAGE

REASON: Final = "expired"
_BATCH: Final = 100


def lapse_values(*, at: dt.datetime) -> int:
    """Close the cards whose last day is over, a hundred in a transaction; how many. Safe to run twice.

    A card of which a part is kept for a till waits until that is released; one that is overdrawn, for somebody to
    look at it.
    """
    occasion = office_occasion(actor=SYSTEM, at=at)
    done = 0
    while True:
        with unit_of_work():
            due = list(
                StoredValue.objects.select_for_update(no_key=True, skip_locked=True)
                .filter(state__in=(ACTIVE, BLOCKED), expires_on__lt=occasion.business_date)
                .filter(reserved_minor=0, overdrawn_minor=0)
                .order_by("id")[:_BATCH]
            )
            left = {account.pk: account.balance_minor for account in due}
            StoredValue.objects.filter(pk__in=left).update(state=CLOSED)
            moves = [
                Move(
                    account_id=key,
                    kind=CLEAR_BALANCE,
                    amount_minor=-amount,
                    cause="expiry",
                    cause_id=new_id(),
                    reason=REASON,
                )
                for key, amount in left.items()
            ]
            if moves:
                move_values(moves=moves, occasion=occasion)
            for kind, key in LIABILITY_KEYS.items():
                lost = sum(left[account.pk] for account in due if account.kind == kind)
                post(debit=key, credit=GIFT_CARD_BREAKAGE, amount_minor=lost, occasion=occasion)
        done += len(due)
        if len(due) < _BATCH:
            return done
