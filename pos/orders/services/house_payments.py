"""Somebody pays what they owe at a till: the account owes less; drawer, books and journal know of the money."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import NotFound
from fynlo.core.inserts import insert_rows
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.credit.events import HouseAccountPaid
from payments.credit.models import HouseAccount
from payments.credit.services import charge_accounts
from payments.ledger.services import Posting, record_transfers
from payments.tenders.kinds import EXCHANGE, HOUSE_ACCOUNT, STORED_VALUE
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms, tender_terms
from payments.tenders.services import tender_account
from pos.inventory.services.happening import moment_of
from pos.orders.drafts import TenderDraft
from pos.orders.errors import PaymentIdConflict, UnknownTenderType
from pos.orders.services.asked_alone import ENDED_BY, HOUSE, Asked, asked_already, let_go_instead, under_way
from pos.orders.services.drawer_cash import notes_taken
from pos.orders.services.late_refunds import closed_session_of
from pos.orders.services.refund_plan import place_of
from pos.orders.services.tender_ids import others_ids, own_id
from pos.orders.services.tender_rules import check_rules
from pos.orders.transfers import TenderInvalid
from pos.registers.cash_rows import foreign_columns
from pos.registers.errors import WrongCurrency
from pos.registers.foreign import Notes
from pos.registers.journal.bodies import Moment, cash_moved_entry
from pos.registers.journal.services import append_entries
from pos.registers.models import CashMovement
from pos.registers.numbers import Numbers, take_numbers
from pos.registers.queries import RegisterPlace
from pos.registers.services.late import ClosedSession, LateEntry, record_late

KIND: Final = "house_payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class HousePaymentDraft:
    """What somebody pays of what they owe. `at` is when, if it was not just now."""

    id: UUID
    account_id: UUID
    tender_type: str
    amount: Money
    last4: str = ""
    reference: str = ""
    foreign: Money | None = None
    at: dt.datetime | None = None


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


def lock_house(*, account_id: UUID) -> HouseAccount:
    """The account's row until COMMIT. Raises `NotFound`."""
    found = HouseAccount.objects.select_for_update(no_key=True).filter(pk=account_id).first()
    if found is None:
        raise NotFound("There is no such house account.")
    return found


def record_house_payment(
    draft: HousePaymentDraft,
    terms: TenderTerms,
    odd: tuple[str, ...],
    place: RegisterPlace,
    actor: Actor,
    happened: dt.datetime,
    recorded_at: dt.datetime,
) -> dict[str, Any]:
    """Write payment, account, drawer, books, journal and feed; the payment's document."""
    with unit_of_work():
        numbers = take_numbers(register_id=place.id)
        late = closed_session_of(stated=draft.at, happened=happened, register_id=place.id, numbers=numbers)
        if late is not None:
            numbers = replace(numbers, session_id=late.session_id)
        payment = _row(draft, terms, place, actor, happened)
        insert_rows([payment])
        if not charge_accounts(amounts={draft.account_id: -draft.amount.minor}):
            raise NotFound("There is no such house account.")
        account = HouseAccount.objects.get(pk=draft.account_id)
        notes = notes_taken(terms=terms, foreign=draft.foreign, worth_minor=payment.amount_minor)
        if terms.is_cash or notes is not None:
            _into_drawer(payment, account, numbers, actor, place, notes)
        debit = tender_account(terms=terms)
        posting = Posting(
            debit=debit,
            credit=f"house:{account.code}",
            amount_minor=draft.amount.minor,
            kind=KIND,
            payment_id=payment.id,
        )
        record_transfers(
            postings=[posting],
            currency=payment.currency,
            order_id=None,
            at=payment.at,
            business_date=payment.business_date,
            register_id=place.id,
        )
        append_entries(
            register_id=place.id,
            drafts=[_entry(payment, terms, account, numbers, actor, odd)],
            recorded_at=recorded_at,
        )
        if late is not None and (terms.is_cash or notes is not None):
            _record_late(payment, account, late, actor, place, recorded_at, notes)
        document = _document(payment, terms, account)
        append(HouseAccountPaid(entity_id=payment.id, at=payment.at, payment=document))
    return document


def _row(
    draft: HousePaymentDraft, terms: TenderTerms, place: RegisterPlace, actor: Actor, at: dt.datetime
) -> Payment:
    return Payment(
        id=draft.id,
        order_id=None,
        tender_type_id=terms.id,
        amount_minor=draft.amount.minor,
        tendered_minor=draft.amount.minor,
        card_last4=draft.last4,
        reference=draft.reference,
        house_account_id=draft.account_id,
        currency=draft.amount.currency,
        foreign_currency="" if draft.foreign is None else draft.foreign.currency,
        foreign_minor=None if draft.foreign is None else draft.foreign.minor,
        foreign_rate=None if draft.foreign is None else terms.rules.foreign_rate,
        register_id=place.id,
        employee_id=actor.employee_id,
        at=at,
        business_date=place.business_date(at),
    )


def _into_drawer(
    payment: Payment,
    account: HouseAccount,
    numbers: Numbers,
    actor: Actor,
    place: RegisterPlace,
    notes: Notes | None,
) -> None:
    movement = CashMovement(
        register_id=place.id,
        session_id=numbers.session_id,
        drawer_id=numbers.drawer_id,
        kind=CashMovement.PAID_IN,
        amount_minor=payment.amount_minor if notes is None else 0,
        currency=payment.currency,
        **foreign_columns(notes),
        payment_id=payment.id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
        reason_code="house_account",
        note=account.name,
        at=payment.at,
        business_date=payment.business_date,
    )
    insert_rows([movement])


def _record_late(
    payment: Payment,
    account: HouseAccount,
    late: ClosedSession,
    actor: Actor,
    place: RegisterPlace,
    recorded_at: dt.datetime,
    notes: Notes | None,
) -> None:
    """Its cash was counted when its drawer was closed, so it explains what was over then."""
    record_late(
        register_id=place.id,
        session_id=late.session_id,
        entry=LateEntry(
            kind="movement",
            told=account.code,
            subject_id=payment.id,
            total_minor=0,
            cash_minor=payment.amount_minor if notes is None else 0,
            foreign=() if notes is None else (notes,),
            at=payment.at,
            employee_id=actor.employee_id,
            employee_name=actor.name if actor.employee_id else "",
        ),
        currency=payment.currency,
        recorded_at=recorded_at,
    )


def _entry(
    payment: Payment,
    terms: TenderTerms,
    account: HouseAccount,
    numbers: Numbers,
    actor: Actor,
    odd: tuple[str, ...],
) -> Any:
    return cash_moved_entry(
        moment=Moment(
            at=payment.at,
            business_date=payment.business_date,
            employee=actor.name if actor.employee_id else "",
        ),
        drawer=terms.code,
        movement=KIND,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        reason=account.code,
        flags=[
            *(["no_open_session"] if terms.gives_change and numbers.session_id is None else []),
            *odd,
        ],
    )


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
    return _document(row, terms, row.house_account)


def _document(payment: Payment, terms: TenderTerms, account: HouseAccount) -> dict[str, Any]:
    return {
        "id": str(payment.id),
        "house_account": {"id": str(account.id), "code": account.code, "name": account.name},
        "tender_type": terms.code,
        "name": terms.name,
        "amount": {"amount_minor": payment.amount_minor, "currency": payment.currency},
        "last4": payment.card_last4 or None,
        "reference": payment.reference or None,
        "at": rfc3339(payment.at),
        "business_date": payment.business_date.isoformat(),
    }
