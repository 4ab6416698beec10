"""An order that is still open, in the hands of the one who changes it: locked, with its rows and its basket.

Whoever changes an order after it was made comes through here: `lock_order` locks its row, `note_change` keeps what
was changed under the next revision, `save_order` writes the row and the history, `tell` says it to the feed. The
register, where it is needed, is locked before (`docs/algorithms/locking.md`).
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.clock import business_date
from fynlo.core.errors import NotFound
from fynlo.core.ids import new_id
from fynlo.core.inserts import insert_rows
from fynlo.events.facts import DomainEvent
from fynlo.events.log import append
from pos.orders.documents import WholeOrder, order_document
from pos.orders.drafts import BasketDraft
from pos.orders.errors import OnlyPractice, OrderSettled, OtherLocation
from pos.orders.models import Order, OrderChange, OrderLine, OrderTax
from pos.orders.queries import whole_order
from pos.orders.states import DRAFT
from pos.orders.stored_drafts import restored_draft
from pos.registers.models import Register
from staff.access.services.approvals import Approver


@dataclass(slots=True, kw_only=True)
class OpenOrder:
    """An order under its lock. `changes` are those made since; `lines` are by key, in their places.

    `at` is when what is done to it happened, `recorded_at` when the server heard of it, where that was later.
    """

    order: Order
    actor: Actor
    at: dt.datetime
    lines: dict[UUID, OrderLine]
    taxes: list[OrderTax]
    changes: list[OrderChange] = field(default_factory=list)
    recorded_at: dt.datetime | None = None

    @property
    def heard_at(self) -> dt.datetime:
        """When the server heard of what happens now."""
        return self.at if self.recorded_at is None else self.recorded_at

    @property
    def business_date(self) -> dt.date:
        """The trading day of what happens now, where the order is."""
        place = self.order.location
        return business_date(at=self.at, time_zone=place.time_zone, cut_off=place.cut_off)

    @property
    def is_placed(self) -> bool:
        """Whether it is in the books and its goods have left the shelf."""
        return self.order.fulfilment_state != DRAFT

    @property
    def basket(self) -> BasketDraft:
        """What is ordered now, as it was said. Raises `OrderSettled` where that was not kept."""
        if self.order.draft is None:
            raise OrderSettled("What was ordered is settled; what is wrong with it is refunded.")
        return restored_draft(self.order.draft)


def register_of(order_id: UUID, actor: Actor) -> UUID:
    """The register where something is done to an order: the actor's; without one, the order's own.

    Raises `NotFound`.
    """
    if actor.register_id is not None:
        return actor.register_id
    found: UUID | None = Order.objects.filter(pk=order_id).values_list("register_id", flat=True).first()
    if found is None:
        raise NotFound("There is no such order.")
    return found


def refuse_practice(actor: Actor) -> None:
    """Raise `OnlyPractice` for a register where everything is practice: open orders are real. One statement."""
    if actor.register_id is None:
        return
    if Register.objects.filter(pk=actor.register_id, is_training=True).exists():
        raise OnlyPractice("Do this at another register, or end the practice first.")


def lock_order(*, order_id: UUID, actor: Actor, at: dt.datetime) -> OpenOrder:
    """The order, locked until COMMIT, with its lines and taxes; four statements.

    Raises `NotFound`, `OtherLocation` for a till that stands elsewhere, and `OnlyPractice`.
    """
    refuse_practice(actor)
    order = (
        Order.objects.select_related("register", "location", "receipt_register")
        .select_for_update(of=("self",))
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise NotFound("There is no such order.")
    if actor.location_id is not None and actor.location_id != order.location_id:
        raise OtherLocation("Change this order at a device of its location.")
    lines = OrderLine.objects.filter(order_id=order_id).order_by("position")
    taxes = OrderTax.objects.filter(order_id=order_id).order_by("id")
    return OpenOrder(
        order=order, actor=actor, at=at, lines={line.id: line for line in lines}, taxes=list(taxes)
    )


def note_change(
    opened: OpenOrder,
    *,
    kind: str,
    change_id: UUID | None = None,
    line_id: UUID | None = None,
    before: Any = None,
    after: Any = None,
    reason: str = "",
    approver: Approver | None = None,
) -> None:
    """Keep one change under the next revision of the order; it is written by `finish`."""
    order, actor = opened.order, opened.actor
    order.revision += 1
    opened.changes.append(
        OrderChange(
            id=change_id or new_id(),
            order_id=order.id,
            revision=order.revision,
            kind=kind,
            line_id=line_id,
            before=before,
            after=after,
            reason=reason,
            device_id=actor.device_id,
            employee_id=actor.employee_id,
            employee_name=actor.name if actor.employee_id else "",
            approver_id=None if approver is None else approver.id,
            approver_name="" if approver is None else approver.name,
            at=opened.at,
            business_date=opened.business_date,
        )
    )


def save_order(opened: OpenOrder) -> WholeOrder:
    """Write the order's row and its history, and read the order whole."""
    order, actor = opened.order, opened.actor
    order.edited_at = opened.heard_at
    order.edited_by_id = actor.employee_id
    order.edited_by_name = actor.name if actor.employee_id else ""
    order.edited_on_id = actor.device_id
    order.save(force_update=True)
    insert_rows(opened.changes)
    opened.changes = []
    return whole_order(order_id=order.id)


def tell(event: type[DomainEvent], whole: WholeOrder, *, at: dt.datetime) -> None:
    """Say to the feed what the order is now."""
    append(event(entity_id=whole.id, at=at, state=order_document(whole)))  # type: ignore[call-arg]
