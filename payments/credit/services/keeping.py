"""Money a gateway took that no order owes (any more) stays with the merchant as credit of the guest.

The other way is to give it back (`payments.gateways.services.give_back`). Either is done once: both lock the row,
and of its money nothing is left over afterwards. In the books it is at the provider, as the money of every payment,
and is owed as credit is: debit `tender:<way to pay>`, credit `credit`.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.money import MAX_MINOR
from fynlo.events.log import unit_of_work
from payments.credit.errors import GiftCardIdConflict
from payments.credit.kinds import LIABILITY_KEYS, STORE_CREDIT, UNLINKED_REFUND, VALUE_KINDS
from payments.credit.models import StoredValue
from payments.credit.queries import stored_value
from payments.credit.services.issuing import (
    OpenDraft,
    check_reason,
    locked_value,
    office_occasion,
    open_value,
    put_on,
)
from payments.credit.services.moving import Occasion
from payments.gateways import states
from payments.gateways.errors import AmountOutOfRange, AttemptUndecided, CapabilityMissing
from payments.gateways.models import Attempt
from payments.gateways.services.writing import add_step, lock_attempt, say_changed
from payments.gateways.unwanted import BEYOND
from payments.ledger.services import Posting, record_transfers

PERMISSION: Final = "payments.refund_retry"
KEPT: Final = "kept_as_credit"
"""Member of an attempt's details: which credit its money was put on, and how much."""
_CAUSE: Final = "payment"
_DRAWER: Final = "cash"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDraft:
    """Which attempt's money is kept, and why. Without `value_id` a store credit is opened for `holder`."""

    attempt_id: UUID
    reason: str
    value_id: UUID | None = None
    holder: str = ""


def keep_as_credit(*, draft: KeepDraft, actor: Actor, at: dt.datetime) -> StoredValue:
    """Put it on a credit, and return that: late money all of it, of what was put to an order what is beyond that.

    The same again is the same credit. Raises `Forbidden`, `InvalidInput`, `NotFound`, `GiftCardState`,
    `GiftCardIdConflict` for money that is kept on another credit, `AttemptUndecided` for money that is not there or
    that was put to what it is for, `CapabilityMissing` for cash, which is in a drawer.
    """
    actor.require(PERMISSION)
    check_reason(draft.reason)
    with unit_of_work():
        row = lock_attempt(draft.attempt_id)
        kept = row.details.get(KEPT)
        if kept is not None:
            return _kept_before(draft, UUID(kept["value_id"]))
        amount_minor = _left_over(row)
        occasion = office_occasion(actor=actor, at=at)
        account = _account(draft, at)
        put_on(
            account=account,
            amount_minor=amount_minor,
            cause=_CAUSE,
            cause_id=row.pk,
            occasion=occasion,
            reason=draft.reason,
            kind=UNLINKED_REFUND,
        )
        _post(row, account, amount_minor, occasion)
        _note(row, account, amount_minor, draft, actor, at)
    return stored_value(account_id=account.pk)


def _kept_before(draft: KeepDraft, value_id: UUID) -> StoredValue:
    if draft.value_id not in (None, value_id):
        raise GiftCardIdConflict("This money is kept on another credit.", pointer="/value_id")
    return stored_value(account_id=value_id)


def _left_over(row: Attempt) -> int:
    """What of the attempt belongs to nothing."""
    beyond: int = row.details.get(BEYOND, 0)
    if row.state != states.CAPTURED:
        raise AttemptUndecided("Only what was taken can be kept.", state=row.state)
    if row.settled_at is not None and not beyond:
        raise AttemptUndecided("This money was put to what it is for; refund that.", state=row.state)
    if row.connection.gateway == _DRAWER:
        raise CapabilityMissing("Cash is in a drawer: take it out of that.", missing="credit")
    amount_minor = beyond or row.captured_minor - row.refunded_minor
    if not 0 < amount_minor <= MAX_MINOR:
        raise AmountOutOfRange("Nothing is left of it.", left_minor=amount_minor)
    return amount_minor


def _account(draft: KeepDraft, at: dt.datetime) -> StoredValue:
    """The credit, locked; a new one has the attempt's key, so there is one per attempt at most."""
    if draft.value_id is not None:
        return locked_value(account_id=draft.value_id)
    return open_value(draft=OpenDraft(id=draft.attempt_id, kind=STORE_CREDIT, holder=draft.holder), at=at)


def _post(row: Attempt, account: StoredValue, amount_minor: int, occasion: Occasion) -> None:
    """What was taken off a card of ours is owed for that card no more; everything else is at a provider."""
    gateway, owed = row.connection.gateway, LIABILITY_KEYS[account.kind]
    taken = LIABILITY_KEYS[gateway] if gateway in VALUE_KINDS else f"tender:{row.tender_type}"
    if taken == owed:
        return
    record_transfers(
        postings=[
            Posting(debit=taken, credit=owed, amount_minor=amount_minor, kind="gift_card", payment_id=row.pk)
        ],
        currency=row.currency,
        order_id=row.order_id,
        at=occasion.at,
        business_date=occasion.business_date,
        register_id=occasion.register_id,
    )


def _note(
    row: Attempt, account: StoredValue, amount_minor: int, draft: KeepDraft, actor: Actor, at: dt.datetime
) -> None:
    kept = {"value_id": str(account.pk), "amount_minor": amount_minor}
    details = {name: value for name, value in row.details.items() if name != BEYOND}
    row.details = {**details, KEPT: kept}
    row.settled_at, row.trouble, row.next_look_at = row.settled_at or at, "Kept as credit.", None
    row.save(update_fields=["settled_at", "trouble", "next_look_at", "details"])
    detail = {**kept, "reason": draft.reason}
    add_step(row=row, what="noticed", verb="keep_credit", key="", detail=detail, by=actor.name[:120], at=at)
    say_changed(row, at=at)
