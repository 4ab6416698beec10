"""Reservations in the back office, to read: what is kept for whom, and what became of it."""

from django.contrib import admin

from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from pos.inventory.models import Reservation
from pos.inventory.models.reservations import RESERVATION_KINDS
from pos.inventory.states import RESERVATION


@admin.register(Reservation, site=merchant_admin)
class ReservationAdmin(ReadOnlyAdmin):
    """What is kept for somebody."""

    list_display = ("made_at", "kind", "state", "location", "note", "made_by_name", "expires_at", "ended_at")
    list_filter = (
        one_of("state", "state", RESERVATION.states),
        one_of("kind", "kind", RESERVATION_KINDS),
        "location",
    )
    list_select_related = ("location",)
    search_fields = ("note", "made_by_name")
    search_help_text = "Note or who made it"
    ordering = ("-made_at", "-id")
