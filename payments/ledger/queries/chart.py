"""Reads of the chart of accounts."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.errors import NotFound
from payments.ledger.accounts import KNOWN_KEYS, UnknownAccount, planned, wider_keys
from payments.ledger.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Where a posting key is booked. `is_own`: the chart says so for this very key, not for a wider one."""

    key: str
    account: Account | None
    is_own: bool


def accounts() -> QuerySet[Account]:
    """The chart, for lists."""
    return Account.objects.order_by("code")


def find_account(*, account_id: UUID) -> Account:
    """The account with this id; raises `NotFound`."""
    found: Account | None = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise NotFound("There is no such account.")
    return found


def mappings() -> list[Mapped]:
    """Every key that is fixed, mapped or has a standard account, with where it is booked now; one statement."""
    chart = list(accounts())
    by_key = {key: account for account in chart for key in account.posting_keys}
    by_code = {account.code: account for account in chart}
    keys = {*KNOWN_KEYS, *by_key, *(code for code in by_code if _is_standard(code))}
    found = []
    for key in sorted(keys):
        mapped = next((by_key[wide] for wide in wider_keys(key) if wide in by_key), None)
        account = mapped or by_code.get(key.partition("@")[0])
        found.append(Mapped(key=key, account=account, is_own=key in by_key))
    return found


def _is_standard(code: str) -> bool:
    try:
        planned(code)
    except UnknownAccount:
        return False
    return True
