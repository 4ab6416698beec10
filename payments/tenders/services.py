"""Taking payments: what was handed over is recorded as it was, once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fynlo.core.inserts import insert_rows
from payments.tenders.models import Payment
from payments.tenders.queries import PaymentTaken, TenderTerms
from payments.tenders.settlement import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderTaken:
    """A tender and its share of the total. `id` is made by the till and becomes the payment's key."""

    id: UUID
    terms: TenderTerms
    share: Share


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
    rows = [
        Payment(
            id=tender.id,
            order_id=order_id,
            tender_type_id=tender.terms.id,
            amount_minor=tender.share.amount_minor,
            tendered_minor=tender.share.tendered_minor,
            change_minor=tender.share.change_minor,
            rounding_minor=tender.share.rounding_minor,
            currency=currency,
            register_id=register_id,
            employee_id=employee_id,
            at=at,
            business_date=business_date,
        )
        for tender in tenders
    ]
    insert_rows(rows)
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
    )
