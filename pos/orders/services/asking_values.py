"""Money for a gift card is asked for at a provider; the card is sold or loaded once that took it, and not before.

A card that is sold this way is opened at once and stays pending: its code, PIN and holder are kept as ever, and an
attempt has nothing of them but the card's id.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, cast
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.credit.errors import GiftCardCodeTaken, GiftCardIdConflict, GiftCardState
from payments.credit.kinds import ACTIVATE, ACTIVE, LOAD, PENDING, VALUE_KINDS
from payments.credit.models import StoredValue
from payments.credit.services import OpenDraft, locked_value, open_value
from payments.gateways.base import Channel
from payments.gateways.models import Attempt
from payments.gateways.services import AttemptDraft, drive_attempt, known_capabilities, start_attempt
from payments.gateways.services.writing import lock_attempt
from payments.gateways.states import CAPTURED
from payments.tenders.kinds import EXCHANGE, HOUSE_ACCOUNT, STORED_VALUE
from payments.tenders.models import TenderType
from pos.orders.errors import NothingOwed, PaymentIdConflict
from pos.orders.services.asked_alone import (
    CARD,
    KIND,
    Asked,
    about,
    check_alone,
    check_not_let_go,
    let_go_instead,
)
from pos.orders.services.asked_terms import check_asked, reader_for
from pos.orders.services.asking import AskDraft, account_of, asked_terms
from pos.orders.services.refund_plan import place_of
from pos.orders.transfers import TenderInvalid
from pos.registers.errors import WrongCurrency
from pos.registers.numbers import take_numbers

PURPOSE: Final = "value_sale"
SELL: Final = "gift_cards.sell"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAskDraft:
    """Money to be asked for, and the card it is for. `opened`: the card is sold with it."""

    ask: AskDraft
    account_id: UUID
    opened: OpenDraft | None = None


def ask_for_value(*, draft: ValueAskDraft, actor: Actor, at: dt.datetime) -> Attempt:
    """Start the attempt and bring it as far as it goes now. The same draft again is the same attempt.

    Raises `Forbidden`, `TillNeeded`, `OnlyPractice`, `UnknownTenderType`, `TenderInvalid`, `WrongCurrency`,
    `NotFound`, `GiftCardState`, `GiftCardCodeTaken`, `GiftCardIdConflict`, `PaymentIdConflict` for the id of a
    payment, `PaymentOutcomeUnknown` while the same is being asked for, and what `start_attempt` raises.
    """
    actor.require(SELL)
    place_of(actor)
    terms = terms_for_money(draft.ask)
    known_capabilities(
        connection=account_of(terms=terms), at=at
    )  # inside a transaction nobody would be asked
    start = partial(run_transaction, partial(_start, draft, terms, actor, at))
    try:
        _once_more(start)
    except IntegrityError as error:
        if not constraint(error).startswith("payments_attempt_pkey_of_payment"):
            raise
        raise PaymentIdConflict("Ids are made once and never used again.", pointer="/id") from error
    return drive_attempt(attempt_id=draft.ask.id, at=at)


def _once_more(start: Callable[[], None]) -> None:
    """A twin of this request may have opened the card at the same moment: then it waits for its money by now."""
    try:
        start()
    except (GiftCardCodeTaken, GiftCardIdConflict):
        start()
    except IntegrityError as error:
        if not constraint(error).startswith("payments_storedvalue"):
            raise
        start()


def terms_for_money(ask: AskDraft) -> TenderType:
    """The way to pay for what belongs to no order: money, in the merchant's currency, all of it at once.

    Raises `UnknownTenderType`, `TenderInvalid`, `WrongCurrency`.
    """
    terms = asked_terms(draft=ask)
    kinds = (HOUSE_ACCOUNT, EXCHANGE, *STORED_VALUE)
    if terms.kind in kinds or account_of(terms=terms).gateway in VALUE_KINDS:
        raise TenderInvalid("This is paid with money.", pointer="/tender_type")
    currency = current_tenant().currency
    if ask.amount.currency != currency:
        raise WrongCurrency(f"Amounts are in {currency} here.", pointer="/amount/currency")
    if ask.amount.minor <= 0:
        raise TenderInvalid("What is asked for is above zero.", pointer="/amount/amount_minor")
    return terms


def attempt_draft(
    *,
    ask: AskDraft,
    terms: TenderType,
    actor: Actor,
    at: dt.datetime,
    purpose: str,
    reference: str,
    about: dict[str, str],
) -> AttemptDraft:
    """The attempt that asks for it, for `start_attempt`."""
    place = place_of(actor)
    channel = ask.channel or cast("Channel", terms.channel or "present")
    return AttemptDraft(
        id=ask.id,
        order_id=None,
        purpose=purpose,
        connection_id=account_of(terms=terms).pk,
        tender_type=terms.code,
        channel=channel,
        amount=ask.amount,
        reference=reference,
        reader_id=ask.reader_id
        or reader_for(attempt_id=ask.id, account=account_of(terms=terms), channel=channel, actor=actor),
        expires_at=ask.expires_at,
        return_url=ask.return_url,
        about=about,
        business_date=place.business_date(at),
        location_id=place.location_id,
    )


def check_still_sold(*, attempt_id: UUID) -> None:
    """What an attempt asks for is wanted still, before it is put before a guest once more.

    Locks register, attempt and card. Raises `NothingOwed`, `GiftCardState`, `PaymentOutcomeUnknown`.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.register_id is None or attempt.state == CAPTURED:
        return
    take_numbers(register_id=attempt.register_id)
    attempt = lock_attempt(attempt_id)
    card, kind = sold(attempt)
    account = locked_value(account_id=card)
    check_not_let_go(attempt)
    check_takes(account, kind)
    minor = attempt.amount_minor
    check_alone(
        asked=Asked(CARD, card, None if kind == ACTIVATE else minor),
        amount_minor=minor,
        register_id=attempt.register_id,
        without=attempt.pk,
    )


def sold(attempt: Attempt) -> tuple[UUID, str]:
    """Which card it is for, and whether that is sold (`activate`) or loaded."""
    said = about(attempt)
    return UUID(said[CARD]), said[KIND]


def check_takes(account: StoredValue, kind: str) -> None:
    """Raise `NothingOwed` for a card that is sold already, `GiftCardState` for one that is blocked or closed."""
    if kind == ACTIVATE and account.state != PENDING:
        detail = (
            f"The card •••• {account.shown} was sold another way. Give the money back, or keep it as credit."
        )
        raise NothingOwed(detail, why="paid")
    if account.state not in (PENDING, ACTIVE):
        raise GiftCardState(f"The card •••• {account.shown} is {account.state}.", state=account.state)


def _start(draft: ValueAskDraft, terms: TenderType, actor: Actor, at: dt.datetime) -> None:
    ask = draft.ask
    kind = LOAD if draft.opened is None else ACTIVATE
    with unit_of_work():
        place = place_of(actor)
        take_numbers(register_id=place.id)
        card = card_id(account_id=draft.account_id, opened=draft.opened)
        if Attempt.objects.filter(pk=ask.id).exists():
            account = StoredValue.objects.get(pk=card)  # the same again: only its facts are compared
        else:
            check_asked(terms=terms, amount=ask.amount, due_minor=ask.amount.minor)
            asked = Asked(CARD, card, None if kind == ACTIVATE else ask.amount.minor)
            let_go_instead(asked=asked, by=actor.name, at=at)
            account = _card(draft, at)
            asked = replace(asked, key=account.pk)  # a till opened it under another id at this moment
            check_alone(asked=asked, amount_minor=ask.amount.minor, register_id=place.id)
        start_attempt(
            draft=attempt_draft(
                ask=ask,
                terms=terms,
                actor=actor,
                at=at,
                purpose=PURPOSE,
                reference=f"Gift card {account.shown}",
                about={CARD: str(account.pk), KIND: kind},
            ),
            actor=actor,
            at=at,
        )


def _card(draft: ValueAskDraft, at: dt.datetime) -> StoredValue:
    """The card, locked; one that is sold is opened and stays pending."""
    if draft.opened is not None:
        return open_value(draft=draft.opened, at=at)
    account = locked_value(account_id=draft.account_id)
    check_takes(account, LOAD)
    return account


def card_id(*, account_id: UUID, opened: OpenDraft | None) -> UUID:
    """The card's id: one that a till has used already is taken over with the id it has."""
    if opened is None:
        return account_id
    digest = opened.presented.digest
    found: UUID | None = (
        StoredValue.objects.filter(code_digest=digest).order_by("id").values_list("pk", flat=True).first()
    )
    return found or account_id
