"""`check_schema` notices what has gone wrong with a schema, each fault by its sentence."""

import pytest
from django.conf import settings

from tenants.schemas.checking import check_platform, check_schema
from tests.tenants.database import ask, run

pytestmark = pytest.mark.usefixtures("owner")
ROLE = settings.FYNLO_RUNTIME_ROLE


def findings_after(*statements: str) -> list[str]:
    run(*statements)
    return check_schema(schema="t_cafe")


def test_schemas_as_built_are_sound() -> None:
    assert check_schema(schema="t_cafe") == []
    assert check_schema(schema="t_grocer") == []
    assert check_platform() == []


def test_a_schema_that_is_not_there() -> None:
    assert check_schema(schema="t_nobody") == ["schema t_nobody does not exist"]


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            ["CREATE TABLE t_cafe.x (t uuid CONSTRAINT x_t REFERENCES public.tenants_tenant DEFERRABLE)"],
            "foreign key x_t of x points to schema public",
        ),
        (
            ["CREATE TABLE t_cafe.x (t uuid CONSTRAINT x_t REFERENCES t_grocer.staff_role DEFERRABLE)"],
            "foreign key x_t of x points to schema t_grocer",
        ),
        (
            [
                "CREATE SEQUENCE t_grocer.numbers",
                "CREATE TABLE t_cafe.x (n bigint DEFAULT nextval('t_grocer.numbers'))",
            ],
            "default of x.n uses numbers of schema t_grocer",
        ),
        (
            [
                "CREATE FUNCTION t_grocer.one() RETURNS int LANGUAGE sql SET search_path = t_grocer AS 'SELECT 1'",
                "CREATE TABLE t_cafe.x (n int DEFAULT t_grocer.one())",
            ],
            "default of x uses function one of schema t_grocer",
        ),
        (
            [
                "CREATE TABLE t_cafe.x (n bigint)",
                "CREATE TRIGGER g BEFORE UPDATE ON t_cafe.x EXECUTE FUNCTION t_grocer.refuse_change_of_history()",
            ],
            "trigger g of x calls a function of schema t_grocer",
        ),
        (
            ["ALTER FUNCTION t_cafe.refuse_change_of_history() SET search_path = t_grocer"],
            "function refuse_change_of_history does not fix its search_path to its own schema",
        ),
        (
            ["ALTER FUNCTION t_cafe.refuse_change_of_history() RESET search_path"],
            "function refuse_change_of_history does not fix its search_path to its own schema",
        ),
        (
            ["CREATE TABLE t_cafe.x () INHERITS (t_grocer.staff_role)"],
            "table x inherits from schema t_grocer",
        ),
        (
            ["CREATE TYPE t_grocer.size AS ENUM ('s', 'm')", "CREATE TABLE t_cafe.x (s t_grocer.size)"],
            "column x.s has a type of schema t_grocer",
        ),
        (
            ["CREATE TABLE t_cafe.x (r uuid CONSTRAINT x_r REFERENCES t_cafe.staff_role)"],
            "foreign key x_r of x is not DEFERRABLE INITIALLY IMMEDIATE",
        ),
        (
            ["CREATE TABLE t_cafe.x (r uuid CONSTRAINT x_r REFERENCES t_cafe.staff_role INITIALLY DEFERRED)"],
            "foreign key x_r of x is not DEFERRABLE INITIALLY IMMEDIATE",
        ),
        (["DROP TABLE t_cafe.django_session"], "table django_session is missing"),
        (
            ["ALTER TABLE t_cafe.payments_transfer DISABLE TRIGGER history_rows"],
            "history table payments_transfer lacks its triggers",
        ),
        (
            ["DROP TRIGGER history_table ON t_cafe.payments_transfer"],
            "history table payments_transfer lacks its triggers",
        ),
        (
            [f"GRANT TRUNCATE ON t_cafe.payments_transfer TO {ROLE}"],
            "the run-time role has TRUNCATE on history table payments_transfer",
        ),
        (
            [f"GRANT UPDATE ON t_cafe.events_event TO {ROLE}"],
            "the run-time role has UPDATE on history table events_event",
        ),
        (
            ["ALTER TABLE t_cafe.staff_role ALTER code DROP NOT NULL"],
            "missing: column staff_role.code character varying40 not null",
        ),
        (["CREATE VIEW t_cafe.v AS SELECT 1 AS one"], "not in the template: view v"),
        (
            ["CREATE INDEX extra ON t_cafe.staff_role (name)"],
            "not in the template: index CREATE INDEX extra ON *.staff_role USING btree name",
        ),
    ],
)
def test_each_fault_is_named(statements: list[str], sentence: str) -> None:
    assert sentence in findings_after(*statements)


def test_more_tables_than_connections_can_remember() -> None:
    found = findings_after(*(f"CREATE TABLE t_cafe.x{number} (n int)" for number in range(131)))
    assert [sentence for sentence in found if sentence.endswith("tables, more than 130")]


def test_a_merchants_table_in_public_is_found() -> None:
    run("CREATE TABLE public.pos_order (id uuid)")
    assert check_platform() == ["table pos_order of a merchants' app exists in public"]


def test_the_limits_hold() -> None:
    kinds = "SELECT count(*) FROM pg_class WHERE relnamespace = 't_cafe'::regnamespace AND relkind = %s"
    assert ask(kinds, "r")[0][0] <= 130
    assert ask(kinds, "i")[0][0] <= 320
