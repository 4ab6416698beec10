"""The merchant's row: what the database keeps out, and what the library may not do."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from fynlo.core.tenancy import platform_context
from tenants.models import Tenant, schema_for
from tests.tenants.database import ask

pytestmark = pytest.mark.usefixtures("owner")
AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def make(slug: str, **fields: str) -> Tenant:
    values = {"schema_name": schema_for(slug), "name": slug, "currency": "EUR", **fields}
    with platform_context(), transaction.atomic():
        tenant: Tenant = Tenant.objects.create(slug=slug, created_at=AT, **values)
    return tenant


@pytest.mark.parametrize(
    "slug", ["ab", "Kiosk", "1kiosk", "kiosk-am-tor", 'x"; DROP SCHEMA public', "k" * 41]
)
def test_the_database_keeps_out_slugs_that_could_not_be_schemas(slug: str) -> None:
    from django.db import DataError

    with pytest.raises((IntegrityError, DataError)):
        make(slug)


@pytest.mark.parametrize(
    "fields", [{"schema_name": "public"}, {"schema_name": "t_x"}, {"state": "unheard_of"}]
)
def test_the_database_keeps_out_other_schemas_and_unknown_states(fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        make("kiosk", **fields)


def test_saving_builds_no_schema_and_deleting_drops_none() -> None:
    kiosk = make("kiosk")
    assert ask("SELECT 1 FROM pg_namespace WHERE nspname = 't_kiosk'") == []
    with platform_context():
        kiosk.delete()
        cafe = Tenant.objects.get(slug="cafe")
        with pytest.raises(RuntimeError, match="dropped by nobody"):
            cafe.delete(force_drop=True)
    assert ask("SELECT 1 FROM pg_namespace WHERE nspname = 't_cafe'") == [(1,)]


def test_the_librarys_way_to_a_schema_is_closed() -> None:
    with pytest.raises(RuntimeError, match=r"tenants\.schemas\.services\.create_schema"):
        make("kiosk").create_schema()
