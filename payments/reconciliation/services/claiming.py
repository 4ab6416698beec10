"""Whose run it is: one process works on a run, and every batch of it is written under its claim."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import structlog

from fynlo.core.ids import new_id
from fynlo.events.log import unit_of_work
from payments.gateways.models import Connection
from payments.reconciliation import states
from payments.reconciliation.errors import Superseded
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.pauses import ABANDONED_AFTER, FAILURES

log = structlog.get_logger("fynlo.payments")

Clock = Callable[[], dt.datetime]
_KEPT: Final = ("step", "state", "claim", "cursor", "counts", "trouble", "touched_at", "finished_at")
_LONGEST_TROUBLE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A run that this process works on."""

    run_id: UUID
    token: UUID = field(repr=False)
    connection: Connection
    since: dt.datetime
    started_at: dt.datetime
    clock: Clock

    @contextmanager
    def batch(self) -> Iterator[Reconciliation]:
        """One unit of work under the claim; what is changed of the row is saved with it.

        Raises `Superseded` when another process has taken the run over, and nothing was written.
        """
        with unit_of_work():
            rows = Reconciliation.objects.select_for_update(of=("self",))
            run = rows.filter(pk=self.run_id, claim=self.token, state=states.RUNNING).first()
            if run is None:
                raise Superseded
            yield run
            run.touched_at = self.clock()
            run.save(update_fields=_KEPT)

    def at_step(self, step: str) -> bool:
        """Whether the run has come to this step and not beyond."""
        return bool(Reconciliation.objects.filter(pk=self.run_id, step=step).exists())

    def leave_step(self, step: str) -> None:
        """The step is done: the next one begins, with a cursor of its own."""
        following = states.STEPS[states.STEPS.index(step) + 1]
        with self.batch() as run:
            run.step, run.cursor = following, {}


def take_over(*, run_id: UUID, clock: Clock) -> Claim | None:
    """Make the run ours, whoever had it; None when it is over or not there.

    One that was left lying by a process that died has broken off; after too many of them it is given up here.
    """
    with unit_of_work():
        rows = Reconciliation.objects.select_for_update(of=("self",)).select_related("connection")
        run = rows.filter(pk=run_id, state=states.RUNNING).first()
        if run is None:
            return None
        at = clock()
        if run.claim is not None and run.touched_at + ABANDONED_AFTER <= at:
            break_off(run, trouble="The process that worked on it ended in the middle.", at=at)
        if run.state == states.RUNNING:
            run.claim = new_id()
        run.touched_at = at
        run.save(update_fields=_KEPT)
    if run.claim is None:
        return None
    return Claim(
        run_id=run.pk,
        token=run.claim,
        connection=run.connection,
        since=run.since,
        started_at=run.started_at,
        clock=clock,
    )


def break_off(run: Reconciliation, *, trouble: str, at: dt.datetime, is_final: bool = False) -> None:
    """Let go of a run that was not finished, with the reason: it pauses, or is given up. The caller saves it."""
    run.counts = {**run.counts, "failures": run.failures + 1}
    run.trouble, run.claim = trouble[:_LONGEST_TROUBLE], None
    if is_final or run.failures >= FAILURES:
        run.state, run.finished_at = states.RUN.after(run.state, "fail"), at
        log.error("reconciliation_given_up", run=str(run.pk), step=run.step, trouble=run.trouble)


def add_counts(run: Reconciliation, found: Counter[str]) -> None:
    """Add to what the run has counted."""
    run.counts = dict(sorted((Counter(run.counts) + found).items()))
