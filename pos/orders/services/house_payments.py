"""Somebody pays what they owe at a till: the account owes less; drawer, books and journal know of the money."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.tenders.kinds import EXCHANGE, HOUSE_ACCOUNT, STORED_VALUE
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms, tender_terms
from pos.inventory.services.happening import moment_of
from pos.orders.drafts import TenderDraft
from pos.orders.errors import PaymentIdConflict, UnknownTenderType
from pos.orders.services.asked_alone import ENDED_BY, HOUSE, Asked, asked_already, let_go_instead, under_way
from pos.orders.services.house_payment_writing import (
    HousePaymentDraft,
    house_payment_document,
    lock_house,
    record_house_payment,
)
from pos.orders.services.refund_plan import place_of
from pos.orders.services.tender_ids import others_ids, own_id
from pos.orders.services.tender_rules import check_rules
from pos.orders.transfers import TenderInvalid
from pos.registers.errors import WrongCurrency
from pos.registers.numbers import take_numbers
from pos.registers.queries import RegisterPlace


def pay_house_account(*, draft: HousePaymentDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record it and return the payment's document. The same draft again is the same payment.

    More than is owed may be paid; then the account has money to spend. Raises `NotFound`, `TillNeeded`,
    `UnknownTenderType`, `TenderInvalid`, `WrongCurrency`, `TimeOutOfRange`, `PaymentIdConflict`.
    """
    place = place_of(actor)
    if draft.at is not None and others_ids(tenders={draft.id: draft.tender_type}, order_id=None):
        draft = replace(draft, id=own_id(draft.id))
    terms = _checked(draft)
    odd = _odd(draft, terms)
    happened = moment_of(stated=draft.at, at=at)
    try:
        return run_transaction(partial(_pay, draft, terms, odd, place, actor, happened, at))
    except IntegrityError as error:
        if not constraint(error).startswith("payments_payment_pkey"):
            raise
        return _paid_before(draft)


def _checked(draft: HousePaymentDraft) -> TenderTerms:
    currency = current_tenant().currency
    if draft.amount.currency != currency:
        raise WrongCurrency(f"Amounts are in {currency} here.", pointer="/amount/currency")
    if draft.amount.minor <= 0:
        raise TenderInvalid("A payment is above zero.", pointer="/amount/amount_minor")
    terms = tender_terms(codes=[draft.tender_type]).get(draft.tender_type)
    if terms is None:
        raise UnknownTenderType("The merchant has no such way to pay.", pointer="/tender_type")
    if terms.is_asked:
        detail = "A provider is asked for its money first: POST /house-accounts/<id>/payments/attempts."
        raise TenderInvalid(detail, pointer="/tender_type")
    if terms.kind in (HOUSE_ACCOUNT, EXCHANGE, *STORED_VALUE):
        raise TenderInvalid("What is owed is paid with money.", pointer="/tender_type")
    return terms


def _odd(draft: HousePaymentDraft, terms: TenderTerms) -> tuple[str, ...]:
    """Rules of the way to pay that were not kept: a question is refused, of what happened the journal tells them.

    A repeat of what was paid before is no question any more. Raises `TenderInvalid`.
    """
    tender = TenderDraft(
        id=draft.id,
        tender_type=draft.tender_type,
        amount=draft.amount,
        reference=draft.reference,
        foreign=draft.foreign,
    )
    due, currency = draft.amount.minor, draft.amount.currency
    try:
        check_rules(drafts=[tender], terms=[terms], due_minor=due, currency=currency)
    except TenderInvalid as error:
        if draft.at is None and not Payment.objects.filter(pk=draft.id).exists():
            own = [replace(each, pointer=each.pointer.removeprefix("/tenders/0")) for each in error.errors]
            raise TenderInvalid(error.detail, errors=own) from error
        return tuple(sorted({problem.code for problem in error.errors}))
    return ()


def _pay(
    draft: HousePaymentDraft,
    terms: TenderTerms,
    odd: tuple[str, ...],
    place: RegisterPlace,
    actor: Actor,
    happened: dt.datetime,
    recorded_at: dt.datetime,
) -> dict[str, Any]:
    """Raises `PaymentOutcomeUnknown` for a question while a provider is asked for this amount of the account."""
    asked = Asked(HOUSE, draft.account_id, draft.amount.minor)
    with unit_of_work():
        take_numbers(register_id=place.id)
        if not Payment.objects.filter(pk=draft.id).exists():
            is_fact = draft.at is not None
            let_go_instead(asked=asked, states=ENDED_BY[is_fact], by=actor.name, at=recorded_at)
            lock_house(account_id=draft.account_id)
            waiting = under_way(asked=asked)
            if waiting is not None and not is_fact:
                raise asked_already(waiting, pointer="/amount")
            odd = odd if waiting is None else (*odd, "paid_beside_attempt")
        return record_house_payment(draft, terms, odd, place, actor, happened, recorded_at)


def _paid_before(draft: HousePaymentDraft) -> dict[str, Any]:
    """The payment as it was made, if it is the same one."""
    row = Payment.objects.select_related("tender_type", "house_account").filter(pk=draft.id).first()
    said = (draft.account_id, draft.tender_type, draft.amount.minor, draft.reference, draft.last4)
    kept = row and (
        row.house_account_id,
        row.tender_type.code,
        row.amount_minor,
        row.reference,
        row.card_last4,
    )
    if row is None or row.order_id is not None or kept != said:
        raise PaymentIdConflict("Ids are made once and never used again.", pointer="/id")
    terms = tender_terms(codes=[draft.tender_type])[draft.tender_type]
    return house_payment_document(row, terms, row.house_account)
