"""A sale that becomes known after its drawer was closed: it belongs to that session, beside its Z."""

from pos.orders.documents import WholeOrder
from pos.orders.services.drawer_cash import cash_taken, foreign_notes, own_cash
from pos.orders.services.plan import SalePlan
from pos.registers.numbers import Numbers
from pos.registers.services.late import ClosedSession, LateEntry, closed_session_at, record_late


def closed_session_of(plan: SalePlan, numbers: Numbers) -> ClosedSession | None:
    """The closed session in which it was sold; None for a sale of the session that is open, or of none.

    Asked under the register's lock, so no drawer closes meanwhile, and only of what was sold before the session
    that is open now began: no statement for all others.
    """
    if plan.draft.placed_at is None:
        return None
    if numbers.session_opened_at is not None and numbers.session_opened_at <= plan.placed_at:
        return None
    return closed_session_at(register_id=plan.place.id, at=plan.placed_at, drawer_id=numbers.drawer_id)


def record_late_sale(plan: SalePlan, whole: WholeOrder, late: ClosedSession) -> None:
    """Write the sale's late entry, after its own rows."""
    order = whole.order
    taken = cash_taken(plan.tenders)
    record_late(
        register_id=order.register_id,
        session_id=late.session_id,
        entry=LateEntry(
            kind="sale",
            told=whole.receipt_reference or whole.reference,
            subject_id=order.id,
            total_minor=order.total_minor,
            cash_minor=own_cash(taken),
            foreign=foreign_notes(taken),
            at=order.placed_at,
            employee_id=order.employee_id,
            employee_name=order.employee_name,
        ),
        currency=order.currency,
        recorded_at=plan.heard_at,
    )
