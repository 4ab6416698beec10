"""Versions of the price book and their entries in the back office: what changed when, and by whom. Only shown."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fynlo.backoffice.columns import titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from pos.catalog.models import KINDS, BookEntry, PriceBookVersion
from pos.catalog.queries.versions import MOST, changes_of
from staff.employees.models import Employee


def _changed_by(version: Any) -> str:
    return version.by_name or "–"


def _changes(version: PriceBookVersion) -> SafeString:
    """Every document it changed, member by member."""
    changes = changes_of(revision=version.revision)
    more = version.entry_count - len(changes) if len(changes) == MOST else 0
    rendered: SafeString = render_to_string(
        "backoffice/book_changes.html", {"changes": changes, "more": max(more, 0)}
    )
    return rendered


@admin.register(PriceBookVersion, site=merchant_admin)
class PriceBookVersionAdmin(ReadOnlyAdmin):
    """Every state the catalogue was in; orders name the one they were priced from."""

    list_display = (
        "revision",
        "effective_at",
        "cause",
        titled(lambda version: str(version.entry_count), "Documents", "entry_count"),
        titled(_changed_by, "By"),
        titled(lambda version: version.digest[:12], "Digest"),
    )
    search_fields = ("cause", "digest")
    date_hierarchy = "effective_at"
    ordering = ("-revision",)
    fields = (
        ("revision", "effective_at", "cause"),
        (titled(_changed_by, "By"), "entry_count"),
        "digest",
        titled(_changes, "What changed"),
    )
    readonly_fields = (titled(_changed_by, "By"), titled(_changes, "What changed"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceBookVersion]:
        """Versions with the names of those who made them."""
        found: QuerySet[PriceBookVersion] = super().get_queryset(request)
        name = Employee.objects.filter(pk=OuterRef("changed_by")).values("name")[:1]
        return found.annotate(by_name=Subquery(name))


def _document(entry: BookEntry) -> SafeString:
    text = "removed" if entry.document is None else json.dumps(entry.document, indent=2, ensure_ascii=False)
    return format_html('<pre style="white-space: pre-wrap; font-size: .8125rem">{}</pre>', text)


@admin.register(BookEntry, site=merchant_admin)
class BookEntryAdmin(ReadOnlyAdmin):
    """Every document of the price book as it was from a revision on."""

    list_display = (
        "revision",
        "kind",
        titled(lambda entry: (entry.document or {}).get("name", "–"), "Name"),
        titled(lambda entry: "removed" if entry.document is None else "", "Removed"),
        "entity_id",
    )
    list_filter = (one_of("kind", "kind", KINDS),)
    ordering = ("-revision", "-id")
    search_fields = ("=revision",)
    search_help_text = "Revision"
    fields = (("revision", "kind", "entity_id"), titled(_document, "Document"))
    readonly_fields = (titled(_document, "Document"),)
