"""Copies of receipts: counted by the journal of the register that gave the receipt its number."""

import datetime as dt
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date, rfc3339
from fynlo.events.log import append, unit_of_work
from pos.events import ReceiptReprinted
from pos.orders.documents import WholeOrder
from pos.orders.queries import whole_order
from pos.receipts.errors import NoSuchCopy, NotPaidYet
from pos.registers.journal.bodies import Moment, reprint_entry
from pos.registers.journal.queries import reprint_count
from pos.registers.journal.services import append_entries
from pos.registers.models import Register


def reprint(*, order_id: UUID, kind: str, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Count one more copy of an order's receipt; returns which it is. Raises `NotFound`, `NotPaidYet`.

    Copies of one receipt are numbered 1, 2, 3 …, whatever kind of paper they are. What a till prints when it sells
    is no copy, and looking is none either.
    """
    whole = whole_order(order_id=order_id)
    register_id, number = _receipt(whole)
    location = whole.order.location
    day = business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off)
    with unit_of_work():
        Register.objects.select_for_update(no_key=True).get(pk=register_id)
        copy = reprint_count(register_id=register_id, number=number) + 1
        moment = Moment(at=at, business_date=day, employee=actor.name if actor.employee_id else "")
        draft = reprint_entry(moment=moment, number=number, copy=copy, document=kind)
        append_entries(register_id=register_id, drafts=[draft], recorded_at=at)
        told = {
            "order_id": str(order_id),
            "number": number,
            "kind": kind,
            "copy": copy,
            "at": rfc3339(at),
            "receipt": f"/api/v1/orders/{order_id}/receipt?kind={kind}&copy={copy}",
        }
        append(ReceiptReprinted(entity_id=order_id, at=at, state=told))
    return told


def check_copy(*, order_id: UUID, copy: int) -> None:
    """Refuse a copy that nobody asked for. Raises `NoSuchCopy`, `NotPaidYet`, `NotFound`."""
    register_id, number = _receipt(whole_order(order_id=order_id))
    if copy > reprint_count(register_id=register_id, number=number):
        raise NoSuchCopy("Ask for a reprint first (POST …/receipt/reprints).")


def _receipt(whole: WholeOrder) -> tuple[UUID, str]:
    number = whole.receipt_reference
    if number is None:
        raise NotPaidYet("There is one when the order is paid in full.")
    return whole.order.receipt_register_id or whole.order.register_id, number
