"""A run from its beginning to its end. Asked for by the night, by a bell or by a person; one at a time per account.

Each step is done in batches under the run's claim. A process that dies leaves the run where it was; whoever takes
it up does the step again from its cursor, and what was done before is found done. One that breaks off, whoever's
fault it is, pauses longer and longer and is given up in the end; the next one begins where the last that was done
did, so nothing is left out.
"""

import datetime as dt
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from fynlo.core.actors import Actor
from fynlo.core.failpoints import reach
from payments.gateways.base import GatewayFailure, NotConnected, OutcomeUnknown
from payments.gateways.facts import capabilities_of
from payments.gateways.models import Connection
from payments.gateways.services.connecting import doubt_connection
from payments.reconciliation import states
from payments.reconciliation.errors import NothingToReconcile, Superseded
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.services.claiming import Claim, Clock, break_off, take_over
from payments.reconciliation.services.closing import close_run
from payments.reconciliation.services.comparing import compare_ours
from payments.reconciliation.services.disputing import refresh_disputes
from payments.reconciliation.services.listing import list_everything
from payments.reconciliation.services.matching import match_lines
from payments.reconciliation.services.posting import post_payouts
from payments.reconciliation.services.stating import compare_stated

log = structlog.get_logger("fynlo.payments")

OVERLAP: Final = dt.timedelta(days=14)
"""A run looks back so far behind the last one's beginning: payouts change until they have arrived."""
AGAIN: Final = "asked_again"


def ask_for_run(
    *, connection: Connection, reason: str, at: dt.datetime, asked_by: str = "", anew: bool = False
) -> UUID:
    """The run of this account that is to be worked on: a new one, or the one that is running already.

    One that was begun before it is asked for is followed by another, since it may have passed what is new. `anew`
    gives up one that broke off and waits. Inside any transaction or none.
    """
    with transaction.atomic():
        row = Reconciliation(
            connection=connection,
            reason=reason,
            asked_by=asked_by,
            since=_since(connection),
            started_at=at,
            touched_at=at,
        )
        running = Reconciliation.objects.select_for_update(of=("self",)).filter(
            connection=connection, state=states.RUNNING
        )
        known = running.first()
        if known is not None and anew and known.failures and known.claim is None:
            known.state, known.finished_at = states.RUN.after(known.state, "fail"), at
            known.save(update_fields=["state", "finished_at"])
            known = None
        if known is None:
            Reconciliation.objects.bulk_create([row], ignore_conflicts=True)
            known = running.all().get()
        elif known.claim is not None or known.failures:
            known.counts = {**known.counts, AGAIN: 1}
            known.save(update_fields=["counts"])
    return UUID(str(known.pk))


def ask_for_runs(*, reason: str, at: dt.datetime) -> list[UUID]:
    """A run for every account that lists its payouts; one that broke off holds up none of them. Their keys."""
    found = Connection.objects.filter(is_active=True).order_by("id")
    return [
        ask_for_run(connection=each, reason=reason, at=at, anew=True)
        for each in found
        if has_listing(connection=each)
    ]


def ask_by_hand(*, connection_id: UUID, actor: Actor, at: dt.datetime) -> UUID:
    """Somebody wants to know now. Raises `Forbidden`, `NothingToReconcile`."""
    actor.require("payments.reconcile")
    connection = Connection.objects.filter(pk=connection_id).first()
    if connection is None or not has_listing(connection=connection):
        raise NothingToReconcile(pointer="/connection_id")
    return ask_for_run(connection=connection, reason="asked", at=at, asked_by=actor.name)


def has_listing(*, connection: Connection) -> bool:
    """Whether the account said it lists its payouts, when it was asked last."""
    return connection.state != "disconnected" and capabilities_of(connection.capabilities).settlements


def run_reconciliation(*, run_id: UUID, clock: Clock) -> str:
    """Work on a run until it is done. Returns its state ("" when there is none, or another process has it).

    What goes wrong, at the vendor's or here, is counted and kept with the run, and does not leave this function.
    """
    claim = take_over(run_id=run_id, clock=clock)
    if claim is None:
        return ""
    try:
        for step, work in _WORK.items():
            if claim.at_step(step):
                _do(claim, step, work)
    except Superseded:
        return ""
    except (GatewayFailure, OutcomeUnknown) as failure:
        return _interrupted(claim, failure)
    except Exception as error:  # a run must neither be tried for ever nor hold up the next one
        log.exception("reconciliation_broken", run=str(claim.run_id))
        return _broken_off(claim, f"It could not be done here ({type(error).__name__}).")
    _follow(claim)
    return states.DONE


def _do(claim: Claim, step: str, work: Callable[[Claim], None]) -> None:
    work(claim)
    reach(f"reconcile.{step}")
    if step != states.STEPS[-1]:
        claim.leave_step(step)


def _follow(claim: Claim) -> None:
    """Somebody asked while it ran."""
    run = Reconciliation.objects.get(pk=claim.run_id)
    if run.counts.get(AGAIN):
        ask_for_run(connection=claim.connection, reason=run.reason, at=claim.clock())


def _list(claim: Claim) -> None:
    refresh_disputes(connection=claim.connection, at=claim.clock())
    list_everything(claim)


def _compare(claim: Claim) -> None:
    compare_ours(claim)
    compare_stated(claim)


_WORK: Final[dict[str, Callable[[Claim], None]]] = {
    "listing": _list,
    "matching": match_lines,
    "comparing": _compare,
    "posting": post_payouts,
    "closing": close_run,
}


def _interrupted(claim: Claim, failure: GatewayFailure | OutcomeUnknown) -> str:
    """The vendor did not answer: the sweep tries again later, unless the account is lost."""
    is_lost = isinstance(failure, NotConnected) and doubt_connection(
        connection_id=claim.connection.pk, reason=failure.text, at=claim.clock()
    )
    log.warning("reconciliation_interrupted", run=str(claim.run_id), error=type(failure).__name__)
    return _broken_off(claim, failure.text or type(failure).__name__, is_final=is_lost)


def _broken_off(claim: Claim, trouble: str, *, is_final: bool = False) -> str:
    """Count it and let go of the run. Its state; "" when another process has it by now."""
    try:
        with claim.batch() as run:
            break_off(run, trouble=trouble, at=claim.clock(), is_final=is_final)
    except Superseded:
        return ""
    return str(run.state)


def _since(connection: Connection) -> dt.datetime:
    """Two weeks before the last run that was done began, or the beginning of the account."""
    done = Reconciliation.objects.filter(connection=connection, state=states.DONE)
    last = done.order_by("-started_at").values_list("started_at", flat=True).first()
    return (connection.created_at if last is None else last) - OVERLAP
