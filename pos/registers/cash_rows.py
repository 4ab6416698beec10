"""The rows of what cash payments put into a drawer and took out again as change. Not saved here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pos.registers.models import CashMovement


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTaken:
    """A cash payment, as the drawer sees it: what went in, and what came out again."""

    payment_id: UUID
    tendered_minor: int
    change_minor: int


def sale_cash_rows(
    *,
    cash: Iterable[CashTaken],
    order_id: UUID,
    register_id: UUID,
    drawer_id: UUID | None,
    session_id: UUID | None,
    currency: str,
    employee_id: UUID | None,
    employee_name: str = "",
    at: dt.datetime,
    business_date: dt.date,
) -> list[CashMovement]:
    """One row for what was handed over and one for the change; none for nothing."""
    moves = (
        (taken.payment_id, kind, amount)
        for taken in cash
        for kind, amount in (
            (CashMovement.SALE, taken.tendered_minor),
            (CashMovement.CHANGE, -taken.change_minor),
        )
        if amount
    )
    return [
        CashMovement(
            register_id=register_id,
            session_id=session_id,
            drawer_id=drawer_id,
            kind=kind,
            amount_minor=amount,
            currency=currency,
            order_id=order_id,
            payment_id=payment_id,
            employee_id=employee_id,
            employee_name=employee_name,
            at=at,
            business_date=business_date,
        )
        for payment_id, kind, amount in moves
    ]
