"""Building a merchant's schema: the one function that does it, for onboarding and for tests alike."""

import time
from dataclasses import dataclass
from typing import Literal

from django.db import connection, transaction

from fynlo.core.tenancy import platform_context
from tenants.models import Tenant
from tenants.schemas.applying import apply_migrations
from tenants.schemas.checking import foreign_references
from tenants.schemas.fingerprint import tenant_fingerprint
from tenants.schemas.grants import grant_tenant
from tenants.schemas.places import TEMPLATE_SCHEMA, in_schema, merchant_schema
from tenants.schemas.templates import current_template


class SchemaBroken(RuntimeError):
    """A schema was built, but something in it points elsewhere. The transaction must not be committed."""


@dataclass(frozen=True, slots=True)
class Built:
    """How a schema was built, and how long that took."""

    way: Literal["replay", "migrations"]
    milliseconds: int


def create_schema(*, tenant: Tenant) -> Built:
    """Build the schema of `tenant`, give the run-time role its rights, and check it.

    Runs in the caller's transaction (or one of its own), as owner: when that is rolled back, nothing of the
    schema stays. Raises `TemplateMissing`, `SchemaBroken`, and ProgrammingError when the schema exists.
    """
    schema, started = merchant_schema(tenant.schema_name), time.perf_counter()
    with platform_context(), transaction.atomic():
        template = current_template()
        if template.ddl:
            _replay(template.ddl, schema)
        else:
            _migrate(schema)
        grant_tenant(schema=schema)
        astray = foreign_references(schema=schema)
        if astray:
            raise SchemaBroken(f"{schema}: " + "; ".join(astray))
        tenant.schema_fingerprint = tenant_fingerprint()
        tenant.save(update_fields=["schema_fingerprint"])
    elapsed = round((time.perf_counter() - started) * 1000)
    return Built("replay" if template.ddl else "migrations", elapsed)


def _replay(ddl: str, schema: str) -> None:
    """Run the template's statements under another name: one text of top-level statements, one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(ddl.replace(TEMPLATE_SCHEMA, schema))


def _migrate(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(schema)}")
    with in_schema(schema):
        apply_migrations()
