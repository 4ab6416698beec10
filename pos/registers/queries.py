"""Locations, registers and drawers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from fynlo.core.clock import business_date, rfc3339
from pos.registers import states
from pos.registers.models import CashMovement, CashSession, Location, Register

# Every sale asks these two; written by hand because the ORM takes longer to word them than the server to answer.
_PLACE_FIELDS = ("id", "code", "location_id", "location_code", "location_name", "time_zone", "cut_off")
_PLACE = """
SELECT register.id, register.code, location.id, location.code, location.name, location.time_zone,
    location.cut_off
FROM pos_register AS register JOIN pos_location AS location ON location.id = register.location_id
WHERE register.id = %s
"""
_OPEN_SESSION = "SELECT id FROM pos_cashsession WHERE register_id = %s AND state = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPlace:
    """A register, and where it stands."""

    id: UUID
    code: str
    location_id: UUID
    location_code: str
    location_name: str
    time_zone: str
    cut_off: dt.time

    def business_date(self, at: dt.datetime) -> dt.date:
        """The trading day that `at` belongs to at this register's location."""
        return business_date(at=at, time_zone=self.time_zone, cut_off=self.cut_off)


def register_place(*, register_id: UUID) -> RegisterPlace | None:
    """The register with its location, in one statement; None when there is no such register."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [register_id])
        row = cursor.fetchone()
    return None if row is None else RegisterPlace(**dict(zip(_PLACE_FIELDS, row, strict=True)))


def locations() -> QuerySet[Location]:
    """All locations, for lists."""
    return Location.objects.all()


def registers(*, location_id: UUID | None = None) -> QuerySet[Register]:
    """Registers with their locations, for lists; those of one location if said."""
    found = Register.objects.select_related("location")
    return found if location_id is None else found.filter(location_id=location_id)


def open_session_id(*, register_id: UUID) -> UUID | None:
    """The key of the register's open session.

    Exact only while the caller holds the register's row: opening and closing lock it first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN_SESSION, [register_id, states.OPEN])
        row = cursor.fetchone()
    return None if row is None else row[0]


def open_session(*, register_id: UUID) -> CashSession | None:
    """The register's open session, with its register."""
    open_ones = CashSession.objects.select_related("register")
    return open_ones.filter(register_id=register_id, state=states.OPEN).first()


def session_float(*, session_id: UUID) -> int:
    """The opening float of a session in minor units."""
    return _sum(session_id=session_id, kind=CashMovement.FLOAT)


def movement_sums(*, session_id: UUID) -> dict[str, int]:
    """What came into (positive) and went out of (negative) the drawer, in minor units, by kind of movement."""
    rows = CashMovement.objects.filter(session_id=session_id).order_by("kind")
    return dict(rows.values_list("kind").annotate(total=Sum("amount_minor")))


def session_document(session: CashSession, *, currency: str, float_minor: int) -> dict[str, Any]:
    """The whole state of a session as the API and the feed tell it. `session.register` is loaded.

    What was expected is told after closing only, so that whoever counts cannot count towards it.
    """

    def money(amount: int | None) -> dict[str, Any] | None:
        return None if amount is None else {"amount_minor": amount, "currency": currency}

    return {
        "id": str(session.id),
        "number": session.number,
        "register": {"id": str(session.register_id), "code": session.register.code},
        "state": session.state,
        "business_date": session.business_date.isoformat(),
        "opened_at": rfc3339(session.opened_at),
        "opened_by_id": _text(session.opened_by_id),
        "opening_float": money(float_minor),
        "closed_at": None if session.closed_at is None else rfc3339(session.closed_at),
        "closed_by_id": _text(session.closed_by_id),
        "counted": money(session.counted_minor),
        "expected": money(session.expected_minor),
        "variance": money(session.variance_minor),
    }


def _sum(*, session_id: UUID, kind: str) -> int:
    rows = CashMovement.objects.filter(session_id=session_id, kind=kind)
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
