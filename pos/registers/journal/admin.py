"""Journals in the back office, to read."""

from django.contrib import admin

from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from pos.fiscal.kinds import KINDS
from pos.registers.journal.models import JournalEntry


@admin.register(JournalEntry, site=merchant_admin)
class JournalEntryAdmin(ReadOnlyAdmin):
    """What happened at each register, chained entry by entry."""

    list_display = ("position", "register_code", "kind", "number", "at", "business_date", "hash")
    list_filter = (one_of("kind", "kind", KINDS), "register")
    date_hierarchy = "business_date"
    ordering = ("-id",)
    fields = (
        ("register_code", "position", "kind", "number"),
        ("at", "recorded_at", "business_date"),
        "body",
        ("recipe", "previous_hash", "hash"),
    )
