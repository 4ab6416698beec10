"""A house account as the API and the feed tell it."""

from typing import Any

from fynlo.core.clock import rfc3339
from fynlo.core.tenancy import current_tenant
from payments.credit.models import HouseAccount


def house_account_document(account: HouseAccount) -> dict[str, Any]:
    """The account with its terms and what it owes; `available` is None where there is no limit."""
    currency = current_tenant().currency
    limit = account.limit_minor

    def money(amount_minor: int | None) -> dict[str, Any] | None:
        return None if amount_minor is None else {"amount_minor": amount_minor, "currency": currency}

    return {
        "id": str(account.id),
        "code": account.code,
        "name": account.name,
        "contact": account.contact or None,
        "is_active": account.is_active,
        "limit": money(limit),
        "balance": money(account.balance_minor),
        "available": money(None if limit is None else max(limit - account.balance_minor, 0)),
        "opened_at": rfc3339(account.opened_at),
    }
