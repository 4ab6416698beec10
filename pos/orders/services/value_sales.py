"""Gift cards are sold and loaded at a till: what is paid is owed from then on. No turnover and no tax.

Cash goes into the drawer as it does when a house account is paid, so closings, books and journal know of it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.database import constraint, run_transaction
from fynlo.core.inserts import insert_rows
from fynlo.core.money import Money, spell_money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.credit.documents import stored_value_document
from payments.credit.kinds import ACTIVATE, LIABILITY_KEYS, LOAD
from payments.credit.models import StoredValue
from payments.credit.queries import stored_value
from payments.credit.services import Occasion, OpenDraft, done_before, locked_value, open_value, put_on
from payments.ledger.services import Posting, record_transfers
from payments.tenders.kinds import EXCHANGE, HOUSE_ACCOUNT, STORED_VALUE
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms
from payments.tenders.services import tender_account
from payments.tenders.settlement import Share, settle
from pos.events import StoredValueSold
from pos.inventory.services.happening import moment_of
from pos.orders.drafts import TenderDraft
from pos.orders.errors import PaymentIdConflict
from pos.orders.services.late_refunds import closed_session_of
from pos.orders.services.refund_plan import place_of
from pos.orders.services.tender_checks import check_tenders, terms_of
from pos.orders.transfers import TenderInvalid
from pos.registers.errors import WrongCurrency
from pos.registers.journal.bodies import Moment, cash_moved_entry
from pos.registers.journal.services import append_entries
from pos.registers.models import CashMovement
from pos.registers.numbers import Numbers, take_numbers
from pos.registers.queries import RegisterPlace
from pos.registers.services.late import ClosedSession, LateEntry, record_late

SELL: Final = "gift_cards.sell"
KIND: Final = "gift_card_sale"
CAUSE: Final = "sale"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSaleDraft:
    """So much is put on a card, and paid by these tenders. `opened`: the card is sold with it.

    `at` is when, if it was not just now.
    """

    id: UUID
    account_id: UUID
    amount: Money
    tenders: tuple[TenderDraft, ...]
    opened: OpenDraft | None = None
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sale:
    """A sale ready to be written."""

    draft: ValueSaleDraft
    actor: Actor
    place: RegisterPlace
    terms: tuple[TenderTerms, ...]
    shares: tuple[Share, ...]
    happened: dt.datetime
    recorded_at: dt.datetime

    @property
    def occasion(self) -> Occasion:
        """Where, when and by whom."""
        return Occasion(
            at=self.happened,
            business_date=self.place.business_date(self.happened),
            register_id=self.place.id,
            employee_id=self.actor.employee_id,
            employee_name=self.actor.name if self.actor.employee_id else "",
        )


def sell_value(*, draft: ValueSaleDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record it and return the sale's document. The same draft again is the same sale.

    Cash beyond the amount goes back as change; nothing else may be more. Raises `Forbidden`, `TillNeeded`,
    `OnlyPractice`, `WrongCurrency`, `UnknownTenderType`, `TenderInvalid`, `TimeOutOfRange`, `NotFound`,
    `GiftCardState`, `GiftCardCodeTaken`, `GiftCardIdConflict`, `PaymentIdConflict`.
    """
    actor.require(SELL)
    place = place_of(actor)
    terms = _checked(draft)
    shares = settle(
        total_minor=draft.amount.minor,
        tenders=[
            (tender.amount.minor, each.gives_change)
            for tender, each in zip(draft.tenders, terms, strict=True)
        ],
    )
    paid = sum(share.amount_minor for share in shares)
    if paid != draft.amount.minor:
        told, due = (spell_money(each, draft.amount.currency) for each in (paid, draft.amount.minor))
        raise TenderInvalid(f"{told} was tendered for {due}.", pointer="/tenders")
    sale = _Sale(
        draft=draft,
        actor=actor,
        place=place,
        terms=terms,
        shares=shares,
        happened=moment_of(stated=draft.at, at=at),
        recorded_at=at,
    )
    try:
        return run_transaction(partial(_sell, sale))
    except IntegrityError as error:
        if not constraint(error).startswith(("payments_payment_pkey", "payments_valueactivity_once")):
            raise
        known = _sold_before(draft)
        if known is None:
            raise PaymentIdConflict("Ids are made once and never used again.", pointer="/tenders") from error
        return known


def _checked(draft: ValueSaleDraft) -> tuple[TenderTerms, ...]:
    currency = current_tenant().currency
    if draft.amount.currency != currency:
        raise WrongCurrency(f"Amounts are in {currency} here.", pointer="/amount/currency")
    if draft.amount.minor <= 0:
        raise TenderInvalid("An amount is above zero.", pointer="/amount/amount_minor")
    check_tenders(tenders=draft.tenders, currency=currency)
    terms = terms_of(draft.tenders)
    for index, (tender, each) in enumerate(zip(draft.tenders, terms, strict=True)):
        if each.kind in (HOUSE_ACCOUNT, EXCHANGE, *STORED_VALUE):
            raise TenderInvalid("A card is paid with money.", pointer=f"/tenders/{index}/tender_type")
        if tender.amount.minor <= 0:
            pointer = f"/tenders/{index}/amount/amount_minor"
            raise TenderInvalid("A tender is above zero.", pointer=pointer)
    return terms


def _sell(sale: _Sale) -> dict[str, Any]:
    draft, place = sale.draft, sale.place
    with unit_of_work():
        numbers = take_numbers(register_id=place.id)
        known = _sold_before(draft)
        if known is not None:
            return known
        late = closed_session_of(
            stated=draft.at, happened=sale.happened, register_id=place.id, numbers=numbers
        )
        if late is not None:
            numbers = replace(numbers, session_id=late.session_id)
        if draft.opened is not None:
            account = open_value(draft=draft.opened, at=sale.happened)
        else:
            account = locked_value(account_id=draft.account_id)
        activity = put_on(
            account=account,
            amount_minor=draft.amount.minor,
            cause=CAUSE,
            cause_id=draft.id,
            occasion=sale.occasion,
        )
        payments = _payments(sale, account)
        insert_rows(payments)
        _into_drawer(sale, payments, account, numbers)
        _book(sale, payments, account)
        entries = [_entry(sale, number, account, numbers) for number in range(len(payments))]
        append_entries(register_id=place.id, drafts=entries, recorded_at=sale.recorded_at)
        if late is not None:
            _record_late(sale, account, late)
        document = _document(draft, stored_value(account_id=account.pk), activity.kind, payments, sale.terms)
        append(StoredValueSold(entity_id=draft.id, at=sale.happened, sale=document))
    return document


def _payments(sale: _Sale, account: StoredValue) -> list[Payment]:
    occasion = sale.occasion
    return [
        Payment(
            id=tender.id,
            order_id=None,
            tender_type_id=terms.id,
            amount_minor=share.amount_minor,
            tendered_minor=share.tendered_minor,
            change_minor=share.change_minor,
            card_last4=tender.last4,
            reference=tender.reference,
            stored_value_id=account.pk,
            currency=tender.amount.currency,
            register_id=sale.place.id,
            employee_id=occasion.employee_id,
            at=occasion.at,
            business_date=occasion.business_date,
        )
        for tender, terms, share in zip(sale.draft.tenders, sale.terms, sale.shares, strict=True)
    ]


def _into_drawer(sale: _Sale, payments: Sequence[Payment], account: StoredValue, numbers: Numbers) -> None:
    occasion = sale.occasion
    movements = [
        CashMovement(
            register_id=sale.place.id,
            session_id=numbers.session_id,
            drawer_id=numbers.drawer_id,
            kind=CashMovement.PAID_IN,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            payment_id=payment.id,
            employee_id=occasion.employee_id,
            employee_name=occasion.employee_name,
            reason_code="gift_card",
            note=str(account),
            at=occasion.at,
            business_date=occasion.business_date,
        )
        for payment, terms in zip(payments, sale.terms, strict=True)
        if terms.gives_change and payment.amount_minor
    ]
    insert_rows(movements)


def _book(sale: _Sale, payments: Sequence[Payment], account: StoredValue) -> None:
    occasion = sale.occasion
    postings = [
        Posting(
            debit=tender_account(terms=terms),
            credit=LIABILITY_KEYS[account.kind],
            amount_minor=payment.amount_minor,
            kind=KIND,
            payment_id=payment.id,
        )
        for payment, terms in zip(payments, sale.terms, strict=True)
        if payment.amount_minor
    ]
    record_transfers(
        postings=postings,
        currency=sale.draft.amount.currency,
        order_id=None,
        at=occasion.at,
        business_date=occasion.business_date,
        register_id=sale.place.id,
    )


def _entry(sale: _Sale, number: int, account: StoredValue, numbers: Numbers) -> Any:
    terms, share, occasion = sale.terms[number], sale.shares[number], sale.occasion
    return cash_moved_entry(
        moment=Moment(at=occasion.at, business_date=occasion.business_date, employee=occasion.employee_name),
        drawer=terms.code,
        movement=KIND,
        amount_minor=share.amount_minor,
        currency=sale.draft.amount.currency,
        reason=str(account),
        flags=["no_open_session"] if terms.gives_change and numbers.session_id is None else [],
    )


def _record_late(sale: _Sale, account: StoredValue, late: ClosedSession) -> None:
    """Its cash was counted when its drawer was closed, so it explains what was over then."""
    occasion = sale.occasion
    cash = sum(
        share.amount_minor for share, terms in zip(sale.shares, sale.terms, strict=True) if terms.gives_change
    )
    if not cash:
        return
    record_late(
        register_id=sale.place.id,
        session_id=late.session_id,
        entry=LateEntry(
            kind="movement",
            told=str(account),
            subject_id=sale.draft.id,
            total_minor=0,
            cash_minor=cash,
            at=occasion.at,
            employee_id=occasion.employee_id,
            employee_name=occasion.employee_name,
        ),
        currency=sale.draft.amount.currency,
        recorded_at=sale.recorded_at,
    )


def _sold_before(draft: ValueSaleDraft) -> dict[str, Any] | None:
    """The sale as it was made, with the card as it is now; None if there was none. Raises `GiftCardIdConflict`."""
    account = done_before(cause_id=draft.id, kinds=(ACTIVATE, LOAD), amount_minor=draft.amount.minor)
    if account is None:
        return None
    rows = {
        row.pk: row
        for row in Payment.objects.select_related("tender_type").filter(
            pk__in=[tender.id for tender in draft.tenders], stored_value=account
        )
    }
    if len(rows) != len(draft.tenders):
        raise PaymentIdConflict("Ids are made once and never used again.", pointer="/tenders")
    activity = account.activities.get(cause_id=draft.id)
    payments = [rows[tender.id] for tender in draft.tenders]
    return _document(draft, account, activity.kind, payments, terms_of(draft.tenders))


def _document(
    draft: ValueSaleDraft,
    account: StoredValue,
    kind: str,
    payments: Sequence[Payment],
    terms: Sequence[TenderTerms],
) -> dict[str, Any]:
    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": draft.amount.currency}

    return {
        "id": str(draft.id),
        "kind": kind,
        "gift_card": stored_value_document(account),
        "amount": money(draft.amount.minor),
        "payments": [
            {
                "id": str(payment.id),
                "tender_type": each.code,
                "name": each.name,
                "amount": money(payment.amount_minor),
                "tendered": money(payment.tendered_minor),
                "change": money(payment.change_minor),
                "last4": payment.card_last4 or None,
                "reference": payment.reference or None,
            }
            for payment, each in zip(payments, terms, strict=True)
        ],
        "at": rfc3339(payments[0].at),
        "business_date": payments[0].business_date.isoformat(),
    }
