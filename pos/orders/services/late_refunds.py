"""A refund that becomes known after its drawer was closed: it belongs to that session, beside its Z."""

import datetime as dt
from uuid import UUID

from pos.orders.refund_documents import WholeRefund
from pos.orders.services.drawer_cash import cash_given
from pos.orders.services.refund_money import MoneyPlan
from pos.registers.numbers import Numbers
from pos.registers.services.late import ClosedSession, LateEntry, closed_session_at, record_late


def closed_session_of(
    *, stated: dt.datetime | None, happened: dt.datetime, register_id: UUID, numbers: Numbers
) -> ClosedSession | None:
    """The closed session in which money moved; None for a question, and for what the open session has.

    Asked under the register's lock, so no drawer closes meanwhile.
    """
    if stated is None:
        return None
    if numbers.session_opened_at is not None and numbers.session_opened_at <= happened:
        return None
    return closed_session_at(register_id=register_id, at=happened, drawer_id=numbers.drawer_id)


def record_late_refund(*, whole: WholeRefund, money: MoneyPlan, late: ClosedSession) -> None:
    """Write the refund's late entry, after its own rows."""
    refund = whole.refund
    given = cash_given(money)
    record_late(
        register_id=refund.register_id,
        session_id=late.session_id,
        entry=LateEntry(
            kind="refund",
            told=whole.reference,
            subject_id=refund.id,
            total_minor=-refund.total_minor,
            cash_minor=-sum(each.amount_minor for each in given),
            foreign=tuple(-each.foreign for each in given if each.foreign is not None),
            at=refund.at,
            employee_id=refund.employee_id,
            employee_name=refund.employee_name,
        ),
        currency=refund.currency,
        recorded_at=refund.recorded_at,
    )
