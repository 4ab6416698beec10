"""How the test template gets its schemas (only until tenants.schemas lands)."""

from django.core.management import call_command
from django.db import connection

from fynlo.core.tenancy import platform_context
from fynlo.settings import FYNLO_RUNTIME_ROLE


def migrate_platform() -> None:
    with platform_context():
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    with platform_context(), connection.cursor() as cursor:
        cursor.execute(f'GRANT USAGE ON SCHEMA public, extensions TO "{FYNLO_RUNTIME_ROLE}"')
        cursor.execute(
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{FYNLO_RUNTIME_ROLE}"'
        )


def create_schema(tenant) -> None:
    schema = tenant.schema_name
    with platform_context(), connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"')
    with platform_context():
        call_command("migrate_schemas", tenant=True, schema_name=schema, interactive=False, verbosity=0)
    from django.apps import apps

    with platform_context(), connection.cursor() as cursor:
        cursor.execute(f'GRANT USAGE ON SCHEMA "{schema}" TO "{FYNLO_RUNTIME_ROLE}"')
        cursor.execute(
            f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{FYNLO_RUNTIME_ROLE}"'
        )
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        present = {row[0] for row in cursor.fetchall()}
        for model in apps.get_models():
            if getattr(model, "history", False) is True and model._meta.db_table in present:
                cursor.execute(
                    f'REVOKE UPDATE, DELETE ON "{schema}"."{model._meta.db_table}" FROM "{FYNLO_RUNTIME_ROLE}"'
                )
