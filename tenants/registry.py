"""The look-ups through which the rest of the house finds merchants. Each leaves the connection where it was."""

from fynlo.core.tenancy import TenantLike, platform_context
from tenants import states
from tenants.models import Tenant


def live_tenants() -> list[TenantLike]:
    """Merchants whose readers and background work run, ordered by schema name."""
    with platform_context():
        return list(Tenant.objects.filter(state__in=states.LIVE).order_by("schema_name"))


def tenant_by_schema(schema: str) -> TenantLike | None:
    """The merchant with this schema, or None."""
    with platform_context():
        return Tenant.objects.filter(schema_name=schema).first()


def tenant_by_host(host: str) -> TenantLike | None:
    """The merchant who owns this host name (lower case, no port), or None."""
    with platform_context():
        return Tenant.objects.filter(domains__domain=host).first()
