"""The books in the back office, to read: accounts with their balances, and every transfer."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from fynlo.backoffice.columns import money, titled
from fynlo.backoffice.options import ReadOnlyAdmin
from fynlo.backoffice.site import merchant_admin
from payments.ledger.models import Account, Transfer
from payments.ledger.queries import accounts_with_balance


@admin.register(Account, site=merchant_admin)
class AccountAdmin(ReadOnlyAdmin):
    """The chart of accounts."""

    list_display = (
        "code",
        "name",
        "kind",
        money("debited", "Debited"),
        money("credited", "Credited"),
        money("balance", "Balance"),
    )
    list_display_links = None
    list_filter = ("kind",)
    ordering = ("code",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Accounts with their sums, in one statement."""
        del request
        return accounts_with_balance()


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
