"""Goods of an order come back: which lines of which order, and where to."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date
from fynlo.core.errors import FieldProblem
from pos.inventory.errors import TimeOutOfRange, UnacceptableStock
from pos.inventory.services.happening import CLOCK_DRIFT, moment_of
from pos.inventory.services.returns import ReturnDraft, ReturnedLine, return_sale
from pos.orders.models import Order, OrderLine
from pos.registers.models import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsBack:
    """So much of an order's line."""

    order_line_id: UUID
    quantity: Decimal
    is_waste: bool = False
    lot_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsReturn:
    """Goods of an order that come back, to where they were sold unless another location is named.

    `at` is when they came back, if it is written down later.
    """

    id: UUID
    order_id: UUID
    lines: tuple[GoodsBack, ...]
    location_id: UUID | None = None
    reason: str = ""
    at: dt.datetime | None = None


def return_goods(*, draft: GoodsReturn, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Take goods of an order back; returns the return's document, the same for the same draft.

    Raises `UnacceptableStock` with a pointer to what cannot be, `TimeOutOfRange` for a time before the sale or in
    the future, and the errors of `return_sale`.
    """
    happened = moment_of(stated=draft.at, at=at)
    order = Order.objects.filter(pk=draft.order_id).only("id", "location_id", "placed_at").first()
    where = draft.location_id or (order.location_id if order else None)
    location = Location.objects.filter(pk=where).first() if where else None
    rows = OrderLine.objects.filter(order_id=draft.order_id).only(
        "id", "unit", "quantity", "withdrawn_quantity"
    )
    lines = {line.id: line for line in rows}
    problems = list(_problems(draft, lines, has_order=order is not None, has_location=location is not None))
    if problems or location is None or order is None:
        raise UnacceptableStock(problems[0].detail, errors=problems)
    if happened < order.placed_at - CLOCK_DRIFT:
        raise TimeOutOfRange("It was not sold by then.", pointer="/at")
    happened = max(happened, order.placed_at)
    return return_sale(
        draft=ReturnDraft(
            id=draft.id,
            order_id=draft.order_id,
            location_id=location.id,
            reason=draft.reason,
            stated_at=draft.at,
            lines=tuple(
                ReturnedLine(
                    order_line_id=back.order_line_id,
                    line_quantity=lines[back.order_line_id].taken_quantity,
                    quantity=back.quantity,
                    is_waste=back.is_waste,
                    lot_id=back.lot_id,
                )
                for back in draft.lines
            ),
        ),
        actor=actor,
        at=happened,
        recorded_at=at,
        business_date=business_date(at=happened, time_zone=location.time_zone, cut_off=location.cut_off),
    )


def _problems(
    draft: GoodsReturn, lines: Mapping[UUID, OrderLine], *, has_order: bool, has_location: bool
) -> Iterator[FieldProblem]:
    if not has_order:
        yield FieldProblem("/order_id", "not_found", "There is no such order.")
        return
    if not has_location:
        yield FieldProblem("/location_id", "not_found", "There is no such location.")
    for index, back in enumerate(draft.lines):
        line = lines.get(back.order_line_id)
        if line is None:
            yield FieldProblem(f"/lines/{index}/order_line_id", "not_found", "The order has no such line.")
        elif line.unit == "each" and back.quantity != int(back.quantity):
            detail = "This is sold by the piece; a whole number is expected."
            yield FieldProblem(f"/lines/{index}/quantity", "fractional_quantity", detail)
