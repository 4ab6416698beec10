"""Taking payments: what was handed over is recorded as it was, once.

Columns of a payment beyond what was paid: `card_last4`, `reference` and `house_account_id` of `TenderTaken`.
Whoever writes payments in a statement of their own charges the house accounts too (`payments.credit.services`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fynlo.core.inserts import insert_rows
from fynlo.core.money import Money
from payments.credit.kinds import LIABILITY_KEYS
from payments.credit.queries import HouseTerms, ValueTerms
from payments.tenders.kinds import CASH
from payments.tenders.models import Payment
from payments.tenders.queries import PaymentTaken, TenderTerms
from payments.tenders.settlement import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTaken:
    """A tender and its share of the total. `id` is made by the till and becomes the payment's key.

    `is_asked`: a payment provider has taken it. `last4` and `reference` are what a reader or a slip said, `house`
    is whose account it goes on, `value` is the card it is taken from.
    """

    id: UUID
    terms: TenderTerms
    share: Share
    last4: str = ""
    reference: str = ""
    house: HouseTerms | None = None
    foreign: Money | None = None
    is_asked: bool = False
    value: ValueTerms | None = None

    @property
    def account(self) -> str:
        """The account of the books where the money lands."""
        return tender_account(terms=self.terms, house=self.house)

    @property
    def foreign_rate(self) -> Decimal | None:
        """The rate of foreign notes, as it is kept with them."""
        return None if self.foreign is None else self.terms.rules.foreign_rate

    @property
    def house_account_id(self) -> UUID | None:
        """Who is charged, if anybody is."""
        return None if self.house is None else self.house.id


def tender_account(*, terms: TenderTerms, house: HouseTerms | None = None) -> str:
    """The drawer for cash, the debtor's own account, what is owed for gift cards; else the way to pay's own."""
    if terms.kind == CASH:
        return "cash"
    if terms.kind in LIABILITY_KEYS:
        return LIABILITY_KEYS[terms.kind]
    return f"tender:{terms.code}" if house is None else f"house:{house.code}"


def take_payments(
    *,
    order_id: UUID,
    tenders: Sequence[TenderTaken],
    currency: str,
    register_id: UUID,
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
) -> list[PaymentTaken]:
    """Append one payment per tender, in one statement, inside the caller's unit of work.

    Raises IntegrityError (`payments_payment_pkey`) when a tender's id was used before.
    """
    rows = payment_rows(
        order_id=order_id,
        tenders=tenders,
        currency=currency,
        register_id=register_id,
        employee_id=employee_id,
        at=at,
        business_date=business_date,
    )
    insert_rows(rows)
    return payments_taken(order_id=order_id, tenders=tenders, at=at)


def payment_rows(
    *,
    order_id: UUID,
    tenders: Sequence[TenderTaken],
    currency: str,
    register_id: UUID,
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
) -> list[Payment]:
    """One unsaved payment per tender, for whoever writes them together with what they are for."""
    return [
        Payment(
            id=tender.id,
            order_id=order_id,
            tender_type_id=tender.terms.id,
            amount_minor=tender.share.amount_minor,
            tendered_minor=tender.share.tendered_minor,
            change_minor=tender.share.change_minor,
            rounding_minor=tender.share.rounding_minor,
            card_last4=tender.last4,
            reference=tender.reference,
            house_account_id=tender.house_account_id,
            stored_value_id=None if tender.value is None else tender.value.id,
            currency=currency,
            foreign_currency="" if tender.foreign is None else tender.foreign.currency,
            foreign_minor=None if tender.foreign is None else tender.foreign.minor,
            foreign_rate=tender.foreign_rate,
            register_id=register_id,
            employee_id=employee_id,
            at=at,
            business_date=business_date,
        )
        for tender in tenders
    ]


def payments_taken(*, order_id: UUID, tenders: Sequence[TenderTaken], at: dt.datetime) -> list[PaymentTaken]:
    """The payments as they are read afterwards, by id."""
    taken = [_taken(tender, order_id=order_id, at=at) for tender in tenders]
    return sorted(taken, key=lambda payment: payment.id)


def _taken(tender: TenderTaken, *, order_id: UUID, at: dt.datetime) -> PaymentTaken:
    return PaymentTaken(
        id=tender.id,
        order_id=order_id,
        tender_type=tender.terms.code,
        tender_name=tender.terms.name,
        amount_minor=tender.share.amount_minor,
        tendered_minor=tender.share.tendered_minor,
        change_minor=tender.share.change_minor,
        rounding_minor=tender.share.rounding_minor,
        at=at,
        last4=tender.last4,
        reference=tender.reference,
        house_account=None if tender.house is None else tender.house.name,
        house_account_id=tender.house_account_id,
        kind=tender.terms.kind,
        stored_value_id=None if tender.value is None else tender.value.id,
        value_last4=None if tender.value is None else tender.value.shown,
        foreign_currency="" if tender.foreign is None else tender.foreign.currency,
        foreign_minor=None if tender.foreign is None else tender.foreign.minor,
        foreign_rate=tender.foreign_rate,
    )
