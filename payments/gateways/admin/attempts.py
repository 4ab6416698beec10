"""Attempts with all their steps, and money on its way back: to read here, to act on on a page of their own."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from unfold.decorators import action

from fynlo.backoffice.columns import NOTHING, amount, in_words, money, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin, ReadOnlyInline
from fynlo.backoffice.site import merchant_admin
from payments.gateways import states
from payments.gateways.admin.shown import amounts_back
from payments.gateways.models import Attempt, AttemptStep, GatewayRefund
from payments.gateways.sentences import sentence
from payments.gateways.words import ATTEMPT, CHANNEL, REFUND, VERB, WHAT, details


def _truth(row: Any) -> str:
    return sentence(row)


def _page(row: Any) -> str:
    return format_html(
        '<a class="font-medium text-primary-600 dark:text-primary-500" href="{}">{}</a>',
        reverse("admin:payments_attempt_act", args=(row.pk,)),
        row.reference,
    )


def _settled(row: Any) -> str:
    return NOTHING if row.settled_at is None else date_format(localtime(row.settled_at), "Y-m-d H:i")


def _given_back(row: Any) -> str:
    """Only what arrived."""
    return amount(amounts_back(row)[0][1], row.currency)


def _not_arrived(row: Any) -> str:
    """What is on its way, failed, or was settled otherwise."""
    others = [(title, minor) for title, minor in amounts_back(row)[1:] if minor]
    return ", ".join(f"{title} {amount(minor, row.currency)}" for title, minor in others) or NOTHING


def _failure(row: Any) -> str:
    return row.failure_text or NOTHING


def _page_of_refund(row: Any) -> str:
    return _page(row.attempt)


def _details(row: Any) -> str:
    return "; ".join(f"{name}: {value}" for name, value in details(row.detail, row.attempt.currency))


class StepInline(ReadOnlyInline):
    """Every step of an attempt, in order."""

    model = AttemptStep
    fields = (
        "number",
        "at",
        in_words("what", "What", WHAT),
        in_words("verb", "Step", VERB),
        in_words("state", "State after it", ATTEMPT),
        "key",
        titled(_details, "Details"),
        "by",
    )
    readonly_fields = fields
    ordering = ("number",)


@admin.register(Attempt, site=merchant_admin)
class AttemptAdmin(ReadOnlyAdmin):
    """Attempts to take money, newest first. What was taken and belongs to no order says so in `trouble`."""

    list_display = (
        "at",
        titled(_page, "Payment", "reference"),
        in_words("tender_type", "Way to pay", {}),
        in_words("state", "State", ATTEMPT),
        money("amount_minor", "Asked"),
        money("captured_minor", "Taken"),
        titled(_given_back, "Given back"),
        titled(_not_arrived, "Not arrived"),
        titled(_settled, "Put to its order", "settled_at"),
        "trouble",
    )
    list_display_links = None
    fields = (
        titled(_truth, "The truth"),
        ("reference", "order_id", "purpose"),
        ("connection", "reader", "tender_type", in_words("channel", "Where", CHANNEL)),
        (in_words("state", "State", ATTEMPT), "capture", "capture_before", "expires_at"),
        (money("amount_minor", "Asked"), money("tip_minor", "Tip")),
        (money("authorised_minor", "Reserved"), money("captured_minor", "Taken")),
        ("vendor_id", "failure_kind", "failure_code", "failure_text"),
        ("at", "captured_at", "settled_at", "trouble"),
        ("employee_name", "next_look_at", "looks"),
        ("overridden_at", "overridden_by", "override_reason"),
    )
    inlines = (StepInline,)
    list_filter = (one_of("state", "state", states.ATTEMPT.states, ATTEMPT),)
    list_select_related = False
    search_fields = ("reference", "vendor_id")
    search_help_text = "Reference, or the provider's name for it"
    date_hierarchy = "business_date"
    ordering = ("-id",)
    actions_row = ("act",)
    actions_detail = ("act",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        """Each with its refunds: one statement for the rows of a page."""
        found: QuerySet[Attempt] = super().get_queryset(request).prefetch_related("refunds")
        return found

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
        titled(_page_of_refund, "Payment"),
        money("amount_minor", "Amount"),
        in_words("state", "State", REFUND),
        "reason",
        titled(_failure, "Why it failed"),
        "done_at",
        "settled_by",
    )
    list_display_links = None
    fields = (
        ("attempt_reference", in_words("state", "State", REFUND), "number"),
        (money("amount_minor", "Amount"), "reason"),
        ("vendor_id", "key"),
        ("failure_code", "failure_text"),
        ("at", "done_at", "settled_by"),
    )
    list_filter = (one_of("state", "state", states.REFUND_STATES, REFUND),)
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
