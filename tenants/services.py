"""What the platform does to a merchant: suspend and resume, and note which accounts at vendors are theirs."""

import datetime as dt
from typing import ClassVar

from django.db import transaction

from fynlo.core.actors import Actor
from fynlo.core.errors import Conflict, InvalidInput, NotFound
from fynlo.core.tenancy import TenantLike, platform_context
from tenants.audit import note
from tenants.models import Tenant, VendorAccount


class UnknownMerchant(NotFound):
    """There is no merchant with this slug."""

    code: ClassVar[str] = "unknown_merchant"
    title: ClassVar[str] = "There is no such merchant"


class VendorAccountTaken(Conflict):
    """Another merchant has this account at the vendor."""

    code: ClassVar[str] = "vendor_account_taken"
    title: ClassVar[str] = "This account belongs to another merchant"


def suspend_tenant(*, slug: str, reason: str, actor: Actor, at: dt.datetime) -> Tenant:
    """Refuse every request of a merchant from now on, in every process; what is stored stays.

    Suspending a suspended merchant changes the reason and not the time. Raises `UnknownMerchant`,
    `InvalidInput` without a reason.
    """
    if not reason.strip():
        raise InvalidInput("A merchant is suspended for a reason; say it.", pointer="/reason")
    if not reason.isprintable():
        raise InvalidInput("The reason has characters that cannot be shown.", pointer="/reason")
    with platform_context(), transaction.atomic():
        tenant = _locked(slug)
        tenant.suspended_at = tenant.suspended_at or at
        tenant.suspended_reason = reason.strip()[:200]
        tenant.save(update_fields=["suspended_at", "suspended_reason"])
        note(
            action="tenant.suspended",
            tenant=tenant,
            actor=actor,
            at=at,
            data={"reason": tenant.suspended_reason},
        )
    return tenant


def resume_tenant(*, slug: str, actor: Actor, at: dt.datetime) -> Tenant:
    """Serve a suspended merchant again. One who is not suspended stays as they are. Raises `UnknownMerchant`."""
    with platform_context(), transaction.atomic():
        tenant = _locked(slug)
        if tenant.suspended_at is None:
            return tenant
        data = {"suspended_at": tenant.suspended_at.isoformat(), "reason": tenant.suspended_reason}
        tenant.suspended_at, tenant.suspended_reason = None, ""
        tenant.save(update_fields=["suspended_at", "suspended_reason"])
        note(action="tenant.resumed", tenant=tenant, actor=actor, at=at, data=data)
    return tenant


def claim_vendor_account(*, gateway: str, account: str, tenant: TenantLike, at: dt.datetime) -> None:
    """From now on what comes in for this account is the merchant's. Saying it again changes nothing.

    Called with names the vendor told the platform (an account it made or that was connected to it), never with
    what somebody typed: who names another's account would get their events. Raises `VendorAccountTaken`.
    """
    with platform_context(), transaction.atomic():
        row = VendorAccount(gateway=gateway, account=account, tenant_id=tenant.id, created_at=at)
        VendorAccount.objects.bulk_create([row], ignore_conflicts=True)
        owner = VendorAccount.objects.values_list("tenant_id", flat=True).get(
            gateway=gateway, account=account
        )
    if owner != tenant.id:
        raise VendorAccountTaken


def release_vendor_account(*, gateway: str, account: str, tenant: TenantLike) -> None:
    """It is not the merchant's any more. Nothing happens when it was not."""
    with platform_context():
        VendorAccount.objects.filter(gateway=gateway, account=account, tenant_id=tenant.id).delete()


def _locked(slug: str) -> Tenant:
    tenant: Tenant | None = Tenant.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if tenant is None:
        raise UnknownMerchant(f"There is no merchant {slug!r}.", slug=slug)
    return tenant
