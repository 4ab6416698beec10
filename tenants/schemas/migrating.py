"""Bringing everything to this release: the platform, the template, then every stale merchant, canaries first.

Resumable: a merchant's fingerprint is set when their schema is done, so a run that was killed goes on where it
stopped. One merchant's failure stops nobody else and is reported at the end; only a canary's failure stops the
merchants that would have come after the canaries, which is what canaries are for.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db import transaction

from fynlo.core.tenancy import platform_context
from tenants.models import SchemaTemplate, Tenant
from tenants.schemas.applying import Target, apply_migrations
from tenants.schemas.exclusive import in_turn
from tenants.schemas.fingerprint import tenant_fingerprint
from tenants.schemas.grants import grant_platform, grant_tenant
from tenants.schemas.parallel import run_each
from tenants.schemas.pending import OFF_THE_PATH, pending
from tenants.schemas.places import TEMPLATE_SCHEMA, in_schema
from tenants.schemas.templates import refresh_template

LOCK = "migrate"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one schema. `error` is empty when it went well."""

    schema: str
    migrations: tuple[str, ...] = ()
    milliseconds: int = 0
    error: str = ""


@dataclass(slots=True)
class Report:
    """What a run did. `current` schemas needed nothing; `left_out` were not started: a canary had failed."""

    outcomes: list[Outcome] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    current: int = 0

    @property
    def failed(self) -> list[Outcome]:
        """The schemas that could not be migrated."""
        return [outcome for outcome in self.outcomes if outcome.error]


def migrate_everything(
    *,
    at: dt.datetime,
    jobs: int = 1,
    canaries: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    despite_canaries: bool = False,
    say: Say = lambda _line: None,
) -> Report:
    """Migrate whatever is stale; `canaries` and `only` (merchants to restrict the run to) are slugs.

    When nothing is stale this is one statement, however many merchants there are. Commits on its way, so it
    must not run inside a transaction. A failure of the platform or the template is raised.
    """
    stale = pending(canaries=canaries)
    if stale.nothing:
        return Report(current=stale.current)
    with in_turn(LOCK, waiting=lambda: say("another migration is running; waiting for it")):
        stale = pending(canaries=canaries)
        if stale.foundations:
            _lay_foundations(at=at, say=say)
            stale = pending(canaries=canaries)
        report = Report(current=stale.current)
        first, rest = _restricted(stale.canaries, only), _restricted(stale.others, only)
        _migrate_each(first, None, jobs=jobs, report=report, say=say)
        if report.failed and not despite_canaries:
            report.left_out = rest
        else:
            _migrate_each(rest, None, jobs=jobs, report=report, say=say)
        return report


def migrate_to(
    *, target: Target, jobs: int = 1, only: tuple[str, ...] = (), say: Say = lambda _line: None
) -> Report:
    """Migrate one app to one migration (None: to before its first), forwards or back, wherever it lives.

    Everything touched counts as stale afterwards, and no new merchant can be built until `migrate` has brought
    the template to the newest migrations again.
    """
    with in_turn(LOCK, waiting=lambda: say("another migration is running; waiting for it")):
        with platform_context():
            SchemaTemplate.objects.all().delete()
            built = list(Tenant.objects.exclude(schema_fingerprint="").order_by("schema_name"))
        report = Report()
        if apps.get_app_config(target[0]).name in settings.SHARED_APPS:
            with platform_context():
                apply_migrations(target=target, progress=_indented(say))
            grant_platform()
            return report
        if not only:
            with in_schema(TEMPLATE_SCHEMA):
                apply_migrations(target=target, progress=_indented(say))
        schemas = _restricted([tenant.schema_name for tenant in built], only)
        _migrate_each(schemas, target, jobs=jobs, report=report, say=say)
        return report


def migrate_schema(schema: str, target: Target | None) -> Outcome:
    """Migrate one merchant's schema and note its fingerprint. Never raises: a failure is an outcome."""
    started, done = time.perf_counter(), []
    try:
        if target is not None:
            _note_fingerprint(schema, OFF_THE_PATH)
        with in_schema(schema):
            done = apply_migrations(target=target)
        with platform_context(), transaction.atomic():
            grant_tenant(schema=schema)
            if target is None:
                _note_fingerprint(schema, tenant_fingerprint())
    except Exception as error:  # noqa: BLE001  reported at the end, beside everybody else's outcome
        return Outcome(schema, tuple(done), _since(started), f"{type(error).__name__}: {error}".strip())
    return Outcome(schema, tuple(done), _since(started))


def _lay_foundations(*, at: dt.datetime, say: Say) -> None:
    started = time.perf_counter()
    with platform_context():
        done = apply_migrations(progress=_indented(say))
    grant_platform()
    say(f"platform: {_count(done)}, {_since(started)} ms")
    started = time.perf_counter()
    template = refresh_template(at=at, progress=_indented(say))
    note = (
        "" if template.ddl else "; no pg_dump found, so new merchants' schemas will be migrated, not replayed"
    )
    say(f"template: {_since(started)} ms{note}")


def _migrate_each(
    schemas: Iterable[str], target: Target | None, *, jobs: int, report: Report, say: Say
) -> None:
    calls = [(schema, target) for schema in schemas]
    for number, outcome in enumerate(run_each(migrate_schema, calls, jobs=jobs, lost=_lost), start=1):
        report.outcomes.append(outcome)
        told = f"FAILED {outcome.error}" if outcome.error else _count(outcome.migrations)
        say(f"[{number}/{len(calls)}] {outcome.schema}: {told}, {outcome.milliseconds} ms")


def _lost(schema: str, _target: Target | None) -> Outcome:
    return Outcome(schema, error="the process that migrated it died")


def _note_fingerprint(schema: str, fingerprint: str) -> None:
    with platform_context():
        Tenant.objects.filter(schema_name=schema).update(schema_fingerprint=fingerprint)


def _restricted(schemas: Iterable[str], only: tuple[str, ...]) -> list[str]:
    return [schema for schema in schemas if not only or schema.removeprefix("t_") in only]


def _indented(say: Say) -> Say:
    return lambda line: say(f"  {line}")


def _count(migrations: Iterable[str]) -> str:
    number = len(list(migrations))
    return f"{number} migration{'' if number == 1 else 's'}"


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
