"""What is done to a card by people: blocked and freed, cleared, closed, corrected, moved to another card.

Each step has an id of its caller's, and the same again does nothing. Who may is the caller's to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from fynlo.core.errors import InvalidInput
from fynlo.core.locks import lock_rows
from fynlo.core.money import spell_money
from fynlo.events.log import unit_of_work
from payments.credit.errors import (
    GiftCardBalance,
    GiftCardCodeTaken,
    GiftCardIdConflict,
    GiftCardReserved,
    GiftCardState,
)
from payments.credit.kinds import (
    ACTIVE,
    ADJUST_DECREMENT,
    ADJUST_INCREMENT,
    BLOCK,
    BLOCKED,
    CLEAR_BALANCE,
    CLOSED,
    DEACTIVATE,
    LIABILITY_KEYS,
    PENDING,
    TRANSFER_FROM,
    TRANSFER_TO,
    UNBLOCK,
)
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.queries import stored_value
from payments.credit.services.issuing import (
    OpenDraft,
    check_amount,
    check_reason,
    done_before,
    locked_value,
    open_value,
    post,
    put_on,
)
from payments.credit.services.moving import Move, Occasion, move_values
from payments.ledger.accounts import GIFT_CARD_BREAKAGE, GIFT_CARD_GIVEN

REQUEST: Final = "request"
_STEPS: Final = {
    BLOCK: ((PENDING, ACTIVE), BLOCKED),
    UNBLOCK: ((BLOCKED,), ACTIVE),
    CLEAR_BALANCE: ((ACTIVE, BLOCKED), ""),
    DEACTIVATE: ((PENDING, ACTIVE, BLOCKED), CLOSED),
}
"""Kind of step → states it starts from, and the state after it (empty: the same)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A step of a card's life. `id` is the request's; `kind` is block, unblock, clear_balance or deactivate."""

    id: UUID
    account_id: UUID
    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustDraft:
    """What a card shall have more (below 0: less), and why."""

    id: UUID
    account_id: UUID
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDraft:
    """What goes from a card to another, all that can be spent unless said: a lost card, two that become one."""

    id: UUID
    from_id: UUID
    to_id: UUID
    reason: str
    amount_minor: int | None = None


def take_step(*, draft: StepDraft, occasion: Occasion, cause: str = REQUEST) -> StoredValue:
    """Take the step and return the card. Clearing and closing book what was left as never redeemed.

    Raises `InvalidInput`, `NotFound`, `GiftCardState`, `GiftCardReserved`, `GiftCardIdConflict`.
    """
    check_reason(draft.reason)
    with unit_of_work():
        account = locked_value(account_id=draft.account_id)
        known = done_before(cause_id=draft.id, kinds=(draft.kind,), account_id=account.pk)
        if known is not None:
            return known
        starts, after = _STEPS[draft.kind]
        if account.state not in starts:
            raise GiftCardState(f"The card •••• {account.shown} is {account.state}.", state=account.state)
        left = (
            account.balance_minor - account.overdrawn_minor
            if draft.kind in (CLEAR_BALANCE, DEACTIVATE)
            else 0
        )
        if left and account.reserved_minor:
            raise GiftCardReserved(
                "Release what is kept for tills first.", reserved_minor=account.reserved_minor
            )
        if after:
            account.state = after
            account.save(update_fields=["state"])
        _move(account, draft.kind, -left, cause, draft.id, draft.reason, occasion)
        _post_other_way(account, GIFT_CARD_BREAKAGE, -left, occasion)
    return stored_value(account_id=account.pk)


def adjust_value(*, draft: AdjustDraft, occasion: Occasion) -> StoredValue:
    """Correct what is on an active or blocked card; what is overdrawn is covered first.

    Raises `InvalidInput`, `NotFound`, `GiftCardState`, `GiftCardBalance` below nothing, `GiftCardIdConflict`.
    """
    check_reason(draft.reason)
    check_amount(abs(draft.amount_minor))
    kind = ADJUST_INCREMENT if draft.amount_minor > 0 else ADJUST_DECREMENT
    with unit_of_work():
        account = locked_value(account_id=draft.account_id)
        known = done_before(
            cause_id=draft.id, kinds=(kind,), account_id=account.pk, amount_minor=draft.amount_minor
        )
        if known is not None:
            return known
        if account.state not in (ACTIVE, BLOCKED):
            raise GiftCardState(f"The card •••• {account.shown} is {account.state}.", state=account.state)
        _check_left(account, -draft.amount_minor)
        _move(account, kind, draft.amount_minor, REQUEST, draft.id, draft.reason, occasion)
        _post_other_way(account, GIFT_CARD_GIVEN, draft.amount_minor, occasion)
    return stored_value(account_id=account.pk)


def transfer_value(*, draft: TransferDraft, occasion: Occasion) -> tuple[StoredValue, StoredValue]:
    """Move value from a card to another, and return both; a pending card is activated with it.

    From a blocked card too: that is what a lost card is. Raises `InvalidInput`, `NotFound`, `GiftCardState`,
    `GiftCardBalance`, `GiftCardIdConflict`.
    """
    check_reason(draft.reason)
    if draft.from_id == draft.to_id:
        raise InvalidInput("A card moves nothing to itself.", pointer="/to_id")
    with unit_of_work():
        rows = {row.pk: row for row in lock_rows(StoredValue.objects.all(), [draft.from_id, draft.to_id])}
        for key in (draft.from_id, draft.to_id):
            rows.setdefault(key, stored_value(account_id=key))  # raises NotFound
        source, target = rows[draft.from_id], rows[draft.to_id]
        if done_before(cause_id=draft.id, kinds=(TRANSFER_FROM,), account_id=source.pk) is None:
            _transfer(draft, source, target, occasion)
        elif _target_before(draft.id) != target.pk:
            raise GiftCardIdConflict("Ids are made once and never used again.", pointer="/id")
    return stored_value(account_id=source.pk), stored_value(account_id=target.pk)


def transfer_to_card(
    *, draft: TransferDraft, opened: OpenDraft, occasion: Occasion
) -> tuple[StoredValue, StoredValue]:
    """As `transfer_value`, to a card that is opened if it is not there. Raises what `open_value` raises too."""
    try:
        return _opened_with(draft, opened, occasion)
    except (GiftCardCodeTaken, GiftCardIdConflict):
        before = _target_before(draft.id)
        if before is None or not _is_of(before, draft, opened):
            raise
        return _opened_with(draft, opened, occasion)  # a twin of this request opened it


def _opened_with(
    draft: TransferDraft, opened: OpenDraft, occasion: Occasion
) -> tuple[StoredValue, StoredValue]:
    with unit_of_work():
        target_id = draft.to_id
        before = _target_before(draft.id)
        if before is not None and _is_of(before, draft, opened):
            target_id = before
        elif not StoredValue.objects.filter(pk=target_id).exists():
            target_id = open_value(draft=opened, at=occasion.at).pk
        return transfer_value(draft=replace(draft, to_id=target_id), occasion=occasion)


def _target_before(transfer_id: UUID) -> UUID | None:
    """The card that this transfer went to; None before it was made."""
    made = ValueActivity.objects.filter(cause_id=transfer_id, kind=TRANSFER_TO)
    found: UUID | None = made.values_list("account_id", flat=True).first()
    return found


def _is_of(account_id: UUID, draft: TransferDraft, opened: OpenDraft) -> bool:
    """Whether the card is the one a transfer names: by its code, else by its id."""
    if opened.code is None:
        return account_id == draft.to_id
    return StoredValue.objects.filter(pk=account_id, code_digest=opened.code.digest).exists()


def _transfer(draft: TransferDraft, source: StoredValue, target: StoredValue, occasion: Occasion) -> None:
    # A card that was closed has nothing, unless money came back onto it that nobody could refuse any more.
    if source.state not in (ACTIVE, BLOCKED) and not (source.state == CLOSED and source.balance_minor):
        raise GiftCardState(f"The card •••• {source.shown} is {source.state}.", state=source.state)
    amount = draft.amount_minor
    if amount is None:
        amount = source.balance_minor - source.reserved_minor
    check_amount(amount)
    _check_left(source, amount)
    _move(source, TRANSFER_FROM, -amount, REQUEST, draft.id, draft.reason, occasion)
    put_on(
        account=target,
        amount_minor=amount,
        cause=REQUEST,
        cause_id=draft.id,
        occasion=occasion,
        reason=draft.reason,
        kind=TRANSFER_TO,
    )
    keys = LIABILITY_KEYS
    post(debit=keys[source.kind], credit=keys[target.kind], amount_minor=amount, occasion=occasion)


def _check_left(account: StoredValue, amount_minor: int) -> None:
    left = account.balance_minor - account.reserved_minor
    if amount_minor > left:
        detail = f"{spell_money(left, account.currency)} is left on the card •••• {account.shown}."
        raise GiftCardBalance(detail, pointer="/amount", left_minor=left, asked_minor=amount_minor)


def _move(
    account: StoredValue,
    kind: str,
    amount_minor: int,
    cause: str,
    cause_id: UUID,
    reason: str,
    occasion: Occasion,
) -> None:
    moves: Sequence[Move] = [
        Move(
            account_id=account.pk,
            kind=kind,
            amount_minor=amount_minor,
            cause=cause,
            cause_id=cause_id,
            reason=reason,
        )
    ]
    move_values(moves=moves, occasion=occasion)


def _post_other_way(account: StoredValue, other: str, amount_minor: int, occasion: Occasion) -> None:
    """More on a card is more that is owed and costs the merchant something; less is the other way round."""
    key = LIABILITY_KEYS[account.kind]
    debit, credit = (other, key) if amount_minor > 0 else (key, other)
    post(debit=debit, credit=credit, amount_minor=abs(amount_minor), occasion=occasion)
