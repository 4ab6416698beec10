"""How far an order is: a ticket is placed, prepared, made ready, served, completed."""

import datetime as dt
from functools import partial
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.events.log import unit_of_work
from pos.events import OrderChanged, OrderCompleted, OrderPlaced
from pos.orders import states
from pos.orders.documents import WholeOrder
from pos.orders.flags import no_open_session
from pos.orders.queries import whole_order
from pos.orders.services.opened import OpenOrder, lock_order, note_change, register_of, save_order, tell
from pos.orders.services.repricing import price_open, write_prices
from pos.orders.services.ticket_books import book_difference, take_goods_of
from pos.orders.states import walk
from pos.registers.numbers import Numbers, take_numbers

STEPS = ("prepare", "ready", "serve", "complete")
"""What a kitchen or a waiter says of an order; placing, paying and cancelling have ways of their own."""


def place_ticket(*, order_id: UUID, actor: Actor, at: dt.datetime) -> WholeOrder:
    """Place a ticket: what is on it is owed from now on, and its goods leave the shelf.

    A ticket that was placed before is answered as it is. Raises `NotFound`, `OtherLocation`, `IllegalTransition`
    for one that was cancelled, `OutOfStock`.
    """
    return run_transaction(partial(_place, order_id, actor, at))


def step_order(*, order_id: UUID, event: str, actor: Actor, at: dt.datetime) -> WholeOrder:
    """Take one step of `STEPS`. Raises `NotFound`, `OtherLocation` and `IllegalTransition`."""
    return run_transaction(partial(_step, order_id, event, actor, at))


def place_locked(opened: OpenOrder, numbers: Numbers, *, is_fact: bool = False) -> None:
    """Place a ticket whose register and row are locked: states, books and shelf; `save_order` writes the row.

    Of what happened already (`is_fact`) goods that were not there are flagged. Raises `OutOfStock`.
    """
    order = opened.order
    before = order.fulfilment_state
    walk(order, "place")
    order.placed_at, order.business_date = opened.at, opened.business_date
    order.session_id = numbers.session_id
    basket = price_open(opened, draft=opened.basket)
    write_prices(
        opened, basket=basket
    )  # a release in between may price otherwise; the books are to say the same
    line_ids = {line.id for line in basket.draft.lines}
    flags = take_goods_of(opened, basket=basket, line_ids=line_ids, is_fact=is_fact)
    order.flags = [*order.flags, *flags, *no_open_session(session_id=numbers.session_id)]
    book_difference(opened, basket=basket)
    note_change(opened, kind="place", before={"state": before}, after={"state": order.fulfilment_state})


def _place(order_id: UUID, actor: Actor, at: dt.datetime) -> WholeOrder:
    with unit_of_work():
        numbers = take_numbers(register_id=register_of(order_id, actor))
        opened = lock_order(order_id=order_id, actor=actor, at=at)
        if opened.order.fulfilment_state == states.PLACED:
            return whole_order(order_id=order_id)
        place_locked(opened, numbers)
        whole = save_order(opened)
        tell(OrderPlaced, whole, at=at)
    return whole


def _step(order_id: UUID, event: str, actor: Actor, at: dt.datetime) -> WholeOrder:
    with unit_of_work():
        opened = lock_order(order_id=order_id, actor=actor, at=at)
        before = opened.order.fulfilment_state
        walk(opened.order, event)
        after = opened.order.fulfilment_state
        note_change(opened, kind=event, before={"state": before}, after={"state": after})
        whole = save_order(opened)
        tell(OrderCompleted if after == states.COMPLETED else OrderChanged, whole, at=at)
    return whole
