"""Money for an open order that becomes known later: when it was taken, and in which drawer it was."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from payments.tenders.services import TenderTaken
from pos.orders import states
from pos.orders.documents import WholeOrder
from pos.orders.flags import odd_moments
from pos.orders.services.drawer_cash import cash_taken, foreign_notes, own_cash
from pos.orders.services.late_refunds import closed_session_of
from pos.orders.services.opened import OpenOrder
from pos.registers.numbers import Numbers
from pos.registers.services.late import ClosedSession, LateEntry, record_late


def date_back(
    opened: OpenOrder, *, stated: dt.datetime | None, register_id: UUID, numbers: Numbers
) -> tuple[Numbers, ClosedSession | None]:
    """Let what follows happen when the till says that it did; the numbers with the session that was open then.

    Nobody pays before an order was opened: that is the earliest it can have been. What is odd is flagged.
    """
    if stated is None:
        return numbers, None
    order, now = opened.order, opened.at
    began_at = order.opened_at or order.placed_at
    opened.at, opened.recorded_at = max(stated, began_at), now
    order.flags = [*order.flags, *odd_moments(stated=stated, began_at=began_at, at=now)]
    late = closed_session_of(stated=stated, happened=opened.at, register_id=register_id, numbers=numbers)
    return (numbers if late is None else replace(numbers, session_id=late.session_id)), late


def record_late_payment(
    opened: OpenOrder,
    whole: WholeOrder,
    *,
    tenders: Sequence[TenderTaken],
    late: ClosedSession,
    register_id: UUID,
) -> None:
    """Write the late entry of the Z, after the rows: of a sale where it got its receipt, else of a movement."""
    order = whole.order
    is_sale = order.payment_state == states.PAID
    taken = cash_taken(tenders)
    cash_minor, notes = own_cash(taken), foreign_notes(taken)
    if not is_sale and not cash_minor and not notes:
        return  # a part by card: nothing of it was in the drawer, and the sale is still to come
    record_late(
        register_id=register_id,
        session_id=late.session_id,
        entry=LateEntry(
            kind="sale" if is_sale else "movement",
            told=(whole.receipt_reference or "") if is_sale else whole.reference,
            subject_id=order.id if is_sale else tenders[0].id,
            total_minor=order.total_minor if is_sale else 0,
            cash_minor=cash_minor,
            foreign=notes,
            at=opened.at,
            employee_id=opened.actor.employee_id,
            employee_name=opened.actor.name if opened.actor.employee_id else "",
        ),
        currency=order.currency,
        recorded_at=opened.heard_at,
    )
