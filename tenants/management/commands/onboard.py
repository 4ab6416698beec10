"""`manage.py onboard merchant.yaml`: make a merchant what their file describes, new or changed."""

import getpass
import json
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fynlo.core.actors import Actor
from fynlo.core.clock import now
from fynlo.core.errors import DomainError
from tenants import states
from tenants.configuration.problems import InvalidConfiguration
from tenants.onboarding.planning import Plan
from tenants.onboarding.services import Onboarded, Taken, onboard
from tenants.schemas.templates import TemplateMissing

INVALID_FILE: Final = 2
_SIGNS: Final = {"create": "+", "change": "~", "leave": "-", "run": ">", "keep": "="}


class Command(BaseCommand):
    """Runs as the owner role. Exit codes: 0 done, 1 a step or the database failed, 2 the file is not valid."""

    help = "Onboard a merchant from their file, or apply a changed file. Safe to run again at any time."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and how far to go."""
        parser.add_argument("file", type=Path, help="the merchant's file (YAML)")
        parser.add_argument("--dry-run", action="store_true", help="check and print the plan; change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON document instead of lines")
        parser.add_argument(
            "--state",
            choices=[states.TRIAL, states.ACTIVE],
            default=states.ACTIVE,
            help="state of a new merchant",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Call the service once and print what it says."""
        quiet = options["json"]
        try:
            result = onboard(
                file=options["file"],
                actor=Actor(kind="operator", id=None, name=_who()),
                at=now(),
                state=options["state"],
                dry_run=options["dry_run"],
                show_plan=(lambda _plan: None) if quiet else self.print_plan,
                show_step=(lambda _taken: None) if quiet else self.print_step,
            )
        except InvalidConfiguration as invalid:
            self._refuse(invalid, as_json=quiet)
        except (TemplateMissing, DomainError) as error:
            if quiet:
                self._print_json({"ok": False, "error": str(error)})
            raise CommandError(str(error), returncode=1) from error
        else:
            self._conclude(result, dry_run=options["dry_run"], as_json=quiet)

    def print_plan(self, plan: Plan) -> None:
        """What is going to happen, one line each; what stays is counted."""
        kept = sum(line.action == "keep" for line in plan.lines)
        self.stdout.write(f"Plan for {plan.slug} ({'new' if plan.is_new else 'known'} merchant):")
        for line in plan.lines:
            if line.action != "keep":
                self.stdout.write(f"  {_SIGNS[line.action]} {line.what}  {line.detail}".rstrip())
        if kept:
            self.stdout.write(f"  = {kept} kept as they are")

    def print_step(self, taken: Taken) -> None:
        """A step that was committed, with its time."""
        counts = ", ".join(f"{name} {value}" for name, value in taken.counts.items())
        self.stdout.write(f"{taken.milliseconds:>7} ms  {taken.name}  {counts}".rstrip())

    def _conclude(self, result: Onboarded, *, dry_run: bool, as_json: bool) -> None:
        if as_json:
            self._print_json({"ok": True, "dry_run": dry_run, **_as_dict(result)})
        elif dry_run:
            self.stdout.write("Dry run: nothing was changed.")
        elif not result.taken:
            self.stdout.write(
                f"Nothing to do: {result.plan.slug} is what the file describes ({result.state})."
            )
        else:
            self.stdout.write(
                f"{result.plan.slug} is {result.state}; configuration version {result.version}."
            )

    def _refuse(self, invalid: InvalidConfiguration, *, as_json: bool) -> None:
        if as_json:
            self._print_json({"ok": False, "problems": [problem.as_dict() for problem in invalid.problems]})
        lines = "\n".join(f"  {problem.sentence()}" for problem in invalid.problems)
        count = len(invalid.problems)
        told = f"The file has {count} mistake{'' if count == 1 else 's'}; nothing was changed.\n{lines}"
        raise CommandError(told, returncode=INVALID_FILE) from None

    def _print_json(self, value: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2))


def _as_dict(result: Onboarded) -> dict[str, Any]:
    return {
        "slug": result.plan.slug,
        "state": result.state,
        "version": result.version,
        "plan": [
            {"action": line.action, "what": line.what, "detail": line.detail} for line in result.plan.lines
        ],
        "steps": [
            {"name": taken.name, "milliseconds": taken.milliseconds, "counts": dict(taken.counts)}
            for taken in result.taken
        ],
    }


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
