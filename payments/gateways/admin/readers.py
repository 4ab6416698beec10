"""Card readers, and the registers they stand at."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminSelectWidget

from fynlo.backoffice.columns import NOTHING, in_words, titled
from fynlo.backoffice.options import ServiceAdmin, ServiceForm
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from payments.gateways.models import Reader
from payments.gateways.places import register_names
from payments.gateways.services import ReaderDraft, save_reader
from payments.gateways.words import READER


class ReaderForm(ServiceForm):
    """A reader, and the register it stands at, chosen by its name."""

    register_id = forms.TypedChoiceField(
        label="Register",
        required=False,
        coerce=lambda key: UUID(str(key)),
        empty_value=None,
        widget=UnfoldAdminSelectWidget(),
        help_text="Where it stands. Without one it is offered at every register.",
    )

    class Meta:
        model = Reader
        fields = ("connection", "vendor_id", "name", "model", "register_id", "is_active")
        labels: ClassVar = {
            "connection": "Account at a provider",
            "vendor_id": "Its name there",
            "is_active": "In use",
        }
        help_texts: ClassVar = {
            "vendor_id": "The provider's name for the reader; at the simulator any, such as R1."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        register: Any = self.fields["register_id"]
        names = sorted(register_names().items(), key=lambda each: each[1])
        register.choices = [("", "Any"), *((str(key), name) for key, name in names)]


def _account_of(row: Any) -> str:
    return str(row.connection)


def _vendor_id(row: Any) -> str:
    return str(row.vendor_id)


def _is_used(row: Any) -> bool:
    return bool(row.is_active)


_is_used.boolean = True  # type: ignore[attr-defined]  # how Django's admin learns it


def _register(row: Any) -> str:
    return "Any" if row.register_id is None else register_names().get(row.register_id, NOTHING)


@admin.register(Reader, site=merchant_admin)
class ReaderAdmin(ServiceAdmin):
    """Card readers, and the tills they stand at."""

    form = ReaderForm
    fields = ("connection", "vendor_id", "name", "model", "register_id", "is_active")
    list_display = (
        "name",
        titled(_account_of, "Account", "connection"),
        titled(_vendor_id, "Its name there", "vendor_id"),
        titled(_register, "Register", "register_id"),
        in_words("state", "State", READER),
        titled(_is_used, "In use", "is_active"),
    )
    list_select_related = ("connection",)
    list_filter = ("is_active",)
    ordering = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Whose reader it is, once it is there."""
        del request
        return ("connection", "vendor_id") if obj else ()

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the reader."""
        del formsets, at
        values = form.cleaned_data
        connection = values.get("connection")
        draft = ReaderDraft(
            id=obj.pk,
            connection_id=obj.connection_id if connection is None else connection.pk,
            vendor_id=values.get("vendor_id", obj.vendor_id),
            name=values["name"],
            model=values["model"],
            register_id=values["register_id"],
            is_active=values["is_active"],
        )
        save_reader(draft=draft, actor=actor)
