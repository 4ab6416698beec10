"""Money for a house account is asked for at a provider, and pays what is owed once it was taken."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.money import Money
from fynlo.events.log import unit_of_work
from payments.gateways.models import Attempt
from payments.gateways.services import drive_attempt, known_capabilities, start_attempt
from payments.gateways.services.writing import lock_attempt
from payments.gateways.states import CAPTURED
from payments.tenders.models import TenderType
from payments.tenders.queries import tender_terms
from pos.inventory.services.happening import moment_of
from pos.orders.errors import PaymentIdConflict
from pos.orders.services.asked_alone import HOUSE, Asked, about, check_alone, check_not_let_go, let_go_instead
from pos.orders.services.asked_terms import check_asked
from pos.orders.services.asking import AskDraft, account_of
from pos.orders.services.asking_values import attempt_draft, terms_for_money
from pos.orders.services.house_payment_writing import HousePaymentDraft, lock_house, record_house_payment
from pos.orders.services.refund_plan import place_of
from pos.orders.services.settling import actor_of, tender_of
from pos.orders.services.settling_values import put_minor, put_to_it
from pos.registers.numbers import take_numbers

PURPOSE: Final = "house_payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseAskDraft:
    """Money to be asked for, and the account it is for."""

    ask: AskDraft
    account_id: UUID


def ask_for_house(*, draft: HouseAskDraft, actor: Actor, at: dt.datetime) -> Attempt:
    """Start the attempt and bring it as far as it goes now. The same draft again is the same attempt.

    Raises `TillNeeded`, `OnlyPractice`, `UnknownTenderType`, `TenderInvalid`, `WrongCurrency`, `NotFound`,
    `PaymentIdConflict` for the id of a payment, `PaymentOutcomeUnknown` while the same amount of the account is
    being asked for, and what `start_attempt` raises.
    """
    place_of(actor)
    terms = terms_for_money(draft.ask)
    known_capabilities(
        connection=account_of(terms=terms), at=at
    )  # inside a transaction nobody would be asked
    try:
        run_transaction(partial(_start, draft, terms, actor, at))
    except IntegrityError as error:
        if not constraint(error).startswith("payments_attempt_pkey_of_payment"):
            raise
        raise PaymentIdConflict("Ids are made once and never used again.", pointer="/id") from error
    return drive_attempt(attempt_id=draft.ask.id, at=at)


def _start(draft: HouseAskDraft, terms: TenderType, actor: Actor, at: dt.datetime) -> None:
    ask, minor = draft.ask, draft.ask.amount.minor
    asked = Asked(HOUSE, draft.account_id, minor)
    with unit_of_work():
        place = place_of(actor)
        take_numbers(register_id=place.id)
        is_new = not Attempt.objects.filter(pk=ask.id).exists()
        if is_new:
            check_asked(terms=terms, amount=ask.amount, due_minor=minor)
            let_go_instead(asked=asked, by=actor.name, at=at)
        account = lock_house(account_id=draft.account_id)
        if is_new:
            check_alone(asked=asked, amount_minor=minor, register_id=place.id)
        start_attempt(
            draft=attempt_draft(
                ask=ask,
                terms=terms,
                actor=actor,
                at=at,
                purpose=PURPOSE,
                reference=f"Account {account.code}",
                about={HOUSE: str(account.pk)},
            ),
            actor=actor,
            at=at,
        )


def check_still_paid(*, attempt_id: UUID) -> None:
    """What an attempt asks for is wanted still, before it is put before a guest once more.

    Locks register, attempt and account. Raises `NothingOwed`, `PaymentOutcomeUnknown`.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.register_id is None or attempt.state == CAPTURED:
        return
    take_numbers(register_id=attempt.register_id)
    attempt = lock_attempt(attempt_id)
    account = lock_house(account_id=_house(attempt))
    check_not_let_go(attempt)
    minor = attempt.amount_minor
    check_alone(
        asked=Asked(HOUSE, account.pk, minor),
        amount_minor=minor,
        register_id=attempt.register_id,
        without=attempt.pk,
    )


def settle_house_payment(*, attempt_id: UUID, at: dt.datetime) -> None:
    """Pay the account with what the attempt took, in one transaction; nothing when that was done before.

    Raises `NothingOwed` for one that was let go.
    """
    run_transaction(partial(_settle, attempt_id, at))


def _settle(attempt_id: UUID, at: dt.datetime) -> None:
    with unit_of_work():
        attempt = Attempt.objects.get(pk=attempt_id)
        if attempt.settled_at is not None:
            return
        actor = actor_of(attempt=attempt)
        place = place_of(actor)
        take_numbers(register_id=place.id)
        attempt = lock_attempt(attempt_id)
        if attempt.settled_at is not None:
            return
        check_not_let_go(attempt)
        amount_minor = put_minor(attempt)
        account = lock_house(account_id=_house(attempt))
        tender = tender_of(attempt=attempt, amount_minor=amount_minor)
        draft = HousePaymentDraft(
            id=attempt.pk,
            account_id=account.pk,
            tender_type=attempt.tender_type,
            amount=Money(amount_minor, attempt.currency),
            last4=tender.last4,
            reference=tender.reference,
            at=attempt.captured_at,
        )
        terms = tender_terms(codes=[attempt.tender_type])[attempt.tender_type]
        happened = moment_of(stated=attempt.captured_at, at=at)
        record_house_payment(draft, terms, (), place, actor, happened, at)
        put_to_it(attempt, amount_minor, at)


def _house(attempt: Attempt) -> UUID:
    return UUID(about(attempt)[HOUSE])
