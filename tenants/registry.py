"""The look-ups through which the rest of the house finds merchants. Each leaves the connection where it was."""

from typing import Final

from django.db import connection

from fynlo.core.tenancy import TenantLike, platform_context
from tenants import states
from tenants.models import Tenant

_COLUMNS: Final = [column.attname for column in Tenant._meta.concrete_fields]
_BY_HOST: Final = (
    f"SELECT {', '.join(f'tenant.{column.column}' for column in Tenant._meta.concrete_fields)} "  # noqa: S608  our own columns
    "FROM tenants_domain AS domain JOIN tenants_tenant AS tenant ON tenant.id = domain.tenant_id "
    "WHERE domain.domain = %s"
)


def live_tenants(*, for_guests: bool = False) -> list[TenantLike]:
    """Merchants whose readers and background work run, ordered by schema name.

    `for_guests`: also those who are suspended, for work on money that guests gave or are to get back.
    """
    with platform_context():
        live = Tenant.objects.filter(state__in=states.LIVE)
        if not for_guests:
            live = live.filter(suspended_at__isnull=True)
        return list(live.order_by("schema_name"))


def admit(tenant: TenantLike, *, for_guests: bool = False) -> None:
    """Raise what the merchant's state says to background work: it finishes what was begun, also when read-only, and
    what is `for_guests` also while the merchant is suspended.
    """
    asked = states.Request(writes=True, finishes=True, for_guests=for_guests)
    error = states.refusal(tenant, asked)  # type: ignore[arg-type]
    if error is not None:
        raise error


def tenant_by_schema(schema: str) -> TenantLike | None:
    """The merchant with this schema, or None."""
    with platform_context():
        return Tenant.objects.filter(schema_name=schema).first()


def tenant_by_host(host: str) -> TenantLike | None:
    """The merchant who owns this host name (lower case, no port), or None.

    Every request asks, so the statement is worded once instead of compiled each time (a fifth of the ORM's
    CPU time for it). It is not cached: a suspension counts from the next request on, in every process.
    """
    with platform_context(), connection.cursor() as cursor:
        cursor.execute(_BY_HOST, [host])
        row = cursor.fetchone()
    return None if row is None else Tenant.from_db(connection.alias, _COLUMNS, row)
