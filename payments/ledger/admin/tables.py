"""The chart of accounts with its balances, to change; and every transfer, to read."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from fynlo.backoffice.columns import money, titled
from fynlo.backoffice.options import ReadOnlyAdmin, ServiceAdmin
from fynlo.backoffice.site import merchant_admin
from fynlo.core.actors import Actor
from payments.ledger.models import Account, Transfer
from payments.ledger.queries import accounts_with_balance
from payments.ledger.services import AccountDraft, save_account


@admin.register(Account, site=merchant_admin)
class AccountAdmin(ServiceAdmin):
    """The chart of accounts. The code is set once; nothing is deleted, transfers name it."""

    fields = ("code", "number", "name", "kind", "posting_keys", "is_active")
    list_display = (
        "code",
        "number",
        "name",
        "kind",
        titled(lambda account: ", ".join(account.posting_keys), "Booked here"),
        money("debited", "Debited"),
        money("credited", "Credited"),
        money("balance", "Balance"),
    )
    list_filter = ("kind", "is_active")
    search_fields = ("code", "number", "name")
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Accounts with their sums, in one statement."""
        del request
        return accounts_with_balance()

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
        draft = AccountDraft(
            id=obj.pk,
            code=values.get("code", obj.code),
            name=values["name"],
            kind=values["kind"],
            number=values["number"],
            is_active=values["is_active"],
            posting_keys=tuple(values["posting_keys"]),
        )
        save_account(draft=draft, actor=actor, at=at)


@admin.register(Transfer, site=merchant_admin)
class TransferAdmin(ReadOnlyAdmin):
    """Amounts from one account to another, newest first."""

    list_display = (
        "at",
        "business_date",
        "kind",
        titled(lambda transfer: transfer.debit.code, "Debit", "debit__code"),
        titled(lambda transfer: transfer.credit.code, "Credit", "credit__code"),
        money("amount_minor", "Amount"),
        "order_id",
    )
    list_display_links = None
    list_filter = ("debit", "credit")
    list_select_related = ("debit", "credit")
    date_hierarchy = "business_date"
    ordering = ("-id",)
