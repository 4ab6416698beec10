"""The rows of what cash payments put into a drawer and took out again as change. Not saved here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fynlo.core.money import Money
from pos.registers.foreign import Notes
from pos.registers.models import CashMovement


@dataclass(frozen=True, slots=True, kw_only=True)
class CashTaken:
    """A cash payment, as the drawer sees it: what went in, and what came out again.

    What went in is the merchant's own money or `foreign` notes; change is always own money.
    """

    payment_id: UUID
    tendered_minor: int
    change_minor: int
    foreign: Notes | None = None


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
        (taken.payment_id, kind, amount, notes)
        for taken in cash
        for kind, amount, notes in (
            (CashMovement.SALE, 0 if taken.foreign else taken.tendered_minor, taken.foreign),
            (CashMovement.CHANGE, -taken.change_minor, None),
        )
        if amount or notes
    )
    return [
        CashMovement(
            register_id=register_id,
            session_id=session_id,
            drawer_id=drawer_id,
            kind=kind,
            amount_minor=amount,
            currency=currency,
            **foreign_columns(notes),
            order_id=order_id,
            payment_id=payment_id,
            employee_id=employee_id,
            employee_name=employee_name,
            at=at,
            business_date=business_date,
        )
        for payment_id, kind, amount, notes in moves
    ]


def moved_notes(movements: Iterable[CashMovement]) -> tuple[Notes, ...]:
    """The notes of other currencies among what moved."""
    return tuple(
        Notes(
            money=Money(row.foreign_minor or 0, row.foreign_currency),
            worth_minor=row.worth_minor or 0,
            rate=row.foreign_rate,
        )
        for row in movements
        if row.foreign_currency
    )


def foreign_columns(notes: Notes | None) -> dict[str, Any]:
    """The columns of a movement that say which notes of another currency it moved."""
    if notes is None:
        return {}
    return {
        "foreign_currency": notes.money.currency,
        "foreign_minor": notes.money.minor,
        "worth_minor": notes.worth_minor,
        "foreign_rate": notes.rate,
    }
