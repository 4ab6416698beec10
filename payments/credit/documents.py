"""House accounts, gift cards and store credit as the API and the feed tell them."""

from typing import Any

from fynlo.core.clock import rfc3339
from fynlo.core.tenancy import current_tenant
from payments.credit.models import HouseAccount, StoredValue, ValueActivity, ValueReservation


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


def stored_value_document(account: StoredValue) -> dict[str, Any]:
    """A gift card or a credit as the API and the feed tell it; its code is never in it.

    `available` is what any till may spend of it, the rest of `balance` is kept for those that may be offline.
    """

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": account.currency}

    return {
        "id": str(account.id),
        "kind": account.kind,
        "state": account.state,
        "last4": account.shown,
        "has_pin": bool(account.pin_hash),
        "balance": money(account.balance_minor),
        "reserved": money(account.reserved_minor),
        "available": money(account.balance_minor - account.reserved_minor),
        "overdrawn": money(account.overdrawn_minor),
        "holder": account.holder or None,
        "expires_on": None if account.expires_on is None else account.expires_on.isoformat(),
        "created_at": rfc3339(account.created_at),
    }


def activity_document(row: ValueActivity) -> dict[str, Any]:
    """Something that happened to it, with the balance after it."""

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": row.currency}

    return {
        "id": str(row.id),
        "kind": row.kind,
        "amount": money(row.amount_minor),
        "balance": money(row.balance_minor),
        "overdrawn": money(row.overdrawn_minor),
        "cause": row.cause,
        "cause_id": str(row.cause_id),
        "order_id": None if row.order_id is None else str(row.order_id),
        "reason": row.reason or None,
        "employee": row.employee_name or None,
        "approver": row.approver_name or None,
        "at": rfc3339(row.at),
        "business_date": row.business_date.isoformat(),
    }


def reservation_document(row: ValueReservation) -> dict[str, Any]:
    """What is kept for a register, and what of that is left."""
    return {
        "id": str(row.id),
        "gift_card_id": str(row.account_id),
        "register_id": str(row.register_id),
        "amount": {"amount_minor": row.amount_minor, "currency": row.currency},
        "left": {"amount_minor": row.left_minor, "currency": row.currency},
        "state": row.state,
        "made_at": rfc3339(row.made_at),
        "expires_at": rfc3339(row.expires_at),
    }
