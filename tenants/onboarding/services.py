"""Onboarding: from a merchant's file to a merchant who can sell, in steps that can be taken up again.

Everything that can be checked is checked before anything changes. Then every step commits on its own and is
noted; a run that was killed is taken up where it stopped, because steps are idempotent and a step whose input
has not changed is not run again. The merchant is `provisioning` until the last step.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import platform_context, tenant_context
from fynlo.events.log import unit_of_work
from tenants import states
from tenants.configuration.sections import Configuration
from tenants.models import OnboardingRun, OnboardingStep, Tenant
from tenants.onboarding.failpoints import reach
from tenants.onboarding.merchants import build_schema, enter_merchant, open_merchant
from tenants.onboarding.planning import Plan, make_plan
from tenants.onboarding.steps import Step
from tenants.onboarding.validation import Checked, check_file
from tenants.schemas.exclusive import exclusively
from tenants.schemas.migrating import LOCK as MIGRATION_LOCK
from tenants.schemas.templates import current_template

ShowPlan = Callable[[Plan], None]
ShowStep = Callable[["Taken"], None]


class StepFailed(DomainError):
    """A step failed and was rolled back; what came before it stays, and the next run goes on here."""

    code: ClassVar[str] = "onboarding_step_failed"
    title: ClassVar[str] = "A step of onboarding failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: how long it took, and what it counted."""

    name: str
    milliseconds: int
    counts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Onboarded:
    """The result of a run. `version` is that of the configuration in force, None after a dry run."""

    plan: Plan
    taken: tuple[Taken, ...] = ()
    state: str = ""
    version: int | None = None


def onboard(
    *,
    file: Path,
    actor: Actor,
    at: dt.datetime,
    state: str = states.ACTIVE,
    dry_run: bool = False,
    show_plan: ShowPlan = lambda _plan: None,
    show_step: ShowStep = lambda _taken: None,
) -> Onboarded:
    """Bring a merchant to what `file` describes; a new one ends in `state` (trial or active).

    Raises `InvalidConfiguration` (nothing was changed), `TemplateMissing` (the database is not migrated),
    `AlreadyRunning` (another process onboards the same merchant, or migrates), `StepFailed`.
    """
    checked = check_file(file=file)
    current_template()
    plan = make_plan(checked=checked)
    if dry_run:
        show_plan(plan)
        return Onboarded(plan, state=checked.tenant.state if checked.tenant else "")
    busy = (
        f"{plan.slug} is being onboarded by another process, or merchants are being migrated; try again soon"
    )
    with exclusively(f"onboard {plan.slug}", shared=(MIGRATION_LOCK,), busy=busy):
        checked = check_file(file=file)
        plan = make_plan(checked=checked)
        show_plan(plan)
        return _carry_out(plan, checked, actor=actor, at=at, state=state, show=show_step)


def _carry_out(
    plan: Plan,
    checked: Checked,
    *,
    actor: Actor,
    at: dt.datetime,
    state: str,
    show: ShowStep,
) -> Onboarded:
    if plan.nothing and checked.tenant is not None:
        return Onboarded(plan, state=checked.tenant.state)
    course, configuration = _Course(show, at), checked.configuration
    with course.step("merchant"):
        run = enter_merchant(configuration=configuration, digest=plan.digest, at=at)
    with course.step("schema") as counts:
        built = build_schema(tenant=run.tenant)
        counts.update({} if built is None else {"way": built.way})
    for step, inputs in plan.due:
        with course.step(step.name) as counts:
            counts.update(_run_step(step, run.tenant, configuration, at))
        _note_step(run, course.taken[-1], inputs, course.now)
    with course.step("finish") as counts:
        tenant, version = open_merchant(
            run=run, configuration=configuration, state=state, actor=actor, at=course.now
        )
        counts.update({"state": tenant.state, "version": version})
    return Onboarded(plan, tuple(course.taken), tenant.state, version)


def _run_step(step: Step, tenant: Tenant, configuration: Configuration, at: dt.datetime) -> Mapping[str, Any]:
    """Run a step in the merchant's schema, in one unit of work."""
    with tenant_context(tenant), unit_of_work():
        counts = step.run(tenant=tenant, config=configuration, at=at)
        reach(step.name, "before")
    reach(step.name, "after")
    return counts or {}


def _note_step(run: OnboardingRun, taken: Taken, inputs: str, at: dt.datetime) -> None:
    """Note a step that was committed: apart from it, since this is the platform's; not noted, it runs again."""
    outcome = {"inputs": inputs, "counts": dict(taken.counts)}
    with platform_context():
        OnboardingStep.objects.update_or_create(
            run=run,
            name=taken.name,
            defaults={"finished_at": at, "milliseconds": taken.milliseconds, "outcome": outcome},
        )


class _Course:
    """Times the steps of a run, tells what was taken, and names the step that failed."""

    def __init__(self, show: ShowStep, at: dt.datetime) -> None:
        self._show, self._at, self._started = show, at, time.perf_counter()
        self.taken: list[Taken] = []

    @property
    def now(self) -> dt.datetime:
        """The time the run was given, moved on by what it has taken so far."""
        return self._at + dt.timedelta(seconds=time.perf_counter() - self._started)

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Time one step; what it counted goes into the mapping."""
        started = time.perf_counter()
        counts: dict[str, Any] = {}
        try:
            yield counts
        except Exception as error:
            raise StepFailed(f"step {name} failed: {error}", step=name) from error
        self.taken.append(Taken(name, round((time.perf_counter() - started) * 1000), counts))
        self._show(self.taken[-1])
