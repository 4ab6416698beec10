"""Ways to pay in the back office, and payments to read."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fynlo.backoffice.columns import money
from fynlo.backoffice.options import ReadOnlyAdmin, ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from payments.tenders.models import Payment, TenderType
from payments.tenders.offers import TenderTypeDraft, save_tender_type


@admin.register(TenderType, site=merchant_admin)
class TenderTypeAdmin(ServiceAdmin):
    """Ways to pay. Code and kind name accounts of the books, so they are set once."""

    fields = ("code", "name", "kind", "is_active")
    list_display = ("code", "name", "kind", "is_active")
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Code and kind, once they are there."""
        del request
        return ("code", "kind") if obj else ()

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
