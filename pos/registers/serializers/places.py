"""Shapes of locations, registers and drawers."""

import datetime as dt
from typing import Any
from uuid import UUID

from rest_framework import serializers

from fynlo.api.fields import BooleanField, IdField, ListField, StrictSerializer, TextField
from pos.registers.opening_hours import DAYS
from pos.registers.places import LONGEST_LINE, LONGEST_NAME, MOST_LINES, LocationDraft, RegisterDraft
from pos.registers.services.drawers import DrawerDraft


class OpeningHoursInput(StrictSerializer):
    """Local times by day: `09:00-13:00`; past midnight `18:00-02:00`. A day that is not named is closed."""

    mon = ListField(child=TextField(), required=False)
    tue = ListField(child=TextField(), required=False)
    wed = ListField(child=TextField(), required=False)
    thu = ListField(child=TextField(), required=False)
    fri = ListField(child=TextField(), required=False)
    sat = ListField(child=TextField(), required=False)
    sun = ListField(child=TextField(), required=False)


class LocationInput(StrictSerializer):
    """A location as it shall be. Its code never changes."""

    code = TextField(max_length=20)
    name = TextField(max_length=LONGEST_NAME)
    address = ListField(child=TextField(max_length=LONGEST_LINE), max_length=MOST_LINES)
    tax_address = ListField(child=TextField(max_length=LONGEST_LINE), max_length=MOST_LINES, required=False)
    tax_number = TextField(max_length=40, required=False, allow_blank=True)
    time_zone = TextField()
    cut_off = serializers.TimeField(help_text="Sales before it count to the day before.")
    opening_hours = OpeningHoursInput(required=False)
    is_active = BooleanField(required=False)

    def to_draft(self) -> LocationDraft:
        """The frozen input of `save_location`, without its key."""
        said = dict(self.validated_data)
        cut_off: dt.time = said.pop("cut_off")
        hours = {day: tuple(said.get("opening_hours", {}).get(day, ())) for day in DAYS}
        return LocationDraft(
            id=UUID(int=0),
            code=said["code"],
            name=said["name"],
            address=tuple(said["address"]),
            time_zone=said["time_zone"],
            cut_off=cut_off,
            is_active=said.get("is_active", True),
            tax_address=tuple(said.get("tax_address", ())),
            tax_number=said.get("tax_number", ""),
            opening_hours={day: times for day, times in hours.items() if times},
        )


class RegisterInput(StrictSerializer):
    """A register as it shall be. Neither its code nor its location ever changes."""

    location_id = IdField()
    code = TextField(max_length=20)
    name = TextField(max_length=LONGEST_NAME)
    drawer = TextField(
        required=False,
        help_text="The code of a drawer of its location, `own` or `none`; it keeps what it has unless said.",
    )
    is_training = BooleanField(required=False, help_text="Whether everything sold at it is practice.")
    is_active = BooleanField(required=False)

    def to_draft(self) -> RegisterDraft:
        """The frozen input of `save_register`, without its key."""
        said = self.validated_data
        return RegisterDraft(
            id=UUID(int=0),
            location_id=said["location_id"],
            code=said["code"],
            name=said["name"],
            drawer=said.get("drawer"),
            is_training=said.get("is_training"),
            is_active=said.get("is_active", True),
        )


class DrawerInput(StrictSerializer):
    """A drawer as it shall be. Neither its code nor its location ever changes."""

    location_id = IdField()
    code = TextField(max_length=20)
    name = TextField(max_length=LONGEST_NAME)
    is_shared = BooleanField(required=False, help_text="Open to every till of its location.")
    is_active = BooleanField(required=False)

    def to_draft(self) -> DrawerDraft:
        """The frozen input of `save_drawer`, without its key."""
        said = {"is_shared": False, "is_active": True, **self.validated_data}
        return DrawerDraft(id=UUID(int=0), **said)


class LocationOutput(serializers.Serializer[Any]):
    """A shop, with its clock, trading day, hours and tax address."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    tax_address = serializers.ListField(
        child=serializers.CharField(), help_text="Empty: the address guests know."
    )
    tax_number = serializers.CharField()
    time_zone = serializers.CharField()
    cut_off = serializers.TimeField(help_text="Sales before it count to the day before.")
    opening_hours = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    is_active = serializers.BooleanField()


class PlaceOutput(serializers.Serializer[Any]):
    """Where something stands, or what it belongs to."""

    id = IdField()
    code = serializers.CharField()


class RegisterOutput(serializers.Serializer[Any]):
    """A till."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    location = PlaceOutput()
    drawer = PlaceOutput(allow_null=True)
    is_training = serializers.BooleanField()
    is_active = serializers.BooleanField()


class DrawerOutput(serializers.Serializer[Any]):
    """Where cash lies."""

    id = IdField()
    code = serializers.CharField()
    name = serializers.CharField()
    location = PlaceOutput()
    is_shared = serializers.BooleanField()
    is_active = serializers.BooleanField()


class DenominationsOutput(serializers.Serializer[Any]):
    """The coins and notes that drawers are counted by, largest first; empty where none are known."""

    currency = serializers.CharField()
    values_minor = serializers.ListField(child=serializers.IntegerField())
