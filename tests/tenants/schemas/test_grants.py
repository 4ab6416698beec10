"""What the run-time role may do, asked of the database itself."""

import pytest
from django.conf import settings

from tenants.schemas.grants import history_tables
from tests.tenants.database import ask

pytestmark = pytest.mark.django_db
ROLE = settings.FYNLO_RUNTIME_ROLE
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def rights(schema: str) -> dict[str, set[str]]:
    """The run-time role's rights on every table of a schema."""
    rows = ask(
        "SELECT relname::text, r FROM pg_class, unnest(%s) AS r WHERE relnamespace = %s::regnamespace "
        "AND relkind IN ('r', 'p') AND has_table_privilege(%s, pg_class.oid, r)",
        list(ALL),
        schema,
        ROLE,
    )
    found: dict[str, set[str]] = {}
    for table, right in rows:
        found.setdefault(table, set()).add(right)
    return found


@pytest.mark.parametrize("schema", ["t_cafe", "t_grocer"])
def test_history_is_read_and_appended_everything_else_is_written(schema: str) -> None:
    for table, held in rights(schema).items():
        if table in history_tables():
            assert held == {"SELECT", "INSERT"}, table
        elif table == "django_migrations":
            assert held == {"SELECT"}
        else:
            assert held == {"SELECT", "INSERT", "UPDATE", "DELETE"}, table
    assert history_tables() <= set(rights(schema))


def test_on_the_platform_only_what_the_admin_of_operators_needs() -> None:
    assert rights("public") == {
        "tenants_tenant": {"SELECT"},
        "tenants_domain": {"SELECT"},
        "tenants_vendoraccount": {"SELECT", "INSERT", "DELETE"},
        "tenants_vendorsecret": {"SELECT", "INSERT", "UPDATE", "DELETE"},
        "tenants_configurationversion": {"SELECT"},
        "tenants_onboardingrun": {"SELECT"},
        "tenants_onboardingstep": {"SELECT"},
        "tenants_schematemplate": {"SELECT"},
        "tenants_operator": {"SELECT", "INSERT", "UPDATE"},
        "tenants_platformsession": {"SELECT", "INSERT", "UPDATE", "DELETE"},
        "tenants_platformaudit": {"SELECT", "INSERT"},
        "django_migrations": {"SELECT"},
    }
    columns = ask(
        "SELECT attrelid::regclass::text, attname::text FROM pg_attribute WHERE attnum > 0 "
        "AND attrelid IN ('tenants_tenant'::regclass) "
        "AND has_column_privilege(%s, attrelid, attnum, 'UPDATE') ORDER BY 1, 2",
        ROLE,
    )
    assert columns == [
        ("tenants_tenant", "is_canary"),
        ("tenants_tenant", "plan"),
        ("tenants_tenant", "state"),
        ("tenants_tenant", "suspended_at"),
        ("tenants_tenant", "suspended_reason"),
    ]


def test_the_template_is_nobodys_but_the_owners() -> None:
    assert ask("SELECT has_schema_privilege(%s, 'fynlo_template', 'USAGE')", ROLE) == [(False,)]


@pytest.mark.parametrize("schema", ["public", "t_cafe", "extensions", "fynlo_template"])
def test_the_runtime_role_makes_no_tables(schema: str) -> None:
    assert ask("SELECT has_schema_privilege(%s, %s, 'CREATE')", ROLE, schema) == [(False,)]
