"""Locations and registers in the back office; drawer sessions and their cash to read."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from fynlo.backoffice.columns import money, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline, ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from pos.registers import states
from pos.registers.forms import LocationForm
from pos.registers.models import CashMovement, CashSession, Location, Register
from pos.registers.places import RegisterDraft, save_location, save_register
from pos.registers.quick_key_pages import register_keys, registers, shared_keys

__all__ = ["CashSessionAdmin", "LocationAdmin", "RegisterAdmin", "register_keys", "registers", "shared_keys"]


@admin.register(Location, site=merchant_admin)
class LocationAdmin(ServiceAdmin):
    """Where the merchant sells."""

    form = LocationForm
    fields = (("code", "name"), "address", ("time_zone", "cut_off"), "is_active")
    list_display = ("code", "name", "time_zone", "cut_off", "is_active")
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

    fields = (("code", "name"), ("location", "is_active"), ("last_order_number", "last_session_number"))
    list_display = (
        "code",
        "name",
        "location",
        titled(lambda register: "open" if register.is_open else "closed", "Drawer"),
        "last_order_number",
        "is_active",
    )
    list_filter = ("location", "is_active")
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Register]:
        """Registers with their locations, and whether the drawer is open."""
        is_open = CashSession.objects.filter(register=OuterRef("pk"), state=states.OPEN)
        found: QuerySet[Register] = super().get_queryset(request).select_related("location")
        return found.annotate(is_open=Exists(is_open))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What receipts name, once it is there; and the counters."""
        del request
        counters = ("last_order_number", "last_session_number")
        return ("code", "location", *counters) if obj else counters

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the register."""
        del formsets
        values = form.cleaned_data
        location = values.get("location")
        draft = RegisterDraft(
            id=obj.pk,
            location_id=location.pk if location else obj.location_id,
            code=values.get("code", obj.code),
            name=values["name"],
            is_active=values["is_active"],
        )
        save_register(draft=draft, actor=actor, at=at)


class CashMovementInline(ReadOnlyInline):
    """What went into a drawer and out of it."""

    model = CashMovement
    fields = ("at", "kind", money("amount_minor", "Amount"), "order_id")
    readonly_fields = fields
    ordering = ("at", "id")
    per_page = 50


@admin.register(CashSession, site=merchant_admin)
class CashSessionAdmin(ReadOnlyAdmin):
    """Drawers between opening and closing."""

    list_display = (
        "number",
        "register",
        "state",
        "business_date",
        "opened_at",
        "closed_at",
        money("expected_minor", "Expected"),
        money("counted_minor", "Counted"),
        money("variance_minor", "Over or short"),
    )
    list_filter = (one_of("state", "state", states.SESSION.states), "register")
    list_select_related = ("register",)
    date_hierarchy = "business_date"
    ordering = ("-opened_at", "-id")
    inlines = (CashMovementInline,)
    fields = (
        ("register", "number", "state"),
        ("business_date", "opened_at", "closed_at"),
        (
            money("expected_minor", "Expected"),
            money("counted_minor", "Counted"),
            money("variance_minor", "Over or short"),
        ),
    )
    readonly_fields = (
        money("expected_minor", "Expected"),
        money("counted_minor", "Counted"),
        money("variance_minor", "Over or short"),
    )
