"""What house accounts were charged and paid: payments on account, payments of what is owed, and refunds to it.

Read here and not in `payments.credit`, because payments and refunds stand above it.
"""

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from fynlo.core.tenancy import current_tenant
from payments.credit.models import HouseAccount
from payments.credit.statements import CHARGE, PAYMENT, REFUND, Entry, Statement, running
from payments.tenders.models import Payment, Refund


def statement_of(*, account: HouseAccount, first: dt.date, last: dt.date) -> Statement:
    """The account from `first` to `last`, both in it, by business date; four statements."""
    payments = Payment.objects.filter(house_account=account)
    refunds = Refund.objects.filter(house_account=account)
    entries = [
        *(
            _payment(row)
            for row in payments.filter(business_date__range=(first, last)).select_related("tender_type")
        ),
        *(
            _refund(row)
            for row in refunds.filter(business_date__range=(first, last)).select_related("tender_type")
        ),
    ]
    opening = _charged(payments.filter(business_date__lt=first)) - _given(
        refunds.filter(business_date__lt=first)
    )
    return Statement(
        code=account.code,
        name=account.name,
        contact=account.contact,
        currency=current_tenant().currency,
        first=first,
        last=last,
        opening_minor=opening,
        lines=tuple(running(opening_minor=opening, entries=entries)),
    )


def _payment(row: Payment) -> Entry:
    charged = row.order_id is not None
    return Entry(
        id=row.id,
        kind=CHARGE if charged else PAYMENT,
        at=row.at,
        business_date=row.business_date,
        amount_minor=row.amount_minor if charged else -row.amount_minor,
        order_id=row.order_id,
        tender=row.tender_type.name,
        reference=row.reference,
    )


def _refund(row: Refund) -> Entry:
    return Entry(
        id=row.id,
        kind=REFUND,
        at=row.at,
        business_date=row.business_date,
        amount_minor=row.rounding_minor - row.amount_minor,
        tender=row.tender_type.name,
        reference=row.reference,
    )


def _charged(rows: QuerySet[Payment, Payment]) -> int:
    """What was bought on account, less what was paid of it."""
    sums: dict[str, Any] = rows.aggregate(
        bought=Sum("amount_minor", filter=Q(order_id__isnull=False)),
        paid=Sum("amount_minor", filter=Q(order_id__isnull=True)),
    )
    return int(sums["bought"] or 0) - int(sums["paid"] or 0)


def _given(rows: QuerySet[Refund, Refund]) -> int:
    found = rows.aggregate(given=Sum(F("amount_minor") - F("rounding_minor")))["given"]
    return int(found or 0)
