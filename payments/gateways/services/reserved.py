"""Taking what is reserved, all or less of it, and reserving more.

Both are write, call, write like every verb, and safe to repeat.
"""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.money import Money, spell_money
from payments.gateways import states
from payments.gateways.documents import truth
from payments.gateways.errors import AmountOutOfRange, AttemptUndecided, CapabilityMissing
from payments.gateways.models import Attempt
from payments.gateways.offering import check_amount, check_step, need
from payments.gateways.registry import gateway_of
from payments.gateways.services.attempts import (
    attempt_row,
    facts_of,
    look_at_attempt,
    offered_to,
    settled,
)
from payments.gateways.services.calling import ask
from payments.gateways.services.owed import check_most
from payments.gateways.services.writing import claim, write

_CANNOT_GROW: Final = (
    "More cannot be reserved with this payment: it was not begun as one that grows, or its card does not allow it. "
    "Ask for the rest with another one."
)


def capture_attempt(*, attempt_id: UUID, amount: Money | None, actor: Actor, at: dt.datetime) -> Attempt:
    """Take what is authorised, or less of it (the rest is let go). Repeated after it was taken: nothing more.

    Raises `CapabilityMissing`, `AmountOutOfRange` (also for more than is owed by then, and for what is between two
    steps of the account), and `Conflict` (`illegal_transition`) from other states.
    """
    return take(attempt_id=attempt_id, amount=amount, by=actor.name, at=at)


def take(
    *,
    attempt_id: UUID,
    amount: Money | None,
    by: str,
    at: dt.datetime,
    slip: Mapping[str, str] | None = None,
) -> Attempt:
    """`capture_attempt` for whoever names no actor. `slip` is kept once nothing speaks against taking it."""
    row = attempt_row(attempt_id=attempt_id)
    if row.state == states.UNKNOWN:
        row = look_at_attempt(attempt_id=attempt_id, at=at)
    if row.state == states.CAPTURED:
        if amount is not None and (amount.minor, amount.currency) != (row.captured_minor, row.currency):
            taken = spell_money(row.captured_minor, row.currency)
            raise AmountOutOfRange(
                f"{taken} was taken already.", pointer="/amount", captured_minor=row.captured_minor
            )
        return settled(row, at)
    gateway = gateway_of(row.connection.gateway)
    offered = offered_to(row, at)
    need(offered, offered.manual_capture, "manual_capture")
    wanted = _capturable(row, amount)
    check_step(amount=wanted, offered=offered, pointer="/amount", most=row.authorised_minor or None)
    is_local = getattr(gateway, "is_local", False)

    def check(locked: Attempt) -> None:
        if locked.state in states.OPEN and locked.state != states.AUTHORISED and not is_local:
            raise AttemptUndecided("Only what is reserved can be taken.", state=locked.state)
        states.ATTEMPT.after(locked.state, "capture")
        _capturable(locked, wanted)
        if slip is not None:
            vendor = {**locked.details.get("vendor", {}), "slip": dict(slip)}
            locked.details = {**locked.details, "vendor": vendor}

    said = {"amount_minor": wanted.minor}
    owed = partial(check_most, purpose=row.purpose, attempt_id=row.pk, amount=wanted, pointer="/amount")
    before = None if is_local else owed  # what a slip says was taken
    claimed = claim(attempt_id=row.pk, verb="capture", at=at, by=by, said=said, check=check, before=before)
    fresh = attempt_row(attempt_id=row.pk)
    answer = ask(lambda: gateway.capture(attempt=facts_of(fresh), amount=wanted, key=claimed.key))
    row = write(claimed=claimed, answer=answer, at=at)
    if not answer.is_certain or answer.failure is not None:
        row = look_at_attempt(attempt_id=row.pk, at=at)
    return settled(row, at)


def increment_attempt(*, attempt_id: UUID, to: Money, actor: Actor, at: dt.datetime) -> Attempt:
    """Authorise more than before. A declined increment leaves the old amount, and says so in `failure_*`.

    Repeated when that much is authorised already: nothing more. Raises `CapabilityMissing`, `AmountOutOfRange` for
    less than before, more than is owed, or what the account takes no amount of, `AttemptUndecided` elsewhere.
    """
    row = attempt_row(attempt_id=attempt_id)
    if row.state == states.UNKNOWN:
        row = look_at_attempt(attempt_id=attempt_id, at=at)
    if row.state == states.AUTHORISED and to == Money(row.authorised_minor, row.currency):
        return row
    _check_reserved(row)
    offered = offered_to(row, at)
    need(offered, offered.increment, "increment")
    if not row.details.get("can_increment"):
        raise CapabilityMissing(_CANNOT_GROW, missing="increment")

    def check(locked: Attempt) -> None:
        _check_reserved(locked)
        if to.currency != locked.currency or to.minor <= locked.authorised_minor:
            raise AmountOutOfRange(authorised_minor=locked.authorised_minor, pointer="/to")

    check(row)
    check_amount(amount=to, offered=offered, pointer="/to")
    said = {"to_minor": to.minor}
    owed = partial(check_most, purpose=row.purpose, attempt_id=row.pk, amount=to, pointer="/to")
    claimed = claim(
        attempt_id=row.pk, verb="increment", at=at, by=actor.name, said=said, check=check, before=owed
    )
    gateway, facts = gateway_of(row.connection.gateway), facts_of(attempt_row(attempt_id=row.pk))
    answer = ask(lambda: gateway.increment(attempt=facts, to=to, key=claimed.key))
    row = write(claimed=claimed, answer=answer, at=at)
    return look_at_attempt(attempt_id=row.pk, at=at) if answer.unknown else row


def _check_reserved(row: Attempt) -> None:
    if row.state != states.AUTHORISED:
        raise AttemptUndecided(truth(row), state=row.state)


def _capturable(row: Attempt, amount: Money | None) -> Money:
    asked = Money(row.authorised_minor or row.amount_minor, row.currency) if amount is None else amount
    most = row.authorised_minor if row.state == states.AUTHORISED else asked.minor
    if asked.currency != row.currency or not 0 < asked.minor <= most:
        raise AmountOutOfRange(authorised_minor=row.authorised_minor, pointer="/amount")
    return asked
