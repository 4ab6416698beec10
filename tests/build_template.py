"""Builds the template database: run as `python -m tests.build_template` by `tests.database`, as owner."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

import datetime as dt

import django

django.setup()

from django.db import connection

from fynlo.core.actors import SYSTEM
from fynlo.core.tenancy import platform_context
from tenants import states
from tenants.models import Domain, Tenant, schema_for
from tenants.operators import create_operator
from tenants.schemas.migrating import migrate_everything
from tenants.schemas.services import create_schema

MERCHANTS = [
    ("cafe", "Café Morgenrot", "DE", "EUR", "Europe/Berlin"),
    ("grocer", "Harvest & Daughters", "GB", "GBP", "Europe/London"),
]
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
# Only the owner may make operators, so one comes with the template.
OPERATOR_EMAIL, OPERATOR_PASSWORD = "anna@platform.example", "lantern-gravel-seven"


def build() -> None:
    """Migrate the platform and make two merchants with empty schemas."""
    migrate_everything(at=AT)
    for slug, name, country, currency, time_zone in MERCHANTS:
        with platform_context():
            tenant = Tenant.objects.create(
                slug=slug,
                schema_name=schema_for(slug),
                name=name,
                country=country,
                currency=currency,
                time_zone=time_zone,
                state=states.ACTIVE,
                created_at=AT,
            )
            Domain.objects.create(domain=f"{slug}.localhost", tenant=tenant, is_primary=True)
            create_schema(tenant=tenant)
    create_operator(email=OPERATOR_EMAIL, name="Anna", password=OPERATOR_PASSWORD, actor=SYSTEM, at=AT)
    connection.close()


if __name__ == "__main__":
    build()
