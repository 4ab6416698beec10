"""Accounts at vendors. Secrets are typed in and sealed; no page shows one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from fynlo.backoffice.actors import actor_of
from fynlo.backoffice.columns import NOTHING, in_words, titled
from fynlo.backoffice.filters import one_of
from fynlo.backoffice.options import ServiceAdmin, ServiceForm
from fynlo.backoffice.pages import page, render
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import NotFound
from payments.gateways.admin.shown import account_head, account_state, reader_row
from payments.gateways.base import GatewayFailure, OutcomeUnknown
from payments.gateways.models import Connection
from payments.gateways.models.connections import CONNECTION_STATES, LOST
from payments.gateways.queries import connection as find_connection
from payments.gateways.registry import codes, is_local
from payments.gateways.services import (
    ConnectionDraft,
    check_connection,
    check_secrets,
    save_connection,
)
from payments.gateways.words import ACCOUNT, GATEWAY, word

_SAVED: Final = "_account_saved"
"""Where a request keeps which account it saved."""


class UntoldTextarea(UnfoldAdminTextareaWidget):
    """A field that is typed into and never filled in, also where the form comes back because of another field."""

    def format_value(self, value: Any) -> str | None:
        """Nothing of what was typed."""
        del value
        return None


def _providers() -> list[tuple[str, str]]:
    return [(code, word(code, GATEWAY)) for code in codes()]


class ConnectionForm(ServiceForm):
    """An account; its secrets can be replaced, never read."""

    gateway = forms.ChoiceField(
        label="Provider",
        choices=_providers,
        widget=UnfoldAdminSelectWidget(),
    )
    settings = forms.JSONField(
        required=False,
        initial=dict,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text='What the provider wants to know, such as {"uncaptured": "cancel"}; never a secret.',
    )
    secrets = forms.CharField(
        required=False,
        widget=UntoldTextarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        help_text="One per line: name=value, such as Stripe's secret_key=… and webhook_secret=… Left empty, those "
        "that are there stay. They are never shown.",
    )

    class Meta:
        model = Connection
        fields = ("gateway", "name", "account", "is_live", "is_active", "settings")
        labels: ClassVar = {"account": "Its name there", "is_live": "Real money", "is_active": "In use"}
        help_texts: ClassVar = {
            "name": "What people here call it.",
            "account": "The provider's name for the account, where it has one.",
        }

    def clean_settings(self) -> Mapping[str, Any]:
        """Names and values."""
        value = self.cleaned_data.get("settings") or {}
        if not isinstance(value, dict):
            raise forms.ValidationError('An object is expected: {"name": "value"}.')
        return value

    def clean_secrets(self) -> Mapping[str, str] | None:
        """The secrets by name, or None to keep those that are there."""
        lines = [line.strip() for line in self.cleaned_data["secrets"].splitlines() if line.strip()]
        pairs = [line.partition("=") for line in lines]
        if not all(name.strip() and sign and value.strip() for name, sign, value in pairs):
            raise forms.ValidationError("Write each line as name=value.")
        return {name.strip(): value.strip() for name, _, value in pairs} or None


def _account(row: Any) -> str:
    return row.account or NOTHING


def _is_live(row: Any) -> bool:
    return bool(row.is_live)


def _is_used(row: Any) -> bool:
    return bool(row.is_active)


_is_live.boolean = _is_used.boolean = True  # type: ignore[attr-defined]  # how Django's admin learns it


def _checked(row: Any) -> str:
    return NOTHING if row.checked_at is None else date_format(localtime(row.checked_at), "Y-m-d H:i")


@admin.register(Connection, site=merchant_admin)
class ConnectionAdmin(ServiceAdmin):
    """Accounts at payment providers, and how they are."""

    form = ConnectionForm
    fields = ("gateway", "name", "account", "is_live", "is_active", "settings", "secrets")
    list_display = (
        "name",
        in_words("gateway", "Provider", GATEWAY),
        titled(_account, "Its name there", "account"),
        titled(account_state, "State", "state"),
        titled(_is_live, "Real money", "is_live"),
        titled(_is_used, "In use", "is_active"),
        titled(_checked, "Asked last", "checked_at"),
    )
    list_filter = (one_of("state", "state", CONNECTION_STATES, ACCOUNT), "is_active")
    ordering = ("gateway", "name")
    actions_detail = ("how_it_is",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Which vendor it is at, once it is there."""
        del request
        return ("gateway",) if obj else ()

    @action(description="How it is", url_path="how-it-is", icon="ecg_heart")
    def how_it_is(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks it."""
        del request
        return HttpResponseRedirect(reverse("admin:payments_connection_health", args=(object_id,)))

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the account."""
        del formsets
        save_connection(draft=_draft(obj, form.cleaned_data), actor=actor, at=at)

    def ask_first(self, *, request: HttpRequest, object_id: str | None) -> None:
        """Whose the secrets are that were typed for an account that is there."""
        row = None if object_id is None else self.get_object(request, object_id)
        if row is None or not self.has_change_permission(request, row):
            return
        form = self.get_form(request, row, change=True)(request.POST, request.FILES, instance=row)
        if form.is_valid():
            check_secrets(draft=_draft(row, form.cleaned_data), actor=actor_of(request))

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """Remember which account it is, to ask it when it is kept."""
        setattr(request, _SAVED, obj.pk)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        """Remember which account it is, to ask it when it is kept."""
        setattr(request, _SAVED, obj.pk)
        return super().response_change(request, obj)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Save it; one that is new, or has new secrets, is asked at once what it can do, in no transaction."""
        answer = super().changeform_view(request, object_id, form_url, extra_context)
        saved = getattr(request, _SAVED, None)
        row = None if saved is None else Connection.objects.filter(pk=saved, checked_at=None).first()
        if row is not None and not is_local(row.gateway):
            _ask(request, row)
        return answer


def _ask(request: HttpRequest, row: Connection) -> None:
    """Ask an account what it can do; what is wrong is told."""
    try:
        check_connection(connection_id=row.pk, at=now())
    except (GatewayFailure, OutcomeUnknown):
        messages.error(request, "The payment provider does not answer.")
        return
    row.refresh_from_db()
    if row.state == LOST:
        messages.error(request, f"{row.name} is not connected: {row.health.get('text', '')}")


def _draft(row: Any, values: Mapping[str, Any]) -> ConnectionDraft:
    return ConnectionDraft(
        id=row.pk,
        gateway=values.get("gateway", row.gateway),
        name=values["name"],
        account=values["account"],
        is_live=values["is_live"],
        is_active=values["is_active"],
        settings=values["settings"],
        secrets=values["secrets"],
    )


@page(
    merchant_admin,
    "payments/connection/<uuid:connection_id>/health/",
    name="payments_connection_health",
    permission="payments.read",
)
def health_page(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """How an account is; posted to, it is asked now."""
    try:
        row = find_connection(connection_id=connection_id)
    except NotFound:
        raise Http404 from None
    if request.method == "POST":
        actor_of(request).require("payments.read")
        _ask(request, row)
        return HttpResponseRedirect(reverse("admin:payments_connection_health", args=(row.pk,)))
    return render(
        merchant_admin,
        request,
        "payment_connection",
        row.name,
        row=row,
        head=account_head(row),
        readers=[reader_row(each) for each in row.readers.all()],
    )
