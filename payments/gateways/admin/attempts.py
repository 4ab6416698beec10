"""Attempts with all their steps, and money on its way back: to read here, to act on on a page of their own."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.decorators import action

from fynlo.backoffice.columns import money, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline
from fynlo.backoffice.site import merchant_admin
from payments.gateways import states
from payments.gateways.models import Attempt, AttemptStep, GatewayRefund
from payments.gateways.sentences import sentence


class StepInline(ReadOnlyInline):
    """Every step of an attempt, in order."""

    model = AttemptStep
    fields = ("number", "at", "what", "verb", "state", "key", "detail", "by")
    ordering = ("number",)


def _truth(row: Any) -> str:
    return sentence(row)


@admin.register(Attempt, site=merchant_admin)
class AttemptAdmin(ReadOnlyAdmin):
    """Attempts to take money, newest first. What was taken and belongs to no order says so in `trouble`."""

    list_display = (
        "at",
        "reference",
        "tender_type",
        "state",
        money("amount_minor", "Asked"),
        money("captured_minor", "Taken"),
        money("refunded_minor", "Given back"),
        "settled_at",
        "trouble",
    )
    fields = (
        titled(_truth, "The truth"),
        ("reference", "order_id", "purpose"),
        ("connection", "reader", "tender_type", "channel"),
        ("state", "capture", "capture_before", "expires_at"),
        (money("amount_minor", "Asked"), money("tip_minor", "Tip")),
        (money("authorised_minor", "Reserved"), money("captured_minor", "Taken")),
        ("vendor_id", "failure_kind", "failure_code", "failure_text"),
        ("at", "captured_at", "settled_at", "trouble"),
        ("employee_name", "next_look_at", "looks"),
        ("overridden_at", "overridden_by", "override_reason"),
    )
    inlines = (StepInline,)
    list_filter = (one_of("state", "state", states.ATTEMPT.states),)
    list_select_related = False
    search_fields = ("reference", "vendor_id")
    search_help_text = "Reference, or the provider's name for it"
    date_hierarchy = "business_date"
    ordering = ("-id",)
    actions_row = ("act",)
    actions_detail = ("act",)

    @action(description="What to do", url_path="act", icon="build")
    def act(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Lead to the page where something is done about it."""
        del request
        return HttpResponseRedirect(reverse("admin:payments_attempt_act", args=(object_id,)))


@admin.register(GatewayRefund, site=merchant_admin)
class GatewayRefundAdmin(ReadOnlyAdmin):
    """Money on its way back, newest first; what failed is owed to a guest."""

    list_display = (
        "at",
        "attempt_reference",
        money("amount_minor", "Amount"),
        "state",
        "number",
        "reason",
        "failure_text",
        "done_at",
        "settled_by",
    )
    fields = (
        ("attempt_reference", "state", "number"),
        (money("amount_minor", "Amount"), "reason"),
        ("vendor_id", "key"),
        ("failure_code", "failure_text"),
        ("at", "done_at", "settled_by"),
    )
    list_filter = (one_of("state", "state", states.REFUND_STATES),)
    list_select_related = ("attempt",)
    ordering = ("-id",)
    actions_row = ("act",)
    actions_detail = ("act",)

    @admin.display(description="Payment")
    def attempt_reference(self, row: GatewayRefund) -> str:
        """What people call the payment it is of."""
        return str(row.attempt.reference)

    @action(description="What to do", url_path="act", icon="build")
    def act(self, request: HttpRequest, object_id: UUID) -> HttpResponse:
        """Lead to the page of its payment, where something is done about it."""
        del request
        found = GatewayRefund.objects.filter(pk=object_id).values_list("attempt_id", flat=True).first()
        return HttpResponseRedirect(
            reverse("admin:payments_gatewayrefund_changelist")
            if found is None
            else reverse("admin:payments_attempt_act", args=(found,))
        )
