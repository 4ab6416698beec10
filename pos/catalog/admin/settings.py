"""How the merchant rounds, in the back office: one record that is always there."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fynlo.backoffice.columns import money, titled
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from pos.catalog.admin.documents import DocumentAdmin
from pos.catalog.documents.reading import SETTINGS_ID
from pos.catalog.forms.categories import MODES, SCOPES, SettingsForm
from pos.catalog.forms.documents import Document
from pos.catalog.models import CatalogHead
from pos.catalog.services.documents import put_document


@admin.register(CatalogHead, site=merchant_admin)
class SettingsAdmin(DocumentAdmin):
    """The settings of the catalogue."""

    form = SettingsForm
    fields = ("rounding_scope", "rounding_mode", "cash_increment")
    list_display = (
        titled(lambda _head: "Rounding", "Settings"),
        titled(lambda head: dict(SCOPES)[head.rounding_scope], "Taxes are rounded"),
        titled(lambda head: dict(MODES)[head.rounding_mode], "Half a unit"),
        money("cash_increment", "Cash in steps of"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one already."""
        del request
        return False

    def put(self, *, obj: Any, form: Any, document: Document, actor: Actor, at: dt.datetime) -> None:
        """Make the settings what is stated."""
        del obj
        put_document(
            kind="settings",
            document_id=SETTINGS_ID,
            document=document,
            actor=actor,
            at=at,
            matches=form.matches,
        )
