"""Reading refunds: what went back of an order, what may still, and each refund as it was answered."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from fynlo.core.errors import NotFound
from payments.gateways.documents import refund_document as gateway_refund_document
from payments.gateways.queries import refunds_of_parts
from payments.reconciliation.queries.reading import disputed_minor
from payments.tenders.models import Payment
from payments.tenders.models import Refund as MoneyBack
from payments.tenders.refunding import Paid
from pos.inventory.quantities import plain_quantity
from pos.orders.models import Order, Refund, RefundLine
from pos.orders.queries.orders import whole_order
from pos.orders.refund_shares import Back, History, Sold, goods_refund
from pos.orders.refund_values import kept_amounts, sold_of
from pos.orders.whole import WholeOrder


def refunds(*, order_id: UUID | None = None) -> QuerySet[Refund, Refund]:
    """Refunds for lists; those of an order if said."""
    found = Refund.objects.order_by("id")
    return found if order_id is None else found.filter(order_id=order_id)


def refunds_of(*, order_id: UUID) -> list[dict[str, Any]]:
    """The refunds of an order as they were answered, the first one first. Raises `NotFound`."""
    if not Order.objects.filter(pk=order_id).exists():
        raise NotFound("There is no such order.")
    rows = Refund.objects.filter(order_id=order_id).order_by("position").values_list("document", flat=True)
    return [json.loads(text) for text in rows]


def refund_document(*, refund_id: UUID) -> dict[str, Any]:
    """One refund as it was answered. Raises `NotFound`."""
    text = Refund.objects.filter(pk=refund_id).values_list("document", flat=True).first()
    if text is None:
        raise NotFound("There is no such refund.")
    document: dict[str, Any] = json.loads(text)
    return document


def with_providers(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The documents of refunds, each tender with what became of it at the provider that gives it back by now; one
    statement. It is nothing that was answered once for all: it may fail days later.
    """
    tenders = [tender for document in documents for tender in document["tenders"]]
    found = refunds_of_parts(part_ids={UUID(tender["id"]) for tender in tenders})
    told = {str(key): gateway_refund_document(row) for key, row in found.items()}
    return [
        {
            **document,
            "tenders": [{**each, "provider": told.get(each["id"])} for each in document["tenders"]],
        }
        for document in documents
    ]


@dataclass(frozen=True, slots=True)
class Made:
    """A refund with its lines."""

    refund: Refund
    lines: Sequence[RefundLine]


def made_before(*, order_id: UUID) -> list[Made]:
    """The refunds of an order with their lines, in the order in which they were made; two statements."""
    made = list(Refund.objects.filter(order_id=order_id).order_by("position"))
    by_refund: dict[UUID, list[RefundLine]] = {}
    lines = RefundLine.objects.filter(order_line__order_id=order_id, refund__in=[each.pk for each in made])
    for line in lines.order_by("position"):
        by_refund.setdefault(line.refund_id, []).append(line)
    return [Made(refund, by_refund.get(refund.pk, [])) for refund in made]


def history_of(made: Iterable[Made]) -> History:
    """What went back with these refunds of one order, in their order."""
    history = History()
    for each in made:
        goods = [line for line in each.lines if line.quantity]
        money = [line for line in each.lines if not line.quantity]
        charges = each.refund.charges or {}
        history = history.after(
            goods=_back(goods, charges.get("goods")),
            goodwill=_back(money, charges.get("goodwill")) if each.refund.goodwill_minor else None,
        )
    return history


def paid_of(*, order_id: UUID) -> list[Paid]:
    """The payments of an order in the order of time, with what of each went back; two statements."""
    rows = Payment.objects.filter(order_id=order_id).select_related("tender_type").order_by("at", "id")
    back = {
        row["payment_id"]: row
        for row in MoneyBack.objects.filter(payment__order_id=order_id)
        .order_by("payment_id")
        .values("payment_id")
        .annotate(amount=Sum("amount_minor"), rounding=Sum("rounding_minor"))
    }
    return [
        Paid(
            id=row.id,
            tender_type=row.tender_type.code,
            kind=row.tender_type.kind,
            amount_minor=row.amount_minor,
            handed_minor=row.amount_minor - row.rounding_minor,
            house_account_id=row.house_account_id,
            stored_value_id=row.stored_value_id,
            refunded_minor=back[row.id]["amount"] if row.id in back else 0,
            given_minor=back[row.id]["amount"] - back[row.id]["rounding"] if row.id in back else 0,
            foreign_currency=row.tender_type.foreign_currency or row.foreign_currency,
            foreign_rate=row.foreign_rate,
        )
        for row in rows
    ]


def refundable_document(*, order_id: UUID) -> dict[str, Any]:
    """What of an order may still go back: of each line, of each payment, and in money. Raises `NotFound`."""
    whole = whole_order(order_id=order_id)
    made = made_before(order_id=order_id)
    sold, history = sold_of(whole), history_of(made)
    currency = whole.order.currency
    tip = whole.order.tip_minor - sum(each.refund.tip_minor for each in made)
    payments = paid_of(order_id=order_id)
    disputed = disputed_minor(attempt_ids={each.id for each in payments})

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": currency}

    return {
        "order_id": str(order_id),
        "payment_state": whole.order.payment_state,
        "total": money((sold.amounts - history.back.amounts).total_minor),
        "tip": money(tip),
        "service_charge": money((sold.charges - history.back.charges).total_minor),
        "paid": money(whole.order.paid_minor),
        "refunded": money(whole.order.refunded_minor),
        "left": money(whole.order.paid_minor - whole.order.refunded_minor),
        "lines": [_line_left(whole, sold, history, place, money) for place in range(len(sold.lines))],
        "payments": [
            {
                "payment_id": str(paid.id),
                "tender_type": paid.tender_type,
                "paid": money(paid.amount_minor),
                "refunded": money(paid.refunded_minor),
                "disputed": money(disputed.get(paid.id, 0)),
                "left": money(max(paid.left_minor - disputed.get(paid.id, 0), 0)),
            }
            for paid in payments
        ],
    }


def _line_left(whole: WholeOrder, sold: Sold, history: History, place: int, money: Any) -> dict[str, Any]:
    line, row = sold.lines[place], whole.lines_left[place]
    left = line.quantity - history.back.quantity(line.id)
    rest = goods_refund(sold=sold, history=history, quantities={line.id: left}).lines[line.id]
    return {
        "order_line_id": str(line.id),
        "sku": row.sku,
        "name": row.name,
        "unit": row.unit,
        "quantity": plain_quantity(line.quantity),
        "refunded": plain_quantity(history.back.quantity(line.id)),
        "left": plain_quantity(left),
        "refundable": money(rest.total_minor),
    }


def _back(lines: Sequence[RefundLine], charges: dict[str, Any] | None) -> Back:
    back = Back()
    for line in lines:
        key = line.order_line_id
        if key is None:  # nothing that was sold: no order has such a line
            continue
        quantities: dict[UUID, Decimal] = {key: line.quantity} if line.quantity else {}
        back += Back(quantities=quantities, lines={key: kept_amounts(line)})
    return back if charges is None else back + Back(charges=kept_amounts(charges))
