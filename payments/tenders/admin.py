"""Ways to pay in the back office, and payments to read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields as members
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.widgets import UnfoldAdminSelectWidget

from fynlo.backoffice.columns import money
from fynlo.backoffice.options import ReadOnlyAdmin, ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from payments.tenders.models import Payment, TenderType
from payments.tenders.offers import TenderTypeDraft, save_tender_type
from payments.tenders.rules import TenderRules

_CHOICES: Final = {
    "over": (("refuse", "Refuse it"), ("tip", "Keep it as a tip")),
    "channel": (
        ("", "-"),
        ("present", "At a reader"),
        ("remote", "On a page of the guest's own device"),
        ("qr", "By a QR code"),
        ("manual", "Told by people"),
    ),
}


@admin.register(TenderType, site=merchant_admin)
class TenderTypeAdmin(ServiceAdmin):
    """Ways to pay. Code and kind name accounts of the books, so they are set once."""

    fields = (
        "code",
        "name",
        "kind",
        "is_active",
        "connection",
        "channel",
        "smallest_minor",
        "largest_minor",
        "over",
        "is_partial",
        "needs_reference",
        "foreign_currency",
        "foreign_rate",
    )
    amounts = frozenset({"smallest_minor", "largest_minor"})
    list_display = ("code", "name", "kind", "is_active")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Code and kind, once they are there."""
        del request
        return ("code", "kind") if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices where the database has codes; what may be missing need not be filled in."""
        choices = _CHOICES.get(db_field.name)
        if choices is None:
            field = super().formfield_for_dbfield(db_field, request, **kwargs)
            field.required = field.required and not db_field.null
            return field
        label = capfirst(db_field.verbose_name)
        return forms.TypedChoiceField(
            choices=choices,
            label=label,
            required=False,
            empty_value=db_field.default,
            widget=UnfoldAdminSelectWidget(),
        )

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the way to pay."""
        del formsets
        values = form.cleaned_data
        draft = TenderTypeDraft(
            id=obj.pk,
            code=values.get("code", obj.code),
            name=values["name"],
            kind=values.get("kind", obj.kind),
            is_active=values["is_active"],
            connection_id=None if values["connection"] is None else values["connection"].pk,
            channel=values["channel"],
            rules=TenderRules(**{rule.name: values[rule.name] for rule in members(TenderRules)}),
        )
        save_tender_type(draft=draft, actor=actor, at=at)


@admin.register(Payment, site=merchant_admin)
class PaymentAdmin(ReadOnlyAdmin):
    """Money taken, newest first."""

    list_display = (
        "at",
        "business_date",
        "tender_type",
        money("tendered_minor", "Given"),
        money("change_minor", "Change"),
        money("rounding_minor", "Rounding"),
        money("amount_minor", "Paid"),
        "order_id",
    )
    list_display_links = None
    list_filter = ("tender_type",)
    list_select_related = ("tender_type",)
    date_hierarchy = "business_date"
    ordering = ("-id",)
