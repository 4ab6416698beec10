"""What the sale of a gift card writes beside the card: payments, cash, books, journal, late entries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.inserts import insert_rows
from fynlo.core.money import Money
from payments.credit.kinds import LIABILITY_KEYS
from payments.credit.models import StoredValue
from payments.credit.services import Occasion, OpenDraft
from payments.ledger.accounts import CASH
from payments.ledger.services import Posting, record_transfers
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms
from payments.tenders.services import tender_account
from payments.tenders.settlement import Share
from pos.orders.drafts import TenderDraft
from pos.orders.services.drawer_cash import notes_taken
from pos.registers.cash_rows import foreign_columns
from pos.registers.foreign import Notes
from pos.registers.journal.bodies import Moment, cash_moved_entry
from pos.registers.models import CashMovement
from pos.registers.numbers import Numbers
from pos.registers.queries import RegisterPlace
from pos.registers.services.late import ClosedSession, LateEntry, record_late

KIND: Final = "gift_card_sale"


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
class ValueSale:
    """A sale ready to be written. `odd`: rules of its ways to pay that were not kept."""

    draft: ValueSaleDraft
    actor: Actor
    place: RegisterPlace
    terms: tuple[TenderTerms, ...]
    shares: tuple[Share, ...]
    happened: dt.datetime
    recorded_at: dt.datetime
    odd: tuple[str, ...] = ()

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


def sale_payments(sale: ValueSale, account: StoredValue) -> list[Payment]:
    """What was handed over, as rows of payments of no order."""
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
            foreign_currency="" if tender.foreign is None else tender.foreign.currency,
            foreign_minor=None if tender.foreign is None else tender.foreign.minor,
            foreign_rate=None if tender.foreign is None else terms.rules.foreign_rate,
            register_id=sale.place.id,
            employee_id=occasion.employee_id,
            at=occasion.at,
            business_date=occasion.business_date,
        )
        for tender, terms, share in zip(sale.draft.tenders, sale.terms, sale.shares, strict=True)
    ]


def into_drawer(sale: ValueSale, payments: Sequence[Payment], account: StoredValue, numbers: Numbers) -> None:
    """Cash goes into the drawer, less its change; of foreign notes the change comes out of it."""
    occasion = sale.occasion
    moves = [
        (payment, kind, amount, notes)
        for payment, terms, taken in zip(payments, sale.terms, notes_of_sale(sale), strict=True)
        for kind, amount, notes in (
            (CashMovement.PAID_IN, payment.amount_minor if terms.is_cash else 0, taken),
            (CashMovement.CHANGE, -payment.change_minor if terms.is_foreign else 0, None),
        )
        if amount or notes
    ]
    movements = [
        CashMovement(
            register_id=sale.place.id,
            session_id=numbers.session_id,
            drawer_id=numbers.drawer_id,
            kind=kind,
            amount_minor=amount,
            currency=payment.currency,
            **foreign_columns(notes),
            payment_id=payment.id,
            employee_id=occasion.employee_id,
            employee_name=occasion.employee_name,
            reason_code="gift_card",
            note=str(account),
            at=occasion.at,
            business_date=occasion.business_date,
        )
        for payment, kind, amount, notes in moves
    ]
    insert_rows(movements)


def notes_of_sale(sale: ValueSale) -> list[Notes | None]:
    """The notes of other currencies that each tender was."""
    return [
        notes_taken(terms=terms, foreign=tender.foreign, worth_minor=share.tendered_minor)
        for tender, terms, share in zip(sale.draft.tenders, sale.terms, sale.shares, strict=True)
    ]


def book_sale(sale: ValueSale, payments: Sequence[Payment], account: StoredValue) -> None:
    """What was taken is owed from then on."""
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
    postings += [
        Posting(
            debit=tender_account(terms=terms),
            credit=CASH,
            amount_minor=payment.change_minor,
            kind="change",
            payment_id=payment.id,
        )
        for payment, terms in zip(payments, sale.terms, strict=True)
        if payment.change_minor and terms.is_foreign
    ]
    record_transfers(
        postings=postings,
        currency=sale.draft.amount.currency,
        order_id=None,
        at=occasion.at,
        business_date=occasion.business_date,
        register_id=sale.place.id,
    )


def sale_entry(sale: ValueSale, number: int, account: StoredValue, numbers: Numbers) -> Any:
    """What the register's journal tells of a tender."""
    terms, share, occasion = sale.terms[number], sale.shares[number], sale.occasion
    return cash_moved_entry(
        moment=Moment(at=occasion.at, business_date=occasion.business_date, employee=occasion.employee_name),
        drawer=terms.code,
        movement=KIND,
        amount_minor=share.amount_minor,
        currency=sale.draft.amount.currency,
        reason=str(account),
        flags=[
            *(["no_open_session"] if terms.gives_change and numbers.session_id is None else []),
            *sale.odd,
        ],
    )


def record_late_value(sale: ValueSale, account: StoredValue, late: ClosedSession) -> None:
    """Its cash was counted when its drawer was closed, so it explains what was over then."""
    occasion = sale.occasion
    cash = sum(
        share.amount_minor if terms.is_cash else -share.change_minor
        for share, terms in zip(sale.shares, sale.terms, strict=True)
        if terms.gives_change
    )
    notes = tuple(each for each in notes_of_sale(sale) if each is not None)
    if not cash and not notes:
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
            foreign=notes,
            at=occasion.at,
            employee_id=occasion.employee_id,
            employee_name=occasion.employee_name,
        ),
        currency=sale.draft.amount.currency,
        recorded_at=sale.recorded_at,
    )
