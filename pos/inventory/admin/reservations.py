"""Reservations in the back office: what is kept for whom, what became of it, and letting it go."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from pos.inventory.models import Reservation
from pos.inventory.models.reservations import RESERVATION_KINDS
from pos.inventory.services.reservations import release_reservation
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
    actions = ("release",)

    def has_release_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may keep goods for somebody, and let them go."""
        return actor_of(request).may("orders.place")

    @admin.action(description="Let go", permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let the goods of the chosen reservations go."""
        for row in queryset.order_by("pk"):
            try:
                release_reservation(reservation_id=row.pk, actor=actor_of(request), at=now())
            except DomainError as error:
                self.message_user(request, error.detail, level="ERROR")
            else:
                self.message_user(request, "The goods are available again.")
