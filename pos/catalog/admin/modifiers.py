"""Modifier groups in the back office, with their modifiers."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from fynlo.backoffice.columns import titled
from fynlo.backoffice.site import merchant_admin
from pos.catalog.admin.documents import DocumentAdmin
from pos.catalog.forms.modifiers import ModifierGroupForm
from pos.catalog.models import ModifierGroup


def _range(group: ModifierGroup) -> str:
    most = "any number" if group.max_count is None else str(group.max_count)
    return most if group.min_count == group.max_count else f"{group.min_count} to {most}"


@admin.register(ModifierGroup, site=merchant_admin)
class ModifierGroupAdmin(DocumentAdmin):
    """Groups of modifiers. One that nothing offers may be removed."""

    form = ModifierGroupForm
    may_be_removed = True
    fields = (("name", "kitchen_name"), ("min", "max"), "modifiers")
    list_display = (
        "name",
        titled(_range, "Choose"),
        titled(lambda group: str(group.modifier_count), "Modifiers", "modifier_count"),
        titled(lambda group: str(group.use_count), "Offered with", "use_count"),
    )
    search_fields = ("name", "modifiers__name")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModifierGroup]:
        """Groups with how many modifiers they have and how often they are offered."""
        found: QuerySet[ModifierGroup] = super().get_queryset(request)
        return found.annotate(
            modifier_count=Count("modifiers", distinct=True), use_count=Count("uses", distinct=True)
        )

    def min(self, group: ModifierGroup) -> str:
        """At least, for people who may not change it."""
        return str(group.min_count)

    def max(self, group: ModifierGroup) -> str:
        """At most, for people who may not change it."""
        return "–" if group.max_count is None else str(group.max_count)
