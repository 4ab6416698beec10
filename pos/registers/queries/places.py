"""Locations, registers and drawers."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fynlo.core.clock import business_date
from pos.registers.models import Drawer, Location, Register

# Every sale asks this; written by hand because the ORM takes longer to word it than the server to answer.
_PLACE_FIELDS = ("id", "code", "location_id", "location_code", "location_name", "time_zone", "cut_off")
_PLACE = """
SELECT register.id, register.code, location.id, location.code, location.name, location.time_zone,
    location.cut_off
FROM pos_register AS register JOIN pos_location AS location ON location.id = register.location_id
WHERE register.id = %s
"""


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
    """Registers with their locations and drawers, for lists; those of one location if said."""
    found = Register.objects.select_related("location", "drawer")
    return found if location_id is None else found.filter(location_id=location_id)


def drawers(*, location_id: UUID | None = None) -> QuerySet[Drawer]:
    """Drawers with their locations, for lists; those of one location if said."""
    found = Drawer.objects.select_related("location")
    return found if location_id is None else found.filter(location_id=location_id)
