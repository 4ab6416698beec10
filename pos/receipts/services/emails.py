"""Receipts by e-mail: asked for in the feed, which is the outbox; what became of a letter is told there as well."""

import datetime as dt
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import rfc3339
from fynlo.core.sealing import seal
from fynlo.events.log import append, unit_of_work
from fynlo.events.models import Event
from pos.events import ReceiptEmailed, ReceiptEmailFailed, ReceiptEmailRequested
from pos.orders.queries import whole_order
from pos.receipts.errors import NotPaidYet

_LONGEST_REASON = 300


def request_email(
    *, order_id: UUID, letter_id: UUID, to: str, origin: str, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Have an order's receipt sent; returns what is told about it. Raises `NotFound`, `NotPaidYet`.

    The feed is kept for ever and many read it, so the address is in it only sealed, and as much of it in the clear
    as one needs to know it again. `origin` is the host the letter's link leads to.
    """
    if whole_order(order_id=order_id).receipt_reference is None:
        raise NotPaidYet("There is one when the order is paid in full.")
    told = {
        "id": str(letter_id),
        "order_id": str(order_id),
        "to": masked(to),
        "requested_at": rfc3339(at),
    }
    with unit_of_work():
        state = told | {"sealed_to": seal(to.encode()), "origin": origin, "requested_by": actor.name}
        append(ReceiptEmailRequested(entity_id=letter_id, at=at, state=state))
    return told


def was_emailed(*, letter_id: UUID, after: int) -> bool:
    """Whether the letter that was asked for at position `after` of the feed is told to be out, or given up."""
    kinds = (ReceiptEmailed.kind, ReceiptEmailFailed.kind)
    return Event.objects.filter(position__gt=after, kind__in=kinds, entity_id=letter_id).exists()


def tell_emailed(*, letter_id: UUID, order_id: UUID, at: dt.datetime) -> None:
    """Say that a letter was handed to the mail server."""
    with unit_of_work():
        state = {"id": str(letter_id), "order_id": str(order_id), "at": rfc3339(at)}
        append(ReceiptEmailed(entity_id=letter_id, at=at, state=state))


def tell_failed(*, letter_id: UUID, order_id: UUID, reason: str, at: dt.datetime) -> None:
    """Say that a letter was given up, and why."""
    with unit_of_work():
        state = {"id": str(letter_id), "order_id": str(order_id), "at": rfc3339(at)}
        append(
            ReceiptEmailFailed(entity_id=letter_id, at=at, state=state | {"reason": reason[:_LONGEST_REASON]})
        )


def masked(address: str) -> str:
    """As much of an address as one needs to know it again: `m…@example.org`."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"
