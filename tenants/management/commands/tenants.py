"""`manage.py tenants list|show|suspend|resume|migrate|check`: the platform's view of its merchants."""

import dataclasses
import getpass
import json
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db.utils import ProgrammingError

from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.database import sqlstate
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import platform_context
from tenants.configuration.fields import nearest
from tenants.health import Finding, check_merchant
from tenants.management.commands.migrate import add_migrate_options, run_migrate
from tenants.models import Tenant
from tenants.queries import Merchant, last_run, merchants, slugs
from tenants.schemas.checking import check_platform
from tenants.schemas.fingerprint import tenant_fingerprint
from tenants.schemas.pending import UNDEFINED
from tenants.schemas.templates import TemplateMissing
from tenants.services import resume_tenant, suspend_tenant

_COLUMNS = ("slug", "name", "state", "currency", "schema", "configuration", "domains")


class Command(BaseCommand):
    """Runs as the owner role. Exit codes: 0 done, 1 something is wrong, 2 no such merchant or wrong usage."""

    help = "List, show, suspend, resume, migrate and check merchants."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One subcommand each."""
        commands = parser.add_subparsers(dest="subcommand", required=True, metavar="subcommand")
        listing = commands.add_parser("list", help="all merchants, one line each")
        showing = commands.add_parser("show", help="one merchant, with their last onboarding")
        suspending = commands.add_parser("suspend", help="refuse all requests of a merchant from now on")
        resuming = commands.add_parser("resume", help="serve a suspended merchant again")
        migrating = commands.add_parser("migrate", help="the same as `manage.py migrate`")
        checking = commands.add_parser("check", help="is a merchant (are all merchants) sound?")
        for named in (showing, suspending, resuming):
            named.add_argument("slug")
        checking.add_argument("slug", nargs="?")
        suspending.add_argument("--reason", required=True, help="why; kept and shown to operators")
        add_migrate_options(migrating)
        for printing in (listing, showing, suspending, resuming, checking):
            printing.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Look the merchant up, make one call, print the answer."""
        try:
            self._answer(Namespace(**options), options)
        except ProgrammingError as error:
            if sqlstate(error) not in UNDEFINED:
                raise
            raise CommandError(str(TemplateMissing()), returncode=1) from error

    def _answer(self, wanted: Namespace, options: dict[str, Any]) -> None:
        slug = getattr(wanted, "slug", None)
        if slug is not None:
            _known(slug)
        for name in getattr(wanted, "tenant", []):
            _known(name)
        if wanted.subcommand == "migrate":
            run_migrate(self, target=None, **options)
        else:
            getattr(self, f"_{wanted.subcommand}")(wanted)

    def _list(self, wanted: Namespace) -> None:
        found = merchants()
        if wanted.json:
            self._print_json([_as_dict(merchant) for merchant in found])
        else:
            self._print_table([_COLUMNS, *(_row(merchant) for merchant in found)])

    def _show(self, wanted: Namespace) -> None:
        (merchant,) = merchants(slug=wanted.slug)
        run = last_run(slug=wanted.slug)
        steps = [] if run is None else [(step.name, f"{step.milliseconds} ms") for step in run.steps.all()]
        about = {
            **_as_dict(merchant),
            "schema_is_current": merchant.schema_fingerprint == tenant_fingerprint(),
            "onboarding_started_at": run.started_at if run else None,
            "onboarding_finished_at": run.finished_at if run else None,
        }
        if wanted.json:
            self._print_json({**about, "onboarding_steps": [name for name, _ in steps]})
            return
        lines = [(name, _text(value)) for name, value in about.items() if value not in (None, "", ())]
        self._print_table([*lines, *((f"  {name}", took) for name, took in steps)])

    def _suspend(self, wanted: Namespace) -> None:
        try:
            suspend_tenant(slug=wanted.slug, reason=wanted.reason, actor=_actor(), at=now())
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        self._conclude(wanted, f"{wanted.slug} is suspended: {wanted.reason}")

    def _resume(self, wanted: Namespace) -> None:
        (before,) = merchants(slug=wanted.slug)
        resume_tenant(slug=wanted.slug, actor=_actor(), at=now())
        told = "is served again" if before.suspended_at else "was not suspended"
        self._conclude(wanted, f"{wanted.slug} {told}.")

    def _check(self, wanted: Namespace) -> None:
        with platform_context():
            built = Tenant.objects.exclude(schema_fingerprint="").order_by("slug")
            found = list(built.filter(slug=wanted.slug) if wanted.slug else built)
        findings = [Finding("platform", "schema", sentence) for sentence in check_platform()]
        for tenant in found:
            findings += check_merchant(tenant=tenant)
        if wanted.json:
            self._print_json([dataclasses.asdict(finding) for finding in findings])
        else:
            for finding in findings:
                self.stdout.write(f"{finding.merchant}: {finding.part}: {finding.sentence}")
        if findings:
            raise CommandError(f"Findings: {len(findings)}; merchants looked at: {len(found)}.", returncode=1)
        if not wanted.json:
            self.stdout.write(f"The platform is sound, and so is every merchant looked at: {len(found)}.")

    def _conclude(self, wanted: Namespace, sentence: str) -> None:
        if wanted.json:
            (merchant,) = merchants(slug=wanted.slug)
            self._print_json(_as_dict(merchant))
        else:
            self.stdout.write(sentence)

    def _print_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))

    def _print_table(self, rows: Sequence[Sequence[str]]) -> None:
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())


def _known(slug: str) -> None:
    known = slugs()
    if slug in known:
        return
    meant = nearest(slug, known)
    hint = f" Did you mean {meant}?" if meant else ""
    raise CommandError(f"There is no merchant {slug!r}.{hint}", returncode=2)


def _row(merchant: Merchant) -> tuple[str, ...]:
    state = f"{merchant.state} (suspended)" if merchant.suspended_at else merchant.state
    version = "-" if merchant.configuration_version is None else str(merchant.configuration_version)
    return (
        merchant.slug,
        merchant.name,
        state,
        merchant.currency,
        merchant.schema,
        version,
        " ".join(merchant.domains),
    )


def _as_dict(merchant: Merchant) -> dict[str, Any]:
    return dataclasses.asdict(merchant)


def _text(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple | list) else str(value)


def _actor() -> Actor:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = "unknown"
    return Actor(kind="operator", id=None, name=name)
