"""Migrations rehearsed on three merchants with data: back app by app, nothing else touched, and forward again."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

from fynlo.core import clock
from fynlo.core.tenancy import platform_context, tenant_context
from pos.orders.services import place_order
from tenants import states
from tenants.models import Tenant, schema_for
from tenants.schemas.checking import check_schema
from tenants.schemas.migrating import Report, migrate_everything, migrate_to
from tenants.schemas.services import create_schema
from tests.conftest import merchant
from tests.factories import shop
from tests.pos.orders.drafts import cash, sale, sold
from tests.tenants.database import checksums, fetch

MERCHANTS = ("bakery", "cafe", "grocer")
SCHEMAS = tuple(f"t_{slug}" for slug in MERCHANTS)
LAST_FIRST = (
    "sync",
    "pos",
    "payments",
    "admin",
    "staff",
    "auth",
    "sessions",
    "contenttypes",
    "api",
    "events",
)
"""The apps of a merchant's schema, every one before those it refers to."""
NO_ROWS = hashlib.md5(b"", usedforsecurity=False).hexdigest()


def ours() -> set[str]:
    """Labels of the apps whose migrations we write."""
    return {
        config.label
        for config in apps.get_app_configs()
        if config.name in {*settings.TENANT_APPS, *settings.SHARED_APPS}
        and not config.name.startswith(("django.", "django_"))
    }


def tables(label: str) -> set[str]:
    """The tables of one app, by name."""
    return {
        model._meta.db_table for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


def contents() -> dict[str, str]:
    """A digest of every table of the three merchants, but for the record of migrations itself."""
    return {
        table: digest
        for table, digest in checksums(fetch).items()
        if table.startswith(SCHEMAS) and not table.endswith(".django_migrations")
    }


def without(found: dict[str, str], gone: set[str]) -> dict[str, str]:
    return {table: digest for table, digest in found.items() if table.partition(".")[2] not in gone}


def operations() -> Iterator[tuple[str, Any]]:
    """Every operation of our own migrations, with the migration's name."""
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        if label in ours():
            for operation in migration.operations:
                yield f"{label}.{name}", operation


@pytest.fixture
def three_merchants(as_owner: None) -> None:
    """The café, the grocer and a bakery, each with a shop and a sale behind it."""
    with platform_context():
        bakery = Tenant.objects.create(
            slug="bakery",
            schema_name=schema_for("bakery"),
            name="Bakery",
            country="DE",
            currency="EUR",
            time_zone="Europe/Berlin",
            state=states.ACTIVE,
            created_at=clock.now(),
        )
        create_schema(tenant=bakery)
    for slug in ("bakery", "cafe", "grocer"):
        here = shop(merchant(slug))
        with tenant_context(here.tenant):
            draft = sale(sold(here, "roll", "2"), tenders=(cash(here, 100),))
            place_order(draft=draft, actor=here.actor(), at=clock.now())


def failed(report: Report) -> list[str]:
    return [f"{outcome.schema}: {outcome.error}" for outcome in report.failed]


def test_back_app_by_app_and_forward_again_with_the_data_of_three_merchants(three_merchants: None) -> None:
    left = contents()
    told = {
        f"{schema}.{table}"
        for schema in SCHEMAS
        for table in ("events_event", "pos_order", "payments_transfer")
    }
    assert [table for table in sorted(told) if left[table] == NO_ROWS] == []
    for label in LAST_FIRST:
        assert failed(migrate_to(target=(label, None), only=MERCHANTS)) == []
        left = without(left, tables(label))
        assert contents() == left, f"taking back {label} changed what is not its own"
    assert left == {}

    assert failed(migrate_everything(at=clock.now())) == []
    assert {schema: check_schema(schema=schema) for schema in SCHEMAS} == {schema: [] for schema in SCHEMAS}
    again = contents()
    assert failed(migrate_everything(at=clock.now())) == []
    assert contents() == again


def test_going_forward_again_leaves_the_rows_of_the_apps_below(three_merchants: None) -> None:
    before = contents()
    assert failed(migrate_to(target=("sync", None), only=MERCHANTS)) == []
    assert failed(migrate_everything(at=clock.now())) == []
    # Content types and permissions are brought up to date after migrating; what is there keeps its rows.
    assert contents() == before


def test_the_rehearsal_names_every_app_of_a_merchant() -> None:
    here = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    assert {label for label in here if MigrationLoader(None).graph.leaf_nodes(label)} == set(LAST_FIRST)


def test_every_app_has_one_newest_migration() -> None:
    loader = MigrationLoader(None)
    assert loader.detect_conflicts() == {}
    labels = {label for label, _ in loader.disk_migrations}
    assert {label: len(loader.graph.leaf_nodes(label)) for label in labels} == dict.fromkeys(labels, 1)


def test_every_operation_can_be_taken_back() -> None:
    found = list(operations())
    assert {name.partition(".")[0] for name, _ in found} == {
        "api",
        "events",
        "payments",
        "pos",
        "staff",
        "sync",
        "tenants",
    }
    assert [name for name, operation in found if not operation.reversible] == []


def test_sql_is_one_statement_an_item_and_makes_no_table_behind_djangos_back() -> None:
    written = [
        (name, statement)
        for name, operation in operations()
        if isinstance(operation, RunSQL)
        for part in (operation.sql, operation.reverse_sql)
        for statement in ([part] if isinstance(part, str) else part)
        if statement
    ]
    assert [each for each in written if ";" in each[1].rstrip().removesuffix(";")] == []
    assert [each for each in written if each[1].lstrip().upper().startswith(("DO ", "CREATE TABLE"))] == []


def test_code_in_migrations_only_guards_history_and_makes_functions() -> None:
    run = {operation.code.__module__ for _, operation in operations() if isinstance(operation, RunPython)}
    assert run == {"fynlo.core.history", "fynlo.core.stored_functions"}
