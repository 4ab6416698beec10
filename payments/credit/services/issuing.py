"""Cards and credits are opened, and value is put on them: sold, given away, or taken over."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import FieldProblem, InvalidInput
from fynlo.core.money import MAX_MINOR
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.credit.codes import Presented, own_code, presented
from payments.credit.errors import GiftCardCodeTaken, GiftCardIdConflict, GiftCardState
from payments.credit.expiry import expires_on
from payments.credit.kinds import ACTIVATE, ACTIVE, GIFT_CARD, LIABILITY_KEYS, LOAD, PENDING, VALUE_KINDS
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.models.values import LONGEST_HOLDER, LONGEST_REASON
from payments.credit.pins import hash_pin, is_pin
from payments.credit.queries import stored_value
from payments.credit.rules import country_of, gift_card_rules
from payments.credit.services.moving import Move, Occasion, move_values
from payments.ledger.accounts import GIFT_CARD_GIVEN
from payments.ledger.services import Posting, record_transfers


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """A card or a credit to be opened. Without a `code` it gets one of our own, which follows from its id.

    `expires_on` is its last day where one is printed on it; else the merchant's rule says.
    """

    id: UUID
    kind: str = GIFT_CARD
    code: Presented | None = None
    pin: str = field(default="", repr=False)
    holder: str = ""
    expires_on: dt.date | None = None

    @property
    def presented(self) -> Presented:
        """Its code, as it is kept."""
        return self.code or presented(own_code(self.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveDraft:
    """Value that nobody pays for, and why. `opened`: the card is opened with it. `id` is the request's."""

    id: UUID
    account_id: UUID
    amount_minor: int
    reason: str
    opened: OpenDraft | None = None


def office_occasion(
    *, actor: Actor, at: dt.datetime, approver_id: UUID | None = None, approver_name: str = ""
) -> Occasion:
    """Something done now, wherever: the day is that of the merchant's time zone."""
    return Occasion(
        at=at,
        business_date=at.astimezone(ZoneInfo(current_tenant().time_zone)).date(),
        register_id=actor.register_id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
        approver_id=approver_id,
        approver_name=approver_name,
    )


def give_value(*, draft: GiveDraft, occasion: Occasion) -> StoredValue:
    """Put value on a card that nobody paid for; who may is the caller's to say. The same draft again is the same.

    Raises `InvalidInput`, `NotFound`, `GiftCardCodeTaken`, `GiftCardIdConflict`, `GiftCardState`.
    """
    check_amount(draft.amount_minor)
    check_reason(draft.reason)
    with unit_of_work():
        known = done_before(cause_id=draft.id, kinds=(ACTIVATE, LOAD), amount_minor=draft.amount_minor)
        if known is not None:
            return known
        if draft.opened is not None:
            account = open_value(draft=draft.opened, at=occasion.at)
        else:
            account = locked_value(account_id=draft.account_id)
        key = LIABILITY_KEYS[account.kind]
        put_on(
            account=account,
            amount_minor=draft.amount_minor,
            cause="request",
            cause_id=draft.id,
            occasion=occasion,
            reason=draft.reason,
        )
        post(debit=GIFT_CARD_GIVEN, credit=key, amount_minor=draft.amount_minor, occasion=occasion)
    return StoredValue.objects.get(pk=account.pk)


def open_value(*, draft: OpenDraft, at: dt.datetime) -> StoredValue:
    """The account, pending and locked, in the caller's unit of work; one a till has used already is taken over.

    Raises `InvalidInput`, `GiftCardCodeTaken`, `GiftCardIdConflict`.
    """
    _check(draft)
    code = draft.presented
    known = StoredValue.objects.select_for_update(no_key=True).filter(code_digest=code.digest).first()
    if known is not None:
        if known.state != PENDING or known.kind != draft.kind:
            raise GiftCardCodeTaken(f"There is a card •••• {code.shown} already.", pointer="/code")
    elif StoredValue.objects.filter(pk=draft.id).exists():
        raise GiftCardIdConflict("Ids are made once and never used again.", pointer="/id")
    account: StoredValue = known or StoredValue(
        id=draft.id,
        kind=draft.kind,
        code_digest=code.digest,
        shown=code.shown,
        is_own_code=draft.code is None,
        state=PENDING,
        currency=current_tenant().currency,
        created_at=at,
    )
    account.pin_hash = hash_pin(draft.pin)
    account.holder = draft.holder
    account.expires_on = draft.expires_on
    try:
        account.save(force_insert=known is None, force_update=known is not None)
    except IntegrityError as error:
        if constraint(error).startswith("payments_storedvalue_code_digest"):
            raise GiftCardCodeTaken(f"There is a card •••• {code.shown} already.", pointer="/code") from error
        raise
    return account


def put_on(
    *,
    account: StoredValue,
    amount_minor: int,
    cause: str,
    cause_id: UUID,
    occasion: Occasion,
    reason: str = "",
    kind: str = "",
) -> ValueActivity:
    """Activate a pending account with so much, or load an active one, in the caller's unit of work; it is locked.

    Raises `GiftCardState` for one that is blocked or closed.
    """
    if account.state not in (PENDING, ACTIVE):
        raise GiftCardState(f"The card •••• {account.shown} is {account.state}.", state=account.state)
    is_first = account.state == PENDING
    months = gift_card_rules().months_of(account.kind)
    if months is not None and (account.expires_on is None or not is_first):
        last = expires_on(day=occasion.business_date, months=months, country=country_of(current_tenant()))
        if last is not None and (account.expires_on is None or last > account.expires_on):
            account.expires_on = last
    account.state = ACTIVE
    account.save(update_fields=["state", "expires_on"])
    move = Move(
        account_id=account.pk,
        kind=kind or (ACTIVATE if is_first else LOAD),
        amount_minor=amount_minor,
        cause=cause,
        cause_id=cause_id,
        reason=reason,
    )
    (activity,) = move_values(moves=[move], occasion=occasion)
    return activity


def locked_value(*, account_id: UUID) -> StoredValue:
    """The account's row until COMMIT. Raises `NotFound`."""
    found = StoredValue.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    return found or stored_value(account_id=account_id)


def done_before(
    *, cause_id: UUID, kinds: tuple[str, ...], account_id: UUID | None = None, amount_minor: int | None = None
) -> StoredValue | None:
    """The account as it is, if this was done before; None if it was not. Raises `GiftCardIdConflict`."""
    row = ValueActivity.objects.select_related("account").filter(cause_id=cause_id).order_by("id").first()
    if row is None:
        return None
    same_account = account_id is None or row.account_id == account_id
    same_amount = amount_minor is None or row.amount_minor == amount_minor
    if row.kind not in kinds or not same_account or not same_amount:
        raise GiftCardIdConflict("Ids are made once and never used again.", pointer="/id")
    account: StoredValue = row.account
    return account


def post(*, debit: str, credit: str, amount_minor: int, occasion: Occasion, kind: str = "gift_card") -> None:
    """Book a movement of what is owed for cards; nothing for nothing."""
    if not amount_minor or debit == credit:
        return
    record_transfers(
        postings=[Posting(debit=debit, credit=credit, amount_minor=amount_minor, kind=kind)],
        currency=current_tenant().currency,
        order_id=None,
        at=occasion.at,
        business_date=occasion.business_date,
        register_id=occasion.register_id,
    )


def check_amount(amount_minor: int) -> None:
    """Raise `InvalidInput` unless it is above zero and can be told in JSON."""
    if not 0 < amount_minor <= MAX_MINOR:
        raise InvalidInput("An amount is above zero.", pointer="/amount/amount_minor")


def check_reason(reason: str) -> None:
    """Raise `InvalidInput` unless there is a printable one."""
    if not 0 < len(reason.strip()) <= LONGEST_REASON or not reason.isprintable():
        raise InvalidInput(f"A reason of up to {LONGEST_REASON} characters is needed.", pointer="/reason")


def _check(draft: OpenDraft) -> None:
    problems = []
    if draft.kind not in VALUE_KINDS:
        problems.append(FieldProblem("/kind", "unknown_kind", f"The kinds are {', '.join(VALUE_KINDS)}."))
    if draft.pin and not is_pin(draft.pin):
        problems.append(FieldProblem("/pin", "pin", "A PIN has 4 to 12 digits."))
    if len(draft.holder) > LONGEST_HOLDER or not draft.holder.isprintable():
        detail = f"A name has up to {LONGEST_HOLDER} printable characters."
        problems.append(FieldProblem("/holder", "holder", detail))
    if problems:
        raise InvalidInput(problems[0].detail, errors=problems)
