"""The verbs of an attempt: driving it, looking at it, letting it go, putting it before the guest again.

Every one of them is safe to repeat, after a kill as well: what was sent has its key, what was answered its state.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import Conflict, DomainError, NotFound
from payments.gateways import base, states
from payments.gateways.documents import truth
from payments.gateways.errors import (
    AmountOutOfRange,
    AttemptUndecided,
    CapabilityMissing,
    ConnectionLost,
    ConnectionUnchecked,
    PaymentOutcomeUnknown,
    UnknownConnection,
)
from payments.gateways.facts import asked_for, attempt_facts, presentation_facts, request_facts
from payments.gateways.models import Attempt, AttemptStep, Reader
from payments.gateways.offering import check_start, need
from payments.gateways.pauses import SAME_KEY_FOR
from payments.gateways.registry import gateway_of
from payments.gateways.services.calling import Answer, ask
from payments.gateways.services.connecting import connection_facts, known_capabilities
from payments.gateways.services.owed import check_owed
from payments.gateways.services.settling import settle
from payments.gateways.services.writing import Claim, claim, write, write_look
from payments.gateways.unwanted import is_unwanted

_LOOKS_AT_ONCE = 3
_FOUND_OPEN = (states.PREPARED, states.PRESENTED, states.AUTHORISED, states.DECLINED)
_LET_GO_FROM = (states.PREPARED, states.PRESENTED, states.AUTHORISED, states.DECLINED, states.UNKNOWN)


def attempt_row(*, attempt_id: UUID) -> Attempt:
    """The attempt with its account and reader. Raises `NotFound`."""
    rows = Attempt.objects.select_related("connection", "reader")
    found: Attempt | None = rows.filter(pk=attempt_id).first()
    if found is None:
        raise NotFound("There is no such attempt to pay.")
    return found


def drive_attempt(*, attempt_id: UUID, at: dt.datetime) -> Attempt:
    """Go on with a prepared attempt as far as it goes: begin it, then put it before the guest.

    Each step is write, call, write; nothing happens to an attempt that is further. What was taken at once is
    settled. Failures are told by the attempt's state and `failure_*`, not raised.
    """
    row = attempt_row(attempt_id=attempt_id)
    may = not is_unwanted(row) and may_begin(row, at)
    if row.state == states.PREPARED and not row.vendor_id and may:
        row = _begin(row, at, instead=_let_go_of_siblings(row, at))
    if is_unwanted(row):
        return _let_go_unwanted(row, at)
    if row.state == states.PREPARED and row.vendor_id and not _was_presented(row):
        try:
            row = _present(row, at, by="", check=_is_prepared)
        except AttemptUndecided:  # a twin was faster: what is true by now is the answer
            row = attempt_row(attempt_id=attempt_id)
        if is_unwanted(row):
            return _let_go_unwanted(row, at)
    return settled(row, at)


def look_at_attempt(*, attempt_id: UUID, at: dt.datetime) -> Attempt:
    """Read the vendor's truth, write it down, and settle what was taken. Safe at any time, by anybody.

    What is found open although nobody wants it any more is let go at once.
    """
    row = _look(attempt_id, at)
    return _let_go_unwanted(row, at) if is_unwanted(row) else row


def _look(attempt_id: UUID, at: dt.datetime) -> Attempt:
    row = attempt_row(attempt_id=attempt_id)
    for _ in range(_LOOKS_AT_ONCE):
        if row.state == states.CAPTURED:
            break
        gateway, facts = gateway_of(row.connection.gateway), facts_of(row)
        answer = ask(lambda gateway=gateway, facts=facts: gateway.advance(attempt=facts))  # type: ignore[misc]
        row, is_written = write_look(attempt_id=row.pk, revision=row.revision, answer=answer, at=at)
        if is_written:
            break
    return settled(row, at)


def _let_go_unwanted(row: Attempt, at: dt.datetime) -> Attempt:
    """Of what is unknown nobody says that it is over before somebody has found it."""
    if row.vendor_id and row.state in _FOUND_OPEN:
        with suppress(DomainError):  # the sweep tries again
            return let_go(attempt_id=row.pk, by="", at=at)
    return settled(row, at)


def cancel_attempt(*, attempt_id: UUID, actor: Actor, at: dt.datetime) -> Attempt:
    """Let it go. When that comes too late, the vendor's truth decides, and what was taken is kept.

    Raises `Conflict` (`illegal_transition`) when it is over with money, `CapabilityMissing`, `AttemptUndecided`.
    """
    return let_go(attempt_id=attempt_id, by=actor.name, at=at)


def let_go(*, attempt_id: UUID, by: str, at: dt.datetime, expiring: bool = False) -> Attempt:
    """`cancel_attempt` for whoever names no actor; `expiring`: because its time is over."""
    row = attempt_row(attempt_id=attempt_id)
    if row.state not in _LET_GO_FROM:
        if row.state == states.CAPTURED:
            states.ATTEMPT.after(row.state, "cancel")  # raises: it is paid, and goes back by a refund
        return row
    gateway = gateway_of(row.connection.gateway)
    is_local = getattr(gateway, "is_local", False)
    need(offered_to(row, at), is_local or offered_to(row, at).cancel, "cancel")
    if not row.vendor_id and not is_local:
        row = _with_vendor_id(row, at)
        if row.state not in _LET_GO_FROM:
            return settled(row, at)
    claimed = claim(attempt_id=row.pk, verb="cancel", at=at, by=by, check=_may_let_go, expiring=expiring)
    fresh = attempt_row(attempt_id=row.pk)
    answer = ask(lambda: gateway.cancel(attempt=facts_of(fresh), key=claimed.key))
    row = write(claimed=claimed, answer=answer, at=at)
    if answer.too_late or row.revision == claimed.revision or answer.unknown:
        row = _look(row.pk, at)
    return settled(row, at)


def present_again(*, attempt_id: UUID, reader_id: UUID | None, actor: Actor, at: dt.datetime) -> Attempt:
    """Put it before the guest once more, on another reader if one is named: after a decline or a reader's trouble.

    Raises `UnknownConnection` for a reader that is not of this account, `AttemptUndecided` from other states,
    `PaymentOutcomeUnknown` while another attempt of this amount of the order is undecided, and what says that the
    money is not owed any more (`register_owed`): asked under the lock of what owes it, as when it was started.
    """
    row = attempt_row(attempt_id=attempt_id)
    reader = None
    if reader_id is not None:
        readers = Reader.objects.filter(pk=reader_id, connection=row.connection, is_active=True)
        reader = readers.first()
        if reader is None:
            raise UnknownConnection("There is no such reader.", pointer="/reader_id")

    def check(locked: Attempt) -> None:
        if locked.state not in (states.PREPARED, states.DECLINED) or not locked.vendor_id:
            raise AttemptUndecided(truth(locked), state=locked.state)
        if is_unwanted(locked):
            raise AttemptUndecided("Nobody wants this payment any more.", state=locked.state)
        _check_alone(locked)
        locked.reader = reader or locked.reader

    owed = partial(check_owed, purpose=row.purpose, attempt_id=row.pk)
    row = _present(row, at, by=actor.name, check=check, before=owed)
    if is_unwanted(row):  # its order was paid another way while the reader was being asked
        return _let_go_unwanted(row, at)
    return look_at_attempt(attempt_id=row.pk, at=at) if row.state == states.UNKNOWN else settled(row, at)


def _check_alone(row: Attempt) -> None:
    """Two of the same amount are never before guests at once: both could be paid."""
    others = Attempt.objects.filter(
        order_id=row.order_id, amount_minor=row.amount_minor, state__in=states.BLOCKING, overridden_at=None
    )
    other = None if row.order_id is None else others.exclude(pk=row.pk).first()
    if other is not None:
        raise PaymentOutcomeUnknown(truth(other), attempt_id=str(other.pk), state=other.state)


def _begin(row: Attempt, at: dt.datetime, *, instead: Answer | None = None) -> Attempt:
    claimed = _claim_of_start(row)
    gateway = gateway_of(row.connection.gateway)
    request = request_facts(row=row, connection=_account(row), key=claimed.key)
    answer = instead or _not_offered(row, at) or ask(lambda: gateway.begin(request=request))
    return write(claimed=claimed, answer=answer, at=at)


def _not_offered(row: Attempt, at: dt.datetime) -> Answer | None:
    """Why the account cannot do it, as an answer of its own: nothing was sent."""
    try:
        check_start(draft=asked_for(row), offered=offered_to(row, at))
    except ConnectionUnchecked as error:
        return Answer(failure=base.TryAgain(error.detail, code=error.code))
    except (CapabilityMissing, AmountOutOfRange) as error:
        return Answer(failure=base.Refused(error.detail, code=error.code))
    return None


def _claim_of_start(row: Attempt) -> Claim:
    """The first request was claimed when the attempt was started; every repeat has its key."""
    key = AttemptStep.objects.filter(attempt=row, verb="begin", what="sent").values_list("key", flat=True)
    return Claim(attempt_id=row.pk, verb="begin", key=key.order_by("number")[0], revision=row.revision)


def _present(
    row: Attempt,
    at: dt.datetime,
    *,
    by: str,
    check: Callable[[Attempt], None],
    before: Callable[[], None] | None = None,
) -> Attempt:
    said = {"reader": "" if row.reader_id is None else str(row.reader_id)}
    claimed = claim(attempt_id=row.pk, verb="present", at=at, by=by, check=check, said=said, before=before)
    fresh = attempt_row(attempt_id=row.pk)
    gateway, facts = gateway_of(row.connection.gateway), facts_of(fresh)
    where = presentation_facts(row=fresh, key=claimed.key)
    return write(claimed=claimed, answer=ask(lambda: gateway.present(attempt=facts, at=where)), at=at)


def _is_prepared(locked: Attempt) -> None:
    if locked.state != states.PREPARED or is_unwanted(locked):
        raise AttemptUndecided(truth(locked), state=locked.state)


def _was_presented(row: Attempt) -> bool:
    """Whether it was put before the guest for certain, so that going on with it does not do it again."""
    steps = AttemptStep.objects.filter(attempt=row, verb="present", what="answered", detail__certain=True)
    return bool(steps.exclude(detail__has_key="failure").exists())


def may_begin(row: Attempt, at: dt.datetime) -> bool:
    """Within a day a vendor knows the key again; past that the same request may charge twice."""
    return row.at + SAME_KEY_FOR > at


def _may_let_go(locked: Attempt) -> None:
    states.ATTEMPT.after(locked.state, "cancel")


def _with_vendor_id(row: Attempt, at: dt.datetime) -> Attempt:
    """Find the vendor's object, by looking and else by the same request with the same key."""
    row = _look(row.pk, at)
    if not row.vendor_id and row.state in (states.PREPARED, states.UNKNOWN) and may_begin(row, at):
        row = _begin(row, at)
    if not row.vendor_id and row.state in states.OPEN:
        raise AttemptUndecided(truth(row), state=row.state)
    return row


def _let_go_of_siblings(row: Attempt, at: dt.datetime) -> Answer | None:
    """A declined attempt of the same amount is over before another begins: its object could still be paid.

    If it was paid after all, the answer that this one is not needed: nothing was sent.
    """
    others = Attempt.objects.filter(
        order_id=row.order_id, amount_minor=row.amount_minor, state=states.DECLINED
    ).exclude(vendor_id="")
    for other in others.exclude(pk=row.pk).values_list("pk", flat=True) if row.order_id else ():
        with suppress(Conflict, ConnectionLost, CapabilityMissing):
            let_go(attempt_id=other, by="", at=at)
        if Attempt.objects.filter(pk=other, state__in=(states.AUTHORISED, states.CAPTURED)).exists():
            return Answer(told=_not_needed(row))
    return None


def _not_needed(row: Attempt) -> base.Attempt:
    """It ends without money, and nobody is told to take it another way."""
    return replace(
        facts_of(row),
        state=states.CANCELLED,
        failure_kind=base.Refused.kind,
        failure_code="paid_before",
        failure_text="An earlier attempt was paid after all. Look at the order before asking again.",
    )


def _account(row: Attempt) -> base.ConnectionFacts:
    return connection_facts(connection=row.connection)


def facts_of(row: Attempt) -> base.Attempt:
    """The attempt as its gateway is given it."""
    return attempt_facts(row=row, connection=_account(row))


def offered_to(row: Attempt, at: dt.datetime) -> base.Capabilities:
    """What its account can do."""
    return known_capabilities(connection=row.connection, at=at)


def settled(row: Attempt, at: dt.datetime) -> Attempt:
    """What was taken is put to what it is for."""
    if row.state == states.CAPTURED and row.settled_at is None:
        settle(attempt_id=row.pk, at=at)
        return attempt_row(attempt_id=row.pk)
    return row
