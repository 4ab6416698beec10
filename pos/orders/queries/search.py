"""Finding orders again: by the number on the paper, by amount, by customer, by the last digits of a card.

Numbers are looked up in their indexes, however long ago it was. Everything else is looked for in a period, whose
orders the index by business date gives: the last 92 days unless one is named, 400 days at most.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from fynlo.core.errors import FieldProblem, InvalidInput
from payments.tenders.models import Payment
from pos.orders.models import Order, Refund
from pos.orders.queries.orders import with_places
from pos.registers.models import Register

USUAL_DAYS: Final = 92
"""How far back is looked when nobody says how far."""
MOST_DAYS: Final = 400
_MOST_DIGITS: Final = 6
_NUMBER: Final = re.compile(
    r"(?:(?P<code>[A-Za-z0-9_-]{1,20})-)?(?P<receipt>[Rr])?(?P<number>[0-9]{1,18})", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSearch:
    """What is known of the order. `amount_minor` is its total, or total and tip; dates are both included.

    `text` is a number, if it looks like one, or part of a customer or of a ticket's name.
    """

    number: str = ""
    text: str = ""
    amount_minor: int | None = None
    customer: str = ""
    card_last4: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    fulfilment: str | None = None
    payment: str | None = None
    location_id: UUID | None = None
    register_id: UUID | None = None

    @property
    def by_number(self) -> str:
        """The number that is looked for, if one is. Many digits alone are somebody's telephone."""
        if self.number or not _NUMBER.fullmatch(self.text):
            return self.number
        return "" if self.text.isdigit() and len(self.text) > _MOST_DIGITS else self.text

    @property
    def needs_period(self) -> bool:
        """Whether something is asked for that only a period narrows down."""
        if self.by_number:
            return False
        return bool(self.text or self.customer or self.card_last4 or self.amount_minor is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was found, and in which period it was looked for; None where there was none."""

    orders: QuerySet[Order, Order]
    first: dt.date | None
    last: dt.date | None


def search_orders(*, wanted: OrderSearch, today: dt.date) -> Searched:
    """Orders for lists that are what is `wanted`. One statement more for an order's number, three for a receipt's.

    Raises `InvalidInput` for a number that is none and for a period that is too long or ends before it begins.
    """
    first, last = _period(wanted, today)
    found = with_places()
    if first is not None:
        found = found.filter(business_date__gte=first)
    if last is not None:
        found = found.filter(business_date__lte=last)
    for name, value in (
        ("fulfilment_state", wanted.fulfilment),
        ("payment_state", wanted.payment),
        ("location_id", wanted.location_id),
        ("register_id", wanted.register_id),
    ):
        if value is not None:
            found = found.filter(**{name: value})
    if wanted.by_number:
        found = found.filter(_numbered(wanted.by_number))
    return Searched(orders=found.filter(_described(wanted)), first=first, last=last)


def _period(wanted: OrderSearch, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    first, last = wanted.first, wanted.last
    if wanted.needs_period:
        last = last or today + dt.timedelta(days=1)  # somewhere it is tomorrow already
        first = first or last - dt.timedelta(days=USUAL_DAYS)
    if first is not None and last is not None:
        if last < first:
            raise _refused("to", "out_of_range", "The period ends before it begins.")
        if wanted.needs_period and (last - first).days > MOST_DAYS:
            raise _refused("from", "period_too_long", f"A period has {MOST_DAYS} days at most.")
    return first, last


def _numbered(text: str) -> Q:
    """An order's number, a receipt's or a refund's: `K1-17`, `17`, `K1-R12`, `R12`."""
    read = _NUMBER.fullmatch(text)
    if read is None:
        raise _refused("number", "number", "A number looks like K1-17, K1-R12, 17 or R12.")
    registers = Register.objects.order_by("code")
    if read["code"]:
        registers = registers.filter(code__iexact=read["code"])
    keys = list(registers.values_list("pk", flat=True))
    number = int(read["number"])
    if not read["receipt"]:
        return Q(register_id__in=keys, number=number)
    receipts = Order.objects.alias(receipt_at=Coalesce("receipt_register_id", "register_id")).filter(
        receipt_at__in=keys, receipt_number=number
    )
    refunds = Refund.objects.filter(register_id__in=keys, number=number, order_id__isnull=False)
    # Looked up before: as parts of one condition neither index would be used.
    found = [*receipts.order_by("pk").values_list("pk", flat=True)]
    found += refunds.order_by("pk").values_list("order_id", flat=True)
    return Q(pk__in=found)


def _described(wanted: OrderSearch) -> Q:
    asked: Any = Q()
    if wanted.text and not wanted.by_number:
        asked &= Q(customer__icontains=wanted.text) | Q(name__icontains=wanted.text)
    if wanted.customer:
        asked &= Q(customer__icontains=wanted.customer)
    if wanted.amount_minor is not None:
        amount = wanted.amount_minor
        asked &= Q(total_minor=amount) | Q(paid_minor=amount)
    if wanted.card_last4:
        asked &= Q(Exists(Payment.objects.filter(order_id=OuterRef("pk"), card_last4=wanted.card_last4)))
    return asked  # type: ignore[no-any-return]  # a Q


def _refused(parameter: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[FieldProblem(parameter, code, detail)])
