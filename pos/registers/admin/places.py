"""Locations, registers and drawers: set up in the back office, saved through their services."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from fynlo.backoffice.columns import titled
from fynlo.backoffice.options import ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from pos.registers import states
from pos.registers.forms import LocationForm
from pos.registers.models import CashSession, Drawer, Location, Register
from pos.registers.places import RegisterDraft, save_location, save_register
from pos.registers.services.drawers import DrawerDraft, save_drawer


@admin.register(Location, site=merchant_admin)
class LocationAdmin(ServiceAdmin):
    """Where the merchant sells."""

    form = LocationForm
    fields = (
        ("code", "name"),
        "address",
        ("tax_address", "tax_number"),
        ("time_zone", "cut_off"),
        "opening_hours",
        "is_active",
    )
    list_display = ("code", "name", "time_zone", "cut_off", "tax_number", "is_active")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code, once it is there."""
        del request
        return ("code",) if obj else ()

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the location."""
        del obj, formsets
        save_location(draft=form.draft(), actor=actor, at=at)


@admin.register(Register, site=merchant_admin)
class RegisterAdmin(ServiceAdmin):
    """The registers. How many orders one has numbered is shown, never typed."""

    fields = (
        ("code", "name"),
        ("location", "drawer"),
        ("is_training", "is_active"),
        ("last_order_number", "last_receipt_number", "last_closing_number"),
    )
    list_display = (
        "code",
        "name",
        "location",
        titled(lambda register: "open" if register.is_open else "closed", "Drawer"),
        "last_order_number",
        "last_closing_number",
        "is_training",
        "is_active",
    )
    list_filter = ("location", "is_active")
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Register]:
        """Registers with their locations, and whether the drawer is open."""
        drawer = Coalesce(OuterRef("drawer_id"), OuterRef("pk"))
        sessions = CashSession.objects.annotate(drawer_key=Coalesce("drawer_id", "register_id"))
        is_open = sessions.filter(drawer_key=drawer).exclude(state=states.CLOSED)
        found: QuerySet[Register] = super().get_queryset(request).select_related("location", "drawer")
        return found.annotate(is_open=Exists(is_open))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What receipts name, once it is there; and the counters."""
        del request
        counters = ("last_order_number", "last_receipt_number", "last_closing_number")
        return ("code", "location", *counters) if obj else counters

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the register. A new one without a drawer gets its own."""
        del formsets
        values = form.cleaned_data
        location, drawer = values.get("location"), values.get("drawer")
        is_new = obj._state.adding or location is not None
        draft = RegisterDraft(
            id=obj.pk,
            location_id=location.pk if location else obj.location_id,
            code=values.get("code", obj.code),
            name=values["name"],
            drawer=drawer.code if drawer else None if is_new else "none",
            is_training=values["is_training"],
            is_active=values["is_active"],
        )
        save_register(draft=draft, actor=actor, at=at)


@admin.register(Drawer, site=merchant_admin)
class DrawerAdmin(ServiceAdmin):
    """Where cash lies. Registers make their own; further ones are made here."""

    fields = (("code", "name"), ("location", "is_shared"), "is_active", "last_session_number")
    list_display = ("code", "name", "location", "is_shared", "last_session_number", "is_active")
    list_filter = ("location", "is_active")
    list_select_related = ("location",)
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What slips name, once it is there; and the counter."""
        del request
        return ("code", "location", "last_session_number") if obj else ("last_session_number",)

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the drawer."""
        del formsets
        values = form.cleaned_data
        location = values.get("location")
        draft = DrawerDraft(
            id=obj.pk,
            location_id=location.pk if location else obj.location_id,
            code=values.get("code", obj.code),
            name=values["name"],
            is_shared=values["is_shared"],
            is_active=values["is_active"],
        )
        save_drawer(draft=draft, actor=actor, at=at)
