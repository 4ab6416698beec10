"""`manage.py migrate`: the platform, the template and every merchant, in place of Django's and the library's."""

import os
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import AmbiguityError, MigrationLoader

from fynlo.core.clock import now
from tenants.schemas.applying import Target
from tenants.schemas.migrating import Report, migrate_everything, migrate_to
from tenants.schemas.pending import pending

MOST_JOBS = 4


class Command(BaseCommand):
    """Runs as the owner role. Nothing migrates when a web process starts: this command is the only way."""

    help = "Migrate the platform and every merchant whose schema is not at this release."
    requires_system_checks: list[str] = []
    autodetector = MigrationAutodetector  # Django's checks compare it with makemigrations'

    def add_arguments(self, parser: CommandParser) -> None:
        """An app and a migration to go to a certain point; everything to the newest without them."""
        parser.add_argument("app_label", nargs="?", help="migrate only this app …")
        parser.add_argument(
            "migration_name", nargs="?", help='… to this migration ("zero": to before the first)'
        )
        add_migrate_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit code 1 when a schema failed, or when --check finds something to do."""
        if bool(options["app_label"]) != bool(options["migration_name"]):
            raise CommandError("Name an app and a migration, or neither.", returncode=2)
        run_migrate(self, target=_target(options), **options)


def add_migrate_options(parser: CommandParser) -> None:
    """The options that `migrate` and `tenants migrate` share."""
    default = min(MOST_JOBS, os.cpu_count() or 1)
    parser.add_argument("--tenant", action="append", default=[], metavar="SLUG", help="only this merchant")
    parser.add_argument("--canary", action="append", default=[], metavar="SLUG", help="this merchant first")
    parser.add_argument(
        "--jobs", type=int, default=default, help=f"processes side by side (default {default})"
    )
    parser.add_argument(
        "--despite-canaries", action="store_true", help="go on with the others when a canary has failed"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is stale")
    parser.add_argument("--noinput", "--no-input", action="store_true", help="accepted; nothing is asked")


def run_migrate(command: BaseCommand, *, target: Target | None, **options: Any) -> None:
    """Call the service, print what it says, and fail at the end when a schema failed."""
    say = command.stdout.write if options["verbosity"] > 0 else lambda _line: None
    canaries, only = tuple(options["canary"]), tuple(options["tenant"])
    if options["check"]:
        _print_pending(command, canaries)
        return
    if target is not None:
        report = migrate_to(target=target, jobs=options["jobs"], only=only, say=say)
    else:
        report = migrate_everything(
            at=now(),
            jobs=options["jobs"],
            canaries=canaries,
            only=only,
            despite_canaries=options["despite_canaries"],
            say=say,
        )
    say(_summary(report))
    if report.failed or report.left_out:
        raise CommandError(_failures(report), returncode=1)


def _summary(report: Report) -> str:
    if not report.outcomes:
        return f"Nothing left to migrate; merchants at this release: {report.current}."
    done = len(report.outcomes) - len(report.failed)
    return f"Merchants: {done} migrated, {len(report.failed)} failed, {report.current} were current."


def _failures(report: Report) -> str:
    lines = [f"  {outcome.schema}: {outcome.error}" for outcome in report.failed]
    if report.left_out:
        lines.append(f"  not started because a canary failed: {', '.join(report.left_out)}")
    return "Not everything could be migrated:\n" + "\n".join(lines)


def _print_pending(command: BaseCommand, canaries: tuple[str, ...]) -> None:
    stale = pending(canaries=canaries)
    if stale.nothing:
        command.stdout.write(f"Nothing to migrate; merchants at this release: {stale.current}.")
        return
    if stale.foundations:
        command.stdout.write("stale: platform and template")
    for schema in (*stale.canaries, *stale.others):
        command.stdout.write(f"stale: {schema}")
    raise CommandError("Something is not at this release; run `manage.py migrate`.", returncode=1)


def _target(options: dict[str, Any]) -> Target | None:
    label, name = options["app_label"], options["migration_name"]
    if label is None:
        return None
    if not any(config.label == label for config in apps.get_app_configs()):
        raise CommandError(f"There is no app {label!r}.", returncode=2)
    if name == "zero":
        return label, None
    try:
        found = MigrationLoader(None).get_migration_by_prefix(label, name)
    except (KeyError, AmbiguityError) as error:
        raise CommandError(f"{label} has no one migration {name!r}: {error}", returncode=2) from None
    return label, found.name
