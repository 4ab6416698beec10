"""Reading orders, each whole: a fixed number of statements however many there are."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.errors import NotFound
from payments.tenders.queries import PaymentTaken, payments_of
from pos.orders.documents import WholeOrder, reference
from pos.orders.explanations import short_explanation, told_explanation
from pos.orders.models import Order, OrderLine, OrderTax
from pos.orders.rows import tax_order

Row = TypeVar("Row", OrderLine, OrderTax)


def orders(
    *, business_date: dt.date | None = None, register_id: UUID | None = None
) -> QuerySet[Order, Order]:
    """Orders for lists, of a day or of a register if said."""
    found = with_places()
    if business_date is not None:
        found = found.filter(business_date=business_date)
    if register_id is not None:
        found = found.filter(register_id=register_id)
    return found


def whole_order(*, order_id: UUID) -> WholeOrder:
    """One order with its lines, taxes and payments, in four statements. Raises `NotFound`."""
    order = with_places().filter(pk=order_id).first()
    if order is None:
        raise NotFound("There is no such order.")
    return whole_orders(orders=[order])[0]


def whole_orders(*, orders: Sequence[Any]) -> list[WholeOrder]:
    """These orders (of `orders`) with all that belongs to them, in three statements, in the same order."""
    keys = [order.pk for order in orders]
    lines = _by_order(OrderLine.objects.filter(order_id__in=keys).order_by("order_id", "position"))
    taxes = _by_order(OrderTax.objects.filter(order_id__in=keys).order_by("order_id"))
    payments: dict[UUID, list[PaymentTaken]] = payments_of(order_ids=keys)
    return [
        WholeOrder(
            order=order,
            register_code=order.register.code,
            location_code=order.location.code,
            lines=lines.get(order.pk, []),
            taxes=sorted(taxes.get(order.pk, []), key=tax_order),
            payments=payments.get(order.pk, []),
            receipt_register_code=order.receipt_register.code if order.receipt_register_id else None,
        )
        for order in orders
    ]


def order_explanation(*, order_id: UUID) -> dict[str, Any]:
    """Where each cent of an order comes from, as it was recorded. Raises `NotFound`.

    One statement; four more for an order from before it was recorded, whose rows tell it shorter.
    """
    fields = ("explanation", "register__code", "number")
    found = Order.objects.filter(pk=order_id).values_list(*fields).first()
    if found is None:
        raise NotFound("There is no such order.")
    explanation, code, number = found
    if explanation is None:
        explanation = short_explanation(whole_order(order_id=order_id))
    named = {"order_id": str(order_id), "reference": reference(register_code=code, number=number)}
    return {**named, **told_explanation(explanation)}


def draft_digest(*, order_id: UUID) -> str | None:
    """The digest of what the till said when it placed this order; None when there is no such order."""
    found: str | None = Order.objects.filter(pk=order_id).values_list("draft_digest", flat=True).first()
    return found


def with_places() -> QuerySet[Order, Order]:
    """Orders with the codes of their register and location, without what is as large as themselves."""
    # An explanation is as large as the order itself, and only `order_explanation` asks for it.
    return (
        Order.objects.select_related("register", "location", "receipt_register")
        .defer("explanation", "draft")
        .order_by("id")
    )


def _by_order(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found
