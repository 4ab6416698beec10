"""What is not to be had ("86") in the back office: stop it, and let it go on."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from fynlo.backoffice.columns import titled
from fynlo.backoffice.options import ServiceAdmin, ServiceForm
from fynlo.backoffice.sheets import Choice, Object, Pick
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from pos.catalog.forms.documents import sheet
from pos.catalog.models import Stop
from pos.catalog.queries.stops import stops
from pos.catalog.services.stops import StopDraft, lift, stop


def _what(row: Stop) -> str:
    if row.item is not None:
        return str(row.item.name)
    variant = row.variant
    if variant is None:
        return "–"
    return f"{variant.item.name}, {variant.name or variant.sku}"


def _until(row: Stop) -> str:
    return "until lifted" if row.until is None else timezone.localtime(row.until).strftime("%Y-%m-%d %H:%M")


class StopForm(ServiceForm):
    """What is stopped, where and until when."""

    what = sheet(
        Object(
            "what",
            "What",
            (
                Choice("kind", "Stop", (("item", "an item"), ("variant", "one variant"))),
                Pick("item_id", "Item", "item", width=3, when=("kind", ("item",)), needed=True),
                Pick("variant_id", "Variant", "variant", width=3, when=("kind", ("variant",)), needed=True),
            ),
        )
    )

    class Meta:
        model = Stop
        fields = ("location", "until", "reason")
        help_texts = {"location": "Empty: everywhere.", "until": "Empty: until it is lifted."}

    def draft(self) -> StopDraft:
        """What the form states."""
        values = self.cleaned_data
        return StopDraft(
            item_id=_key(values["what"].get("item_id")),
            variant_id=_key(values["what"].get("variant_id")),
            location_id=values["location"].pk if values["location"] else None,
            until=values["until"],
            reason=values["reason"],
        )

    def sentences(self, refusal: DomainError) -> Any:
        """Sentences about the thing stand at it."""
        for name, sentence in super().sentences(refusal):
            yield name or "what", sentence


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


@admin.register(Stop, site=merchant_admin)
class StopAdmin(ServiceAdmin):
    """Stops in force. One is lifted rather than changed."""

    form = StopForm
    change_form_template = "backoffice/record.html"
    fields = ("what", "location", "until", "reason")
    list_display = (
        titled(_what, "What"),
        titled(lambda row: row.location.name if row.location else "everywhere", "Where", "location"),
        titled(_until, "Until", "until"),
        "reason",
        "at",
    )
    list_filter = ("location",)
    search_fields = ("item__name", "variant__item__name", "variant__sku", "reason")
    ordering = ("-at",)
    actions = ("lift_stops",)

    def what(self, row: Stop) -> str:
        """What is stopped."""
        return _what(row)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stop]:
        """Those that are in force."""
        del request
        return stops(at=now()).select_related("item", "variant__item", "location").order_by("-at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that is there is only lifted."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may stop may lift."""
        del obj
        return super().has_add_permission(request)

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Stop it."""
        del obj, formsets
        stop(draft=form.draft(), actor=actor, at=at)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Back to the list, which shows it."""
        del obj, post_url_continue
        self.message_user(request, "It is stopped; every till knows at once.", level="SUCCESS")
        return self.response_post_save_add(request, None)

    def remove(self, *, obj: Any, actor: Actor, at: dt.datetime) -> None:
        """Lift the stop."""
        lift(stop_id=obj.pk, actor=actor, at=at)

    @admin.action(description="Lift", permissions=["delete"])
    def lift_stops(self, request: HttpRequest, queryset: QuerySet[Stop]) -> None:
        """Lift the chosen stops."""
        for row in queryset:
            self.delete_model(request, row)
        self.message_user(request, "They may be sold again.")
