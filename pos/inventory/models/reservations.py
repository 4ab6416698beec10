"""What is promised to somebody: parked tickets, online carts, special orders."""

from django.db import models
from django.db.models import Q

from fynlo.core.models import TenantModel
from pos.catalog.models import Variant
from pos.inventory.states import ACTIVE, RESERVATION

PARKED, ONLINE, SPECIAL_ORDER = RESERVATION_KINDS = ("parked", "online", "special_order")
LONGEST_NOTE = 200


class Reservation(TenantModel):
    """Goods kept for somebody at a location until `expires_at`. Its key is made by whoever asks.

    Only an active one keeps anything. `ended_at` and `ended_by…` say when and by whom it was consumed (`order_id`
    says by which sale), released or expired. `digest` tells a repeat from another one under the same key.
    """

    kind = models.CharField(max_length=20)
    location = models.ForeignKey("pos.Location", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, default=ACTIVE)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    made_at = models.DateTimeField()
    made_by_id = models.UUIDField(null=True)
    made_by_name = models.CharField(max_length=120, blank=True, default="")
    expires_at = models.DateTimeField()
    order_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True, default="")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["expires_at"], name="pos_reservation_due", condition=Q(state="active")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RESERVATION_KINDS, state__in=RESERVATION.states),
                name="pos_reservation_known",
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at__isnull=True, order_id__isnull=True)
                | Q(state="consumed", ended_at__isnull=False, order_id__isnull=False)
                | Q(state__in=("released", "expired"), ended_at__isnull=False, order_id__isnull=True),
                name="pos_reservation_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class ReservationLine(TenantModel):
    """`quantity` of a variant was asked for, `held` of it is kept while the reservation is active.

    Of a dish its ingredients are held (they have a line of quantity 0), of what nobody counts nothing.
    """

    reservation = models.ForeignKey(
        Reservation, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    position = models.PositiveIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    held = models.DecimalField(max_digits=18, decimal_places=6)

    class Meta:
        ordering = ["reservation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["reservation", "variant"], name="pos_reservationline_variant"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, held__gte=0) & (Q(quantity__gt=0) | Q(held__gt=0)),
                name="pos_reservationline_not_negative",
            ),
        ]
