"""What the books say stand-alone card machines took."""

import datetime as dt
from uuid import UUID

from django.db.models import Q, Sum

from payments.ledger.models import Transfer


def booked_on(*, register_id: UUID, business_date: dt.date, tender_type: str) -> int:
    """What came in by a way to pay at a register on a business day, less what went back, in minor units."""
    key = f"tender:{tender_type}"
    sums = Transfer.objects.filter(business_date=business_date, register_id=register_id).aggregate(
        taken=Sum("amount_minor", filter=Q(debit_key=key)),
        given=Sum("amount_minor", filter=Q(credit_key=key)),
    )
    return int(sums["taken"] or 0) - int(sums["given"] or 0)
