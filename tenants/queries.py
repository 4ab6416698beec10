"""What the platform knows of its merchants. Never anything of theirs."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Max, Q

from fynlo.core.tenancy import platform_context
from tenants.models import Domain, OnboardingRun, Tenant, VendorAccount


@dataclass(frozen=True, slots=True)
class Merchant:
    """One merchant as the platform sees them."""

    slug: str
    name: str
    state: str
    schema: str
    schema_fingerprint: str
    country: str
    currency: str
    time_zone: str
    language: str
    plan: str
    is_canary: bool
    created_at: dt.datetime
    suspended_at: dt.datetime | None
    suspended_reason: str
    domains: tuple[str, ...]
    configuration_version: int | None


def merchants(*, slug: str | None = None) -> list[Merchant]:
    """Every merchant, or the one with this slug, ordered by slug. Two statements."""
    with platform_context():
        found = Tenant.objects.order_by("slug").prefetch_related("domains")
        found = found.annotate(
            version=Max("configuration_versions__version", filter=Q(configuration_versions__is_current=True))
        )
        return [_merchant(tenant) for tenant in (found.filter(slug=slug) if slug else found)]


def slugs() -> list[str]:
    """The slugs of all merchants, sorted."""
    with platform_context():
        return list(Tenant.objects.order_by("slug").values_list("slug", flat=True))


def main_host(*, slug: str) -> str:
    """The host name at which a merchant is found first, without port: their main domain."""
    with platform_context():
        rows = Domain.objects.filter(tenant__slug=slug).order_by("-is_primary", "domain")
        found: str | None = rows.values_list("domain", flat=True).first()
        return found or f"{slug}.{settings.FYNLO_BASE_DOMAIN}"


def merchant_of_account(*, gateway: str, account: str) -> Tenant | None:
    """The merchant whose account at a vendor this is, or None. The platform's own account ("") is nobody's."""
    with platform_context():
        rows = VendorAccount.objects.filter(gateway=gateway, account=account).select_related("tenant")
        found = rows.first()
        return None if found is None else found.tenant


def last_run(*, slug: str) -> OnboardingRun | None:
    """The last onboarding run of a merchant with its steps, or None."""
    with platform_context():
        runs = OnboardingRun.objects.filter(tenant__slug=slug).prefetch_related("steps")
        return runs.order_by("-started_at", "-id").first()


def _merchant(tenant: Tenant) -> Merchant:
    domains = sorted(tenant.domains.all(), key=lambda domain: (not domain.is_primary, domain.domain))
    return Merchant(
        slug=tenant.slug,
        name=tenant.name,
        state=tenant.state,
        schema=tenant.schema_name,
        schema_fingerprint=tenant.schema_fingerprint,
        country=tenant.country,
        currency=tenant.currency,
        time_zone=tenant.time_zone,
        language=tenant.language,
        plan=tenant.plan,
        is_canary=tenant.is_canary,
        created_at=tenant.created_at,
        suspended_at=tenant.suspended_at,
        suspended_reason=tenant.suspended_reason,
        domains=tuple(domain.domain for domain in domains),
        configuration_version=tenant.version,
    )
