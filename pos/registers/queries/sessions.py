"""Sessions of drawers, their cash, and their whole state as the API and the feed tell it.

**Which session a register's cash goes to** is one condition, wherever it is asked (in `take_numbers` as well):

    session.state <> 'closed'
    AND COALESCE(session.drawer_id, session.register_id) = COALESCE(register.drawer_id, register.id)

The unique index `pos_cashsession_one_open` is made for it and lets one row at most through. Without a drawer, that
of the register's own id is meant: rows of the release before there were drawers, and registers that have not got
one.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from fynlo.core.clock import rfc3339
from pos.registers import states
from pos.registers.foreign import Held, held_of, told_count
from pos.registers.models import CashMovement, CashSession, Register

_OPEN_SESSION = """
SELECT session.id FROM pos_register AS register
JOIN pos_cashsession AS session ON session.state <> 'closed'
    AND COALESCE(session.drawer_id, session.register_id) = COALESCE(register.drawer_id, register.id)
WHERE register.id = %s
"""
_SESSION_AT = """
SELECT session.id FROM pos_cashsession AS session
WHERE COALESCE(session.drawer_id, session.register_id) = %s AND session.opened_at <= %s
ORDER BY session.number DESC LIMIT 1
"""
_MANUAL: Final = ("paid_in", "paid_out", "drop", "pickup", "tip_out", "no_sale", "correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedOfKind:
    """All movements of one kind in a session; those of another currency (`foreign`) apart."""

    kind: str
    count: int
    amount_minor: int
    foreign: str = ""
    foreign_minor: int = 0
    worth_minor: int = 0


def open_session_id(*, register_id: UUID) -> UUID | None:
    """The key of the session that the register's cash goes to; None while its drawer is closed.

    Exact only while the caller holds the register's row: opening and closing lock it first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_SESSION, [register_id])
        row = cursor.fetchone()
    return None if row is None else row[0]


def open_session(*, register_id: UUID) -> CashSession | None:
    """The session that the register's cash goes to, with its register and drawer."""
    register = Register.objects.filter(pk=register_id).first()
    return None if register is None else open_session_of(drawer_id=register.drawer_id or register.pk)


def open_session_of(*, drawer_id: UUID) -> CashSession | None:
    """The session of a drawer that is not closed yet, with its register and drawer."""
    found = sessions().annotate(drawer_key=Coalesce("drawer_id", "register_id"))
    return found.filter(drawer_key=drawer_id).exclude(state=states.CLOSED).first()


def session_covering(*, drawer_id: UUID, at: dt.datetime) -> CashSession | None:
    """The session of a drawer that was open at `at`, closed by now or not; its end does not belong to it."""
    with connection.cursor() as cursor:
        cursor.execute(_SESSION_AT, [drawer_id, at])
        row = cursor.fetchone()
    if row is None:
        return None
    session: CashSession = sessions().get(pk=row[0])
    return session if session.closed_at is None or at < session.closed_at else None


def sessions() -> QuerySet[CashSession]:
    """All sessions with their registers and drawers, for lists."""
    return CashSession.objects.select_related("register", "drawer")


def session_movements(*, session_id: UUID, manual_only: bool = False) -> QuerySet[CashMovement]:
    """The cash movements of a session with their registers, for lists; those somebody made by hand if said."""
    rows = CashMovement.objects.filter(session_id=session_id).select_related("register", "session__drawer")
    return rows.filter(kind__in=_MANUAL) if manual_only else rows


def session_float(*, session_id: UUID) -> int:
    """The opening float of a session in minor units."""
    rows = CashMovement.objects.filter(session_id=session_id, kind=CashMovement.FLOAT)
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


def moved_by_kind(*, session_id: UUID) -> tuple[MovedOfKind, ...]:
    """How often and how much came into (above zero) and went out of the drawer, kind by kind. One statement.

    Other currencies after the merchant's own, each by itself.
    """
    rows = CashMovement.objects.filter(session_id=session_id).order_by("foreign_currency", "kind")
    sums = rows.values_list("kind", "foreign_currency").annotate(
        count=Count("pk"), total=Sum("amount_minor"), notes=Sum("foreign_minor"), worth=Sum("worth_minor")
    )
    return tuple(
        MovedOfKind(
            kind=kind,
            count=count,
            amount_minor=int(total),
            foreign=foreign,
            foreign_minor=int(notes or 0),
            worth_minor=int(worth or 0),
        )
        for kind, foreign, count, total, notes, worth in sums
    )


def held_foreign(moved: Iterable[MovedOfKind]) -> dict[str, Held]:
    """What there should be of other currencies, from what moved."""
    return held_of((each.foreign, each.foreign_minor, each.worth_minor) for each in moved if each.foreign)


def listed_sessions() -> QuerySet[CashSession]:
    """Sessions with `float_minor`, what they were opened with, for lists."""
    floats = CashMovement.objects.filter(session_id=OuterRef("pk"), kind=CashMovement.FLOAT).order_by()
    total = floats.values("session_id").annotate(total=Sum("amount_minor")).values("total")
    return sessions().annotate(
        float_minor=Coalesce(Subquery(total), Value(0), output_field=BigIntegerField())
    )


def session_document(session: CashSession, *, currency: str, float_minor: int) -> dict[str, Any]:
    """The whole state of a session as the API and the feed tell it; `register` and `drawer` are loaded.

    What was expected is told with the first committed count and not before, so that whoever counts cannot count
    towards it. Until it is confirmed, the float is what was declared.
    """

    def money(amount: int | None) -> dict[str, Any] | None:
        return None if amount is None else {"amount_minor": amount, "currency": currency}

    drawer = session.drawer or session.register
    declared = session.declared_float_minor
    return {
        "id": str(session.id),
        "number": session.number,
        "register": {"id": str(session.register_id), "code": session.register.code},
        "drawer": {"id": str(drawer.pk), "code": drawer.code},
        "state": session.state,
        "business_date": session.business_date.isoformat(),
        "opened_at": rfc3339(session.opened_at),
        "opened_by_id": _text(session.opened_by_id),
        "responsible_id": _text(session.responsible_id),
        "responsible_name": session.responsible_name,
        "opening_float": money(float_minor if declared is None else declared),
        "opening_denominations": session.opening_denominations,
        "opening_foreign": [
            {
                "amount": {"amount_minor": each["amount_minor"], "currency": each["currency"]},
                "denominations": each["denominations"],
            }
            for each in session.opening_foreign
        ],
        "closing_began_at": _time(session.closing_began_at),
        "counts": [
            {
                "counted": money(count["counted_minor"]),
                "expected": money(count["expected_minor"]),
                "variance": money(count["counted_minor"] - count["expected_minor"]),
                "denominations": count["denominations"],
                "foreign": [told_count(each, currency=currency) for each in count.get("foreign", ())],
                "reason": count["reason"],
                "at": count["at"],
                "employee_name": count["employee_name"],
            }
            for count in session.counts
        ],
        "closed_at": _time(session.closed_at),
        "closed_by_id": _text(session.closed_by_id),
        "counted": money(session.counted_minor),
        "expected": money(session.expected_minor),
        "variance": money(session.variance_minor),
        "foreign": [told_count(each, currency=currency) for each in session.foreign_cash],
        "approver_name": session.approver_name,
        "flags": session.flags,
    }


def _time(value: dt.datetime | None) -> str | None:
    return None if value is None else rfc3339(value)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
