"""Gift cards and store credit in the back office: each with its statement; blocking and freeing them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import money
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from payments.credit.kinds import BLOCK, STATES, UNBLOCK, VALUE_KINDS
from payments.credit.models import StoredValue, ValueActivity, ValueImport, ValueReservation
from payments.credit.services import StepDraft, office_occasion, reverse_import, take_step

MANAGE = "gift_cards.manage"
_FROM_HERE = "in the back office"


class ActivityInline(ReadOnlyInline):
    """What happened to a card, with the balance after it."""

    model = ValueActivity
    verbose_name_plural = "statement"
    fields = (
        "at",
        "kind",
        money("amount_minor", "Amount"),
        money("balance_minor", "Balance"),
        money("overdrawn_minor", "Overdrawn"),
        "cause",
        "reason",
        "employee_name",
        "approver_name",
    )
    readonly_fields = fields
    ordering = ("id",)


class ReservationInline(ReadOnlyInline):
    """What was kept of a card for tills."""

    model = ValueReservation
    verbose_name_plural = "kept for tills"
    fields = (
        "made_at",
        "state",
        money("amount_minor", "Kept"),
        money("left_minor", "Left"),
        "expires_at",
        "ended_at",
    )
    readonly_fields = fields
    ordering = ("id",)


@admin.register(StoredValue, site=merchant_admin)
class StoredValueAdmin(ReadOnlyAdmin):
    """Gift cards and store credit. Neither codes nor PINs are here to be seen."""

    list_display = (
        "shown",
        "kind",
        "state",
        money("balance_minor", "Balance"),
        money("reserved_minor", "Kept for tills"),
        money("overdrawn_minor", "Overdrawn"),
        "holder",
        "expires_on",
        "created_at",
    )
    fields = (
        "kind",
        "shown",
        "state",
        money("balance_minor", "Balance"),
        money("reserved_minor", "Kept for tills"),
        money("overdrawn_minor", "Overdrawn"),
        "holder",
        "expires_on",
        "created_at",
        "value_import",
    )
    list_filter = (one_of("kind", "kind", VALUE_KINDS), one_of("state", "state", STATES))
    search_fields = ("shown", "holder")
    search_help_text = "Last four characters or holder"
    ordering = ("-id",)
    inlines = (ActivityInline, ReservationInline)
    actions = ("block", "unblock")

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may block cards and free them."""
        return actor_of(request).may(MANAGE)

    @admin.action(description="Block", permissions=["manage"])
    def block(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Nothing more is taken from the chosen cards."""
        self._step(request, queryset, BLOCK)

    @admin.action(description="Free", permissions=["manage"])
    def unblock(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The chosen cards can be used again."""
        self._step(request, queryset, UNBLOCK)

    def _step(self, request: HttpRequest, queryset: QuerySet[Any], kind: str) -> None:
        occasion = office_occasion(actor=actor_of(request), at=now())
        for row in queryset.order_by("pk"):
            draft = StepDraft(id=new_id(), account_id=row.pk, kind=kind, reason=_FROM_HERE)
            try:
                take_step(draft=draft, occasion=occasion)
            except DomainError as error:
                self.message_user(request, error.detail, level="ERROR")
            else:
                self.message_user(request, f"{row}: done.")


@admin.register(ValueImport, site=merchant_admin)
class ValueImportAdmin(ReadOnlyAdmin):
    """Cards of earlier systems."""

    list_display = ("imported_at", "name", "rows_count", money("total_minor", "Total"), "reversed_at")
    fields = ("name", "rows_count", money("total_minor", "Total"), "imported_at", "reversed_at")
    ordering = ("-imported_at", "-id")
    actions = ("take_back",)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may take cards back."""
        return actor_of(request).may(MANAGE)

    @admin.action(description="Take back what nobody has used", permissions=["manage"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Take back the cards of the chosen imports, except those that something happened to since."""
        for row in queryset.order_by("pk"):
            report = reverse_import(import_id=row.pk, actor=actor_of(request), at=now())
            told = f"{row}: taken back; {report.kept_count} cards were used and stay."
            self.message_user(request, told)
