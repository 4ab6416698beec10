"""Menus in the back office: what a till shows, and what the clock says of it."""

import datetime as dt

from django.contrib import admin
from django.utils import timezone

from fynlo.backoffice.columns import titled
from fynlo.backoffice.site import merchant_admin
from fynlo.core.clock import now
from pos.catalog.admin.documents import DocumentAdmin
from pos.catalog.admin.offers import conditions
from pos.catalog.forms.offers import MenuForm
from pos.catalog.menu_hours import hours
from pos.catalog.models import Menu
from pos.pricing.reading import read_when


def on_air(menu: Menu) -> str:
    """Whether it is on and until when, on the merchant's clock: `on until 11:00`."""
    if not menu.is_active:
        return "out of use"
    local = timezone.localtime(now()).replace(tzinfo=None)
    found = hours(when=read_when(menu.when), at=local)
    state = "on now" if found.is_on else "off"
    if found.changes_at is None:
        return state
    return f"{state} until {_moment(found.changes_at, local)}"


def _moment(moment: dt.datetime, local: dt.datetime) -> str:
    if moment.date() == local.date():
        return moment.strftime("%H:%M")
    return moment.strftime("%a %H:%M" if moment - local < dt.timedelta(days=6) else "%Y-%m-%d %H:%M")


@admin.register(Menu, site=merchant_admin)
class MenuAdmin(DocumentAdmin):
    """Menus."""

    form = MenuForm
    may_be_removed = True
    fields = (("name", "position"), "is_active", "entries", "when")
    list_display = (
        "name",
        titled(on_air, "Now"),
        titled(conditions, "When"),
        titled(lambda menu: str(len(menu.entries)), "Entries"),
        "position",
        "is_active",
    )
    search_fields = ("name",)
    ordering = ("position", "name")
