"""Ways to pay in the back office, and payments to read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields as members
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from unfold.widgets import UnfoldAdminSelectWidget

from fynlo.backoffice.columns import NOTHING, in_words, money, titled
from fynlo.backoffice.options import ReadOnlyAdmin, ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from payments.gateways.words import CHANNEL, word
from payments.tenders.models import Payment, TenderType
from payments.tenders.offers import TenderTypeDraft, save_tender_type
from payments.tenders.rules import TenderRules

_LABELS: Final = {
    "is_active": "In use",
    "connection": "Account at a provider",
    "channel": "Where it is asked for",
    "smallest_minor": "Smallest amount",
    "largest_minor": "Largest amount",
    "over": "More than is due",
    "is_partial": "May pay a part",
    "needs_reference": "Asks for a reference",
}
_HELP: Final = {
    "code": "A short word the books know it by; it stays.",
    "connection": "Through whom the money is asked for. Without one, people say what was paid.",
    "foreign_currency": "Three letters, for foreign notes only.",
    "foreign_rate": "What one of it is worth in your own currency.",
}
_KINDS: Final = {
    "cash": "Cash",
    "card": "Card",
    "voucher": "Voucher",
    "other": "Other",
    "house_account": "House account",
    "exchange": "Goods brought back",
    "gift_card": "Gift card",
    "store_credit": "Store credit",
}
_CHOICES: Final = {
    "kind": tuple(_KINDS.items()),
    "over": (("refuse", "Refuse it"), ("tip", "Keep it as a tip")),
    "channel": (
        ("", "-"),
        ("present", "At a reader"),
        ("remote", "On a page of the guest's own device"),
        ("qr", "By a QR code"),
        ("manual", "Told by people"),
    ),
}


def _through(row: Any) -> str:
    if row.connection is None:
        return NOTHING
    return f"{row.connection.name} · {word(row.channel, CHANNEL)}" if row.channel else row.connection.name


def _is_used(row: Any) -> bool:
    return bool(row.is_active)


_is_used.boolean = True  # type: ignore[attr-defined]  # how Django's admin learns it
titled(_is_used, "In use", "is_active")


def _way(row: Any) -> str:
    return str(row.tender_type)


def _order(row: Any) -> str:
    if row.order_id is None:
        return NOTHING
    style, address = (
        "text-primary-600 dark:text-primary-500",
        reverse("admin:pos_order_change", args=(row.order_id,)),
    )
    return format_html('<a class="{}" href="{}">its order</a>', style, address)


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
    list_display = (
        "name",
        "code",
        in_words("kind", "Kind", _KINDS),
        titled(_through, "Asked for through"),
        _is_used,
    )
    list_select_related = ("connection",)
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Code and kind, once they are there."""
        del request
        return ("code", "kind") if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices where the database has codes; what may be missing need not be filled in."""
        choices = _CHOICES.get(db_field.name)
        label = _LABELS.get(db_field.name, capfirst(db_field.verbose_name))
        if choices is None:
            field = super().formfield_for_dbfield(db_field, request, **kwargs)
            field.required = field.required and not db_field.null
            field.label, field.help_text = label, _HELP.get(db_field.name, "")
            return field
        return forms.TypedChoiceField(
            choices=choices,
            label=label,
            required=db_field.name == "kind",
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
        titled(_way, "Way to pay", "tender_type"),
        money("tendered_minor", "Given"),
        money("change_minor", "Change"),
        money("rounding_minor", "Rounding"),
        money("amount_minor", "Paid"),
        titled(_order, "Order"),
    )
    list_display_links = None
    list_filter = ("tender_type",)
    list_select_related = ("tender_type",)
    date_hierarchy = "business_date"
    ordering = ("-id",)
