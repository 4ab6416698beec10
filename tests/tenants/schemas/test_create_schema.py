"""A new merchant's schema: replayed from the template, whole, guarded, and gone when the caller rolls back."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from fynlo.core.tenancy import platform_context, tenant_context
from staff.models import Role
from tenants.models import SchemaTemplate, Tenant, schema_for
from tenants.schemas import dumping
from tenants.schemas.checking import check_schema
from tenants.schemas.fingerprint import tenant_fingerprint
from tenants.schemas.places import TEMPLATE_SCHEMA
from tenants.schemas.services import SchemaBroken, create_schema
from tenants.schemas.templates import TemplateMissing, refresh_template
from tests.tenants.database import ask, run

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def kiosk_row() -> Tenant:
    """A merchant's row without a schema."""
    with platform_context():
        tenant: Tenant = Tenant.objects.create(
            slug="kiosk",
            schema_name=schema_for("kiosk"),
            name="Kiosk",
            country="DE",
            currency="EUR",
            time_zone="Europe/Berlin",
            created_at=AT,
        )
    return tenant


@pytest.fixture
def kiosk(owner: None) -> Tenant:
    """The kiosk, in a transaction that leaves nothing behind."""
    return kiosk_row()


def schemas() -> set[str]:
    return {name for (name,) in ask("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 't\\_%'")}


def migrated_names(schema: str) -> list[tuple[Any, ...]]:
    return ask(f"SELECT app, name FROM {schema}.django_migrations ORDER BY app, name")


def test_a_replayed_schema_is_sound_and_knows_its_migrations(kiosk: Tenant) -> None:
    built = create_schema(tenant=kiosk)
    assert built.way == "replay"
    assert check_schema(schema="t_kiosk") == []
    assert migrated_names("t_kiosk") == migrated_names(TEMPLATE_SCHEMA)
    with platform_context():
        kiosk.refresh_from_db()
    assert kiosk.schema_fingerprint == tenant_fingerprint()


def test_a_replayed_schema_is_the_same_as_a_migrated_one(kiosk: Tenant) -> None:
    with platform_context():
        SchemaTemplate.objects.update(ddl="")
    assert create_schema(tenant=kiosk).way == "migrations"
    assert check_schema(schema="t_kiosk") == []
    assert migrated_names("t_kiosk") == migrated_names(TEMPLATE_SCHEMA)


def test_content_types_and_permissions_come_along(kiosk: Tenant) -> None:
    create_schema(tenant=kiosk)
    for table in ("django_content_type", "auth_permission", "events_feedhead"):
        rows = ask(f"SELECT count(*) FROM t_kiosk.{table}")
        assert rows == ask(f"SELECT count(*) FROM {TEMPLATE_SCHEMA}.{table}")
        assert rows != [(0,)]


def test_the_merchants_record_names_no_platform_migration(kiosk: Tenant) -> None:
    create_schema(tenant=kiosk)
    assert {app for app, _ in migrated_names("t_kiosk")} & {"tenants", "django_tenants"} == set()
    assert {app for app, _ in migrated_names("public")} == {"tenants"}


def sign_up(tenant: Tenant) -> None:
    """A caller that builds the schema and then fails."""
    with platform_context(), transaction.atomic():
        create_schema(tenant=tenant)
        raise RuntimeError("sign-up failed")


def test_nothing_stays_when_the_caller_rolls_back(kiosk: Tenant) -> None:
    with pytest.raises(RuntimeError, match="sign-up failed"):
        sign_up(kiosk)
    assert schemas() == {"t_cafe", "t_grocer"}
    with platform_context():
        assert Tenant.objects.get(slug="kiosk").schema_fingerprint == ""


def test_a_schema_is_not_built_over_another_one(kiosk: Tenant) -> None:
    create_schema(tenant=kiosk)
    run("UPDATE t_kiosk.events_feedhead SET position = 7")
    with pytest.raises(ProgrammingError, match="already exists"):
        create_schema(tenant=kiosk)
    assert ask("SELECT position FROM t_kiosk.events_feedhead") == [(7,)]


@pytest.mark.parametrize(
    "name", ["public", "t_x", "t_Kiosk", 't_kiosk"; DROP SCHEMA t_cafe; --', "fynlo_template"]
)
def test_only_merchants_schemas_are_built(kiosk: Tenant, name: str) -> None:
    kiosk.schema_name = name
    with pytest.raises(ValueError, match="is not the name of a merchant's schema"):
        create_schema(tenant=kiosk)


def test_a_template_that_points_elsewhere_is_never_committed(kiosk: Tenant) -> None:
    with platform_context():
        template = SchemaTemplate.objects.get()
        ddl = (
            template.ddl
            + "CREATE TABLE fynlo_template.astray (tenant uuid REFERENCES public.tenants_tenant);\n"
        )
        SchemaTemplate.objects.update(ddl=ddl)
    with pytest.raises(
        SchemaBroken, match="foreign key astray_tenant_fkey of astray points to schema public"
    ):
        create_schema(tenant=kiosk)
    assert "t_kiosk" not in schemas()


def test_without_this_releases_template_nothing_is_built(kiosk: Tenant) -> None:
    with platform_context():
        SchemaTemplate.objects.update(fingerprint="of another release")
    with pytest.raises(TemplateMissing, match=r"run `manage.py migrate` first"):
        create_schema(tenant=kiosk)


@pytest.mark.usefixtures("as_owner")
def test_without_pg_dump_the_template_says_so_and_schemas_are_migrated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dumping, "_candidates", lambda: iter(()))
    assert refresh_template(at=AT).ddl == ""
    assert create_schema(tenant=kiosk_row()).way == "migrations"


def test_an_older_pg_dump_than_the_server_is_passed_over() -> None:
    assert dumping.find_pg_dump(server_major=15) is not None
    assert dumping.find_pg_dump(server_major=99) is None


def test_rows_of_a_new_merchant_are_their_own(kiosk: Tenant) -> None:
    create_schema(tenant=kiosk)
    with tenant_context(kiosk):
        Role.objects.create(code="only_here", name="Only here")
    assert ask("SELECT count(*) FROM t_cafe.staff_role WHERE code = 'only_here'") == [(0,)]


def test_building_is_a_fixed_number_of_statements(kiosk: Tenant, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(22):
        create_schema(tenant=kiosk)
