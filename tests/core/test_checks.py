"""Production refuses to start unsafely, and says every reason by its id."""

import os
import subprocess
import sys
from typing import Any

import psycopg2
import pytest
from django.db import connection, models

from fynlo import checks
from fynlo.core.models import TenantModel
from fynlo.core.tenancy import platform_context
from tenants.schemas import checking
from tests import database

SAFE = {
    "FYNLO_ENV": "production",
    "FYNLO_SECRET_KEY": "k" * 50,
    "FYNLO_PIN_PEPPER": "p" * 50,
    "FYNLO_SEALING_KEYS": "s" * 50,
    "FYNLO_METRICS_TOKEN": "m" * 32,
    "FYNLO_BASE_DOMAIN": "fynlo.example",
}


SERVING = ("-c", "import fynlo.wsgi; print('serving')")


def start(
    database_name: str, command: tuple[str, ...] = SERVING, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Start a process of production; unless said otherwise, import the WSGI application as any server would."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FYNLO_")}
    environment |= SAFE | {"DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], database_name)}
    return subprocess.run(
        [sys.executable, *command],
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
        ({"FYNLO_SEALING_KEYS": ""}, {"fynlo.E002"}),
        ({"FYNLO_ALLOWED_HOSTS": "*"}, {"fynlo.E003"}),
        ({"FYNLO_METRICS_TOKEN": ""}, {"fynlo.E009"}),
        ({"FYNLO_FAILPOINTS": "attempt.settled"}, {"fynlo.E010"}),
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
    assert finished.returncode == os.EX_CONFIG
    assert finished.stdout == ""
    assert "Fynlo refuses to start" in finished.stderr
    assert ids(finished) == expected


@pytest.mark.parametrize(
    "command",
    [
        (
            "-m",
            "gunicorn",
            "fynlo.wsgi:application",
            "--config",
            "deploy/gunicorn_hooks.py",
            "--bind",
            "127.0.0.1:0",
        ),
        ("-m", "fynlo.realtime.server", "--bind", "127.0.0.1", "--port", "0", "fynlo.asgi:application"),
        ("-m", "celery", "-A", "fynlo.celery", "worker", "--pool", "solo"),
        ("-m", "celery", "-A", "fynlo.celery", "beat", "--scheduler", "celery.beat:Scheduler"),
        ("manage.py", "relay"),
    ],
    ids=["web", "realtime", "worker", "beat", "relay"],
)
def test_every_process_of_production_refuses_and_ends(
    database_name: str, db: None, command: tuple[str, ...]
) -> None:
    finished = start(database_name, command, FYNLO_DEBUG="1")
    assert finished.returncode == os.EX_CONFIG
    assert finished.stderr.count("Fynlo refuses to start") == 1
    assert ids(finished) == {"fynlo.E001"}


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


def not_durable() -> set[str]:
    """What is switched off in the server of this run; the suite's own cluster has everything off."""
    with psycopg2.connect(os.environ["DATABASE_URL"]) as asked, asked.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(checks.DURABLE)]
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_a_database_that_loses_what_it_acknowledged_is_refused(settings: Any) -> None:
    settings.TESTING = False
    found = {message.msg.split()[0] for message in checks.database_is_safe(databases=["default"])}
    assert found == not_durable()


@pytest.mark.parametrize(("environment", "refuses"), [("development", True), ("test", False)])
def test_only_tests_may_use_such_a_database(
    database_name: str, db: None, environment: str, refuses: bool
) -> None:
    finished = start(database_name, FYNLO_ENV=environment)
    told = {line.split()[1] for line in finished.stderr.splitlines() if line.startswith("  fynlo.E005: ")}
    assert told == (not_durable() if refuses else set())


def test_no_table_has_two_homes_and_every_tenant_model_is_guarded() -> None:
    assert list(checks.tables_have_one_home()) == []
    assert list(checks.tenant_models_are_guarded()) == []


def test_a_model_without_the_guard_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stray(models.Model):
        class Meta:
            app_label = "nowhere"

    class Counted(TenantModel):
        id = models.BigAutoField(primary_key=True)

        class Meta:
            app_label = "nowhere"

    class Excused(TenantModel):
        id = models.BigAutoField(primary_key=True)
        own_key = "a position is its own key"

        class Meta:
            app_label = "nowhere"

    monkeypatch.setattr(checks, "_models", lambda _names: [Stray, Counted, Excused])
    assert [(message.id, message.obj) for message in checks.tenant_models_are_guarded()] == [
        ("fynlo.E008", Stray),
        ("fynlo.E008", Counted),
    ]


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
    assert tables <= checking.MAX_TABLES
    assert indexes <= checking.MAX_INDEXES


class TwoServers:
    """A cursor behind a pooler in transaction mode: each statement may reach another server process."""

    def __init__(self) -> None:
        self._connections = [psycopg2.connect(os.environ["DATABASE_URL"]) for _ in range(2)]
        self._cursors = [connection.cursor() for connection in self._connections]
        self._next = 0

    def execute(self, sql: str, params: list[Any] | None = None) -> None:
        self._next += 1
        self._cursor.execute(sql, params)

    def fetchone(self) -> Any:
        return self._cursor.fetchone()

    def close(self) -> None:
        for opened in self._connections:
            opened.close()

    @property
    def _cursor(self) -> Any:
        return self._cursors[self._next % 2]


def test_a_pooler_that_moves_sessions_between_servers_is_refused(db: None) -> None:
    pooled = TwoServers()
    found = [message.id for message in checks._pooling(pooled)]
    pooled.close()
    assert found == ["fynlo.E006"]


def test_a_connection_that_keeps_its_session_is_accepted(db: None) -> None:
    with platform_context(), connection.cursor() as cursor:
        assert list(checks._pooling(cursor)) == []
