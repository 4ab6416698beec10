"""Migrating: once for everybody, canaries first, one failure stops nobody else, and nothing twice."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from fynlo.core.tenancy import platform_context
from tenants.models import SchemaTemplate, Tenant, schema_for
from tenants.schemas import applying, parallel
from tenants.schemas.applying import apply_migrations
from tenants.schemas.checking import check_schema
from tenants.schemas.exclusive import exclusively
from tenants.schemas.fingerprint import tenant_fingerprint
from tenants.schemas.migrating import LOCK, migrate_everything, migrate_to
from tenants.schemas.pending import OFF_THE_PATH, pending
from tenants.schemas.places import TEMPLATE_SCHEMA, in_schema
from tests.tenants.database import ask, fetch

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
BEFORE_SESSIONS = ("sessions", None)


def schemas_with(table: str) -> list[str]:
    """The schemas in which a table is, as committed."""
    return [
        schema
        for (schema,) in fetch(
            "SELECT schemaname::text FROM pg_tables WHERE tablename = %s ORDER BY 1", table
        )
    ]


def fingerprints() -> dict[str, str]:
    return dict(fetch("SELECT slug, schema_fingerprint FROM tenants_tenant ORDER BY 1"))


def canary(slug: str) -> None:
    with platform_context():
        Tenant.objects.filter(slug=slug).update(is_canary=True)


@pytest.fixture
def without_sessions(as_owner: None) -> None:
    """Everybody was migrated back to before the sessions' table."""
    migrate_to(target=BEFORE_SESSIONS)


def test_nothing_to_do_over_two_hundred_merchants_is_one_statement(
    owner: None, django_assert_num_queries: Any
) -> None:
    names = [f"shop_{number}" for number in range(200)]
    with platform_context():
        Tenant.objects.bulk_create(
            Tenant(
                slug=name,
                schema_name=schema_for(name),
                name=name,
                country="DE",
                currency="EUR",
                time_zone="UTC",
                created_at=AT,
                schema_fingerprint=tenant_fingerprint(),
            )
            for name in names
        )
    with django_assert_num_queries(2) as captured:
        report = migrate_everything(at=AT)
    assert [query["sql"].split()[0] for query in captured.captured_queries] == ["SET", "SELECT"]
    assert (report.outcomes, report.current) == ([], 202)


def test_a_merchant_whose_schema_is_not_built_is_left_to_onboarding(owner: None) -> None:
    with platform_context():
        Tenant.objects.filter(slug="cafe").update(schema_fingerprint="")
    assert pending().nothing


def test_back_and_forward_again_for_template_and_merchants(as_owner: None) -> None:
    report = migrate_to(target=BEFORE_SESSIONS)
    assert [(outcome.schema, outcome.migrations) for outcome in report.outcomes] == [
        ("t_cafe", ("sessions.0001_initial",)),
        ("t_grocer", ("sessions.0001_initial",)),
    ]
    assert schemas_with("django_session") == []
    assert fingerprints() == {"cafe": OFF_THE_PATH, "grocer": OFF_THE_PATH}
    assert pending() == type(pending())(foundations=True, others=("t_cafe", "t_grocer"))

    said: list[str] = []
    report = migrate_everything(at=AT, say=said.append)
    assert [line.partition(",")[0] for line in said if line.startswith("[")] == [
        "[1/2] t_cafe: 1 migration",
        "[2/2] t_grocer: 1 migration",
    ]
    assert report.failed == []
    assert schemas_with("django_session") == [TEMPLATE_SCHEMA, "t_cafe", "t_grocer"]
    assert [check_schema(schema=schema) for schema in ("t_cafe", "t_grocer")] == [[], []]
    assert pending().nothing


def test_one_failing_merchant_stops_nobody_else_and_is_done_next_time(without_sessions: None) -> None:
    fetch("CREATE TABLE t_cafe.django_session (in_the_way int)")
    report = migrate_everything(at=AT)
    assert [outcome.schema for outcome in report.failed] == ["t_cafe"]
    assert 'relation "django_session" already exists' in report.failed[0].error
    assert fingerprints() == {"cafe": OFF_THE_PATH, "grocer": tenant_fingerprint()}

    fetch("DROP TABLE t_cafe.django_session")
    report = migrate_everything(at=AT)
    assert [(outcome.schema, outcome.error) for outcome in report.outcomes] == [("t_cafe", "")]
    assert check_schema(schema="t_cafe") == []


def test_canaries_go_first(without_sessions: None) -> None:
    canary("grocer")
    report = migrate_everything(at=AT)
    assert [outcome.schema for outcome in report.outcomes] == ["t_grocer", "t_cafe"]


def test_a_canary_may_be_named_for_one_run(without_sessions: None) -> None:
    report = migrate_everything(at=AT, canaries=("grocer",))
    assert [outcome.schema for outcome in report.outcomes] == ["t_grocer", "t_cafe"]


def test_a_failing_canary_saves_the_others(without_sessions: None) -> None:
    canary("grocer")
    fetch("CREATE TABLE t_grocer.django_session (in_the_way int)")
    report = migrate_everything(at=AT)
    assert ([outcome.schema for outcome in report.failed], report.left_out) == (["t_grocer"], ["t_cafe"])
    assert schemas_with("django_session") == [TEMPLATE_SCHEMA, "t_grocer"]

    report = migrate_everything(at=AT, despite_canaries=True)
    assert ([outcome.schema for outcome in report.failed], report.left_out) == (["t_grocer"], [])
    assert fingerprints() == {"cafe": tenant_fingerprint(), "grocer": OFF_THE_PATH}


def test_a_run_may_be_restricted_to_some(without_sessions: None) -> None:
    report = migrate_everything(at=AT, only=("grocer",))
    assert [outcome.schema for outcome in report.outcomes] == ["t_grocer"]


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(without_sessions: None) -> None:
    def break_off(line: str) -> None:
        if line.startswith("[1/2]"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate_everything(at=AT, say=break_off)
    assert fingerprints() == {"cafe": tenant_fingerprint(), "grocer": OFF_THE_PATH}
    assert [outcome.schema for outcome in migrate_everything(at=AT).outcomes] == ["t_grocer"]


def test_several_processes_share_the_work(without_sessions: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "FEWEST_CALLS", 2)
    report = migrate_everything(at=AT, jobs=2)
    assert sorted(outcome.schema for outcome in report.outcomes) == ["t_cafe", "t_grocer"]
    assert report.failed == []
    assert fingerprints() == {"cafe": tenant_fingerprint(), "grocer": tenant_fingerprint()}


def test_a_second_run_waits_for_the_first_and_finds_nothing_to_do(without_sessions: None) -> None:
    waiting, said = threading.Event(), []

    def say(line: str) -> None:
        said.append(line)
        waiting.set()

    def second() -> None:
        try:
            reports.append(migrate_everything(at=AT, say=say))
        finally:
            connection.close()

    reports: list[Any] = []
    with exclusively(LOCK, busy="the lock is free in this test"):
        rival = threading.Thread(target=second)
        rival.start()
        assert waiting.wait(timeout=30)
        assert said == ["another migration is running; waiting for it"]
        assert reports == []
    rival.join(timeout=60)
    assert [outcome.schema for outcome in reports[0].outcomes] == ["t_cafe", "t_grocer"]


@pytest.fixture
def locked_table(without_sessions: None) -> Iterator[Any]:
    """A connection that holds a lock the next migration of the café needs."""
    import psycopg2

    from tests import database

    own = psycopg2.connect(database.with_name(database.owner_url(), connection.settings_dict["NAME"]))
    with own.cursor() as cursor:
        cursor.execute("LOCK TABLE t_cafe.django_migrations IN SHARE MODE")
    yield own
    own.close()


def test_a_migration_that_cannot_get_its_lock_gives_way_and_tries_again(
    locked_table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "LOCK_TIMEOUT", "20ms")
    attempts: list[str] = []

    def progress(line: str) -> None:
        attempts.append(line)
        if len(attempts) == 2:
            locked_table.rollback()

    usual = ask("SHOW lock_timeout")
    with in_schema("t_cafe"):
        done = apply_migrations(progress=progress)
    assert attempts == ["apply sessions.0001_initial"] * 2
    assert done == ["sessions.0001_initial"]
    assert ask("SHOW lock_timeout") == usual


def test_the_command_says_what_it_did(without_sessions: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate", jobs=1)
    assert capsys.readouterr().out.splitlines()[-1] == "Merchants: 2 migrated, 0 failed, 0 were current."
    call_command("migrate")
    assert capsys.readouterr().out == "Nothing left to migrate; merchants at this release: 2.\n"


def test_the_command_fails_at_the_end(without_sessions: None, capsys: pytest.CaptureFixture[str]) -> None:
    fetch("CREATE TABLE t_cafe.django_session (in_the_way int)")
    with pytest.raises(CommandError, match='t_cafe: .*"django_session" already exists') as failed:
        call_command("migrate", jobs=1)
    assert failed.value.returncode == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Merchants: 1 migrated, 1 failed, 0 were current."


def test_check_changes_nothing(without_sessions: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="run `manage.py migrate`") as stale:
        call_command("migrate", check=True)
    assert stale.value.returncode == 1
    told = capsys.readouterr().out.splitlines()
    assert told == ["stale: platform and template", "stale: t_cafe", "stale: t_grocer"]
    assert schemas_with("django_session") == []


@pytest.mark.parametrize(
    "arguments", [["staff"], ["nothing", "zero"], ["staff", "9999_nothing"], ["auth", "000"]], ids=" ".join
)
def test_wrong_names_are_refused(owner: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("migrate", *arguments)
    assert refused.value.returncode == 2


def test_the_platform_can_go_to_a_migration_too(as_owner: None) -> None:
    call_command("migrate", "tenants", "0001", verbosity=0)
    assert fetch("SELECT count(*) FROM tenants_schematemplate") == [(0,)]
    call_command("migrate", verbosity=0)
    with platform_context():
        assert SchemaTemplate.objects.get().fingerprint == tenant_fingerprint()
