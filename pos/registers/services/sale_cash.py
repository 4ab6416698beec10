"""What sales and refunds move in a drawer, written by their own services in their own unit of work."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from fynlo.core.errors import NotFound
from fynlo.core.inserts import insert_rows
from pos.registers.cash_rows import CashTaken, foreign_columns, sale_cash_rows
from pos.registers.foreign import Notes
from pos.registers.models import CashMovement

_NEXT_ORDER = """
UPDATE pos_register SET last_order_number = last_order_number + 1 WHERE id = %s RETURNING last_order_number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashGiven:
    """A refund in cash, as the drawer sees it. `payment_id` is the key of the refund's own row of money.

    `foreign`: notes of another currency that were handed out, instead of the merchant's own money.
    """

    payment_id: UUID
    amount_minor: int
    foreign: Notes | None = None


def take_order_number(*, register_id: UUID) -> int:
    """The register's next order number, dense: a rollback gives it back. Locks the register until COMMIT."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_ORDER, [register_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such register.")
    return int(row[0])


def record_sale_cash(
    *,
    cash: Sequence[CashTaken],
    order_id: UUID,
    register_id: UUID,
    session_id: UUID | None,
    currency: str,
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
    drawer_id: UUID | None = None,
) -> None:
    """Append what cash payments put into the drawer and took out as change, in one statement.

    Runs in the caller's unit of work, which holds the register's row. `drawer_id` where it is not the register's.
    """
    rows = sale_cash_rows(
        cash=cash,
        order_id=order_id,
        register_id=register_id,
        session_id=session_id,
        drawer_id=drawer_id,
        currency=currency,
        employee_id=employee_id,
        at=at,
        business_date=business_date,
    )
    insert_rows(rows)


def record_refund_cash(
    *,
    cash: Sequence[CashGiven],
    refund_id: UUID,
    order_id: UUID | None,
    register_id: UUID,
    session_id: UUID | None,
    currency: str,
    employee_id: UUID | None,
    at: dt.datetime,
    business_date: dt.date,
    drawer_id: UUID | None = None,
) -> None:
    """Append what refunds took out of the drawer (amounts above zero), in one statement.

    Runs in the caller's unit of work, which holds the register's row. The books are the caller's.
    """
    rows = [
        CashMovement(
            register_id=register_id,
            session_id=session_id,
            drawer_id=drawer_id,
            kind=CashMovement.REFUND,
            amount_minor=0 if given.foreign else -given.amount_minor,
            currency=currency,
            **foreign_columns(None if given.foreign is None else -given.foreign),
            order_id=order_id,
            payment_id=given.payment_id,
            refund_id=refund_id,
            employee_id=employee_id,
            at=at,
            business_date=business_date,
        )
        for given in cash
        if given.amount_minor or given.foreign
    ]
    insert_rows(rows)
