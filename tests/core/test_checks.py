"""Production refuses to start unsafely, and says every reason by its id."""

import os
import subprocess
import sys
from typing import Any

import psycopg2
import pytest
from django.db import connection

from fynlo import checks
from tests import database

SAFE = {
    "FYNLO_ENV": "production",
    "FYNLO_SECRET_KEY": "k" * 50,
    "FYNLO_PIN_PEPPER": "p" * 50,
    "FYNLO_METRICS_TOKEN": "m" * 32,
    "FYNLO_BASE_DOMAIN": "fynlo.example",
}


def start(database_name: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Start a production process as gunicorn would: import the WSGI application."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FYNLO_")}
    environment |= SAFE | {"DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], database_name)}
    return subprocess.run(
        [sys.executable, "-c", "import fynlo.wsgi; print('serving')"],
        cwd=database.ROOT,
        env={**environment, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def ids(finished: subprocess.CompletedProcess[str]) -> set[str]:
    return {word.strip(":") for word in finished.stderr.split() if word.startswith("fynlo.E")} - {
        "fynlo.E005"
    }


def test_a_safe_production_process_names_no_reason_but_the_test_servers_durability(
    database_name: str, db: None
) -> None:
    finished = start(database_name)
    assert ids(finished) == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"FYNLO_DEBUG": "1"}, {"fynlo.E001"}),
        ({"FYNLO_SECRET_KEY": ""}, {"fynlo.E002"}),
        ({"FYNLO_PIN_PEPPER": ""}, {"fynlo.E002"}),
        ({"FYNLO_ALLOWED_HOSTS": "*"}, {"fynlo.E003"}),
        ({"FYNLO_METRICS_TOKEN": ""}, {"fynlo.E009"}),
        (
            {"FYNLO_DEBUG": "1", "FYNLO_SECRET_KEY": "", "FYNLO_ALLOWED_HOSTS": "*"},
            {"fynlo.E001", "fynlo.E002", "fynlo.E003"},
        ),
    ],
)
def test_production_refuses_unsafe_settings(
    database_name: str, db: None, change: dict[str, str], expected: set[str]
) -> None:
    finished = start(database_name, **change)
    assert finished.returncode != 0
    assert "serving" not in finished.stdout
    assert "Fynlo refuses to start" in finished.stderr
    assert ids(finished) == expected


def test_production_refuses_a_role_that_owns_the_schemas(database_name: str, db: None) -> None:
    owner = database.with_name(database.owner_url(), database_name)
    finished = start(database_name, DATABASE_URL=owner)
    assert ids(finished) == {"fynlo.E004"}


def test_a_secret_is_never_part_of_the_refusal(database_name: str, db: None) -> None:
    finished = start(database_name, FYNLO_DEBUG="1")
    assert "k" * 50 not in finished.stderr + finished.stdout
    assert "p" * 50 not in finished.stderr + finished.stdout


def test_a_database_that_is_away_does_not_stop_the_process(database_name: str) -> None:
    finished = start(database_name, DATABASE_URL="postgres://fynlo_app:x@127.0.0.1:1/none")
    assert finished.stdout == "serving\n"


@pytest.mark.django_db
def test_a_database_that_loses_what_it_acknowledged_is_refused(settings: Any) -> None:
    """The suite's own cluster runs without fsync, which is exactly what the check must see."""
    settings.TESTING = False
    with psycopg2.connect(os.environ["DATABASE_URL"]) as asked, asked.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(checks.DURABLE)]
        )
        expected = {row[0] for row in cursor.fetchall()}
    found = {message.msg.split()[0] for message in checks.database_is_safe(databases=["default"])}
    assert found == expected


def test_no_table_has_two_homes_and_every_tenant_model_is_guarded() -> None:
    assert list(checks.tables_have_one_home()) == []
    assert list(checks.tenant_models_are_guarded()) == []


def test_a_table_in_both_worlds_is_refused(settings: Any) -> None:
    settings.SHARED_APPS = [*settings.SHARED_APPS, "staff"]
    assert {message.msg.split()[1] for message in checks.tables_have_one_home()} >= {
        "staff_employee",
        "staff_role",
        "staff_staffsession",
    }


def test_the_keys_of_every_tenant_table_stay_in_its_schema(in_cafe: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid "
            "WHERE c.contype = 'f' AND c.connamespace = 't_cafe'::regnamespace "
            "AND (t.relnamespace <> c.connamespace OR NOT c.condeferrable OR c.condeferred)"
        )
        assert cursor.fetchall() == []


def test_a_merchant_has_few_enough_tables_and_indexes(in_cafe: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE relkind = 'r'), count(*) FILTER (WHERE relkind = 'i') "
            "FROM pg_class WHERE relnamespace = 't_cafe'::regnamespace"
        )
        tables, indexes = cursor.fetchone()
    assert tables <= 100
    assert indexes <= 250
