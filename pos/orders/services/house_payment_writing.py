"""What a payment of a house account writes, in one transaction: account, payment, cash, books, journal, feed."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.errors import NotFound
from fynlo.core.inserts import insert_rows
from fynlo.core.money import Money
from fynlo.events.log import append, unit_of_work
from payments.credit.events import HouseAccountPaid
from payments.credit.models import HouseAccount
from payments.credit.services import charge_accounts
from payments.ledger.services import Posting, record_transfers
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms
from payments.tenders.services import tender_account
from pos.orders.services.drawer_cash import notes_taken
from pos.orders.services.late_refunds import closed_session_of
from pos.registers.cash_rows import foreign_columns
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
        document = house_payment_document(payment, terms, account)
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


def house_payment_document(payment: Payment, terms: TenderTerms, account: HouseAccount) -> dict[str, Any]:
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
