"""Approvals in the back office, to read: who said that something may be done, and whether it was."""

from django.contrib import admin

from fynlo.backoffice.columns import money, titled
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from staff.access.models import Approval


@admin.register(Approval, site=merchant_admin)
class ApprovalAdmin(ReadOnlyAdmin):
    """Approvals, newest first."""

    list_display = (
        "given_at",
        "action",
        money("amount_minor", "Up to"),
        titled(lambda approval: f"{approval.percent} %" if approval.percent else "", "Percent"),
        "approver",
        "used_at",
    )
    fields = (
        "given_at",
        "action",
        "subject_id",
        "amount_minor",
        "percent",
        "approver",
        "expires_at",
        "used_at",
    )
    list_filter = ("action", "approver")
    list_select_related = ("approver",)
    ordering = ("-id",)
