"""House accounts in the back office: terms are saved through the service, what is owed is only shown."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fynlo.backoffice.columns import money
from fynlo.backoffice.options import ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from payments.credit.models import HouseAccount
from payments.credit.services import HouseAccountDraft, save_house_account


@admin.register(HouseAccount, site=merchant_admin)
class HouseAccountAdmin(ServiceAdmin):
    """Who buys on account. The code names an account of the books, so it is set once."""

    fields = ("code", "name", "contact", "limit_minor", "is_active")
    amounts = frozenset({"limit_minor"})
    list_display = (
        "code",
        "name",
        "contact",
        money("limit_minor", "Limit"),
        money("balance_minor", "Owes"),
        "is_active",
    )
    list_filter = ("is_active",)
    ordering = ("code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The code, once it is there."""
        del request
        return ("code",) if obj else ()

    def carry_out(
        self, *, obj: Any, form: Any, formsets: Sequence[Any], actor: Actor, at: dt.datetime
    ) -> None:
        """Save the account."""
        del formsets
        values = form.cleaned_data
        draft = HouseAccountDraft(
            id=obj.pk,
            code=values.get("code", obj.code),
            name=values["name"],
            contact=values["contact"],
            limit_minor=values["limit_minor"],
            is_active=values["is_active"],
        )
        save_house_account(draft=draft, actor=actor, at=at)
