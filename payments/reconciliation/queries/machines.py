"""What the books say stand-alone card machines took."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q, Sum

from payments.ledger.models import Transfer
from payments.reconciliation.models import MachineTotal

Place = tuple[UUID | None, dt.date, str]
"""A register, a business day and a way to pay."""
_TENDER: Final = "tender:"


def booked_on(*, register_id: UUID, business_date: dt.date, tender_type: str) -> int:
    """What came in by a way to pay at a register on a business day, less what went back, in minor units."""
    key = f"tender:{tender_type}"
    sums = Transfer.objects.filter(business_date=business_date, register_id=register_id).aggregate(
        taken=Sum("amount_minor", filter=Q(debit_key=key)),
        given=Sum("amount_minor", filter=Q(credit_key=key)),
    )
    return int(sums["taken"] or 0) - int(sums["given"] or 0)


def booked_beside(totals: Iterable[MachineTotal]) -> Counter[Place]:
    """What the books say beside each of these totals; two statements, however many there are."""
    places = {place_of(row) for row in totals}
    keys = {f"{_TENDER}{tender_type}" for _, _, tender_type in places}
    booked: Counter[Place] = Counter()
    if not places:
        return booked
    moved = Transfer.objects.filter(
        business_date__in={day for _, day, _ in places},
        register_id__in={register for register, _, _ in places},
    )
    for side, sign in (("debit_key", 1), ("credit_key", -1)):
        sums = (
            moved.filter(**{f"{side}__in": keys})
            .order_by()
            .values_list("register_id", "business_date", side)
            .annotate(minor=Sum("amount_minor"))
        )
        for register_id, day, key, minor in sums:
            booked[(register_id, day, key.removeprefix(_TENDER))] += sign * int(minor)
    return booked


def place_of(row: MachineTotal) -> Place:
    """Where and when a total is of."""
    return row.register_id, row.business_date, row.tender_type
