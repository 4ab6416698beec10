"""The sync app's tables in the back office, and the feed that every reader follows."""

import json
from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fynlo.backoffice.columns import titled
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.events.models import Event
from sync.terminals import admin as terminals

__all__ = ["EventAdmin", "terminals"]


def _data(event: Any) -> SafeString:
    text = json.dumps(event.data, ensure_ascii=False, indent=2)
    return format_html('<pre class="whitespace-pre-wrap">{}</pre>', text)


data = titled(_data, "Data")


@admin.register(Event, site=merchant_admin)
class EventAdmin(ReadOnlyAdmin):
    """Everything that happened, newest first, as tills and other readers are told."""

    list_display = ("position", "at", "kind", "entity_id")
    search_fields = ("^kind",)
    search_help_text = "Kind, such as order."
    ordering = ("-position",)
    fields = (("position", "at", "kind"), ("entity_id", "txn"), data)
    readonly_fields = (data,)
