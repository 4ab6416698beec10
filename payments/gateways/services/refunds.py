"""Money of a captured attempt on its way back.

Whoever decides a refund plans it in their own transaction (`plan_refund`: the row, its key, and the attempt's sum,
which a CHECK keeps within what was captured). It is sent after COMMIT, and again by a sweep until the vendor has
said something for certain. One that fails, also days after it was accepted, is owed to the guest: the books say so
(`refunds_owed`) until it is sent again or settled by other means.
"""

import datetime as dt
from functools import partial
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F
from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.failpoints import reach
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.events.log import unit_of_work
from payments.gateways import states
from payments.gateways.base import Capabilities
from payments.gateways.errors import AmountOutOfRange, AttemptUndecided, ConnectionUnchecked
from payments.gateways.facts import attempt_facts, capabilities_of, refund_facts
from payments.gateways.metrics import answered
from payments.gateways.models import Attempt, GatewayRefund
from payments.gateways.models.connections import LOST
from payments.gateways.offering import check_step, need
from payments.gateways.pauses import GRACE, pause
from payments.gateways.registry import gateway_of
from payments.gateways.services.calling import Answer, ask
from payments.gateways.services.connecting import connection_facts, known_capabilities, note_lost
from payments.gateways.services.owing import lock_refund, note, owe, refund_key, refund_row
from payments.gateways.services.rights import note_rights
from payments.gateways.services.writing import add_step, lock_attempt, say_changed
from payments.gateways.unwanted import BEYOND

log = structlog.get_logger("fynlo.payments")

OPEN_REFUNDS: Final = (states.PREPARED, states.PENDING, states.UNKNOWN)
_DONE: Final = (states.SUCCEEDED, states.FAILED, "settled")
_PENDING_PAUSE: Final = dt.timedelta(hours=6)
"""Of money that is on its way to a bank. What waits for a card at a reader is looked at like a payment there."""


def plan_refund(
    *,
    attempt_id: UUID,
    part_id: UUID | None,
    amount_minor: int,
    reason: str,
    at: dt.datetime,
    business_date: dt.date,
    pointer: str = "",
) -> GatewayRefund:
    """Decide inside the caller's transaction that money goes back; `send_refund` sends it after COMMIT.

    `part_id` is the row of `payments_refund` it carries out; the same part again: the same refund. `pointer` is the
    caller's member that a refusal is about. Raises
    `NotFound`, `AttemptUndecided` for an attempt that is not captured, `CapabilityMissing` for a part of it where
    the account says that only the whole can go back, `AmountOutOfRange` for more than is left of it, and for a part
    between two steps of the account. What else a lost account can do is not known: then it is planned, and sent
    when it answers.
    """
    row = lock_attempt(attempt_id)
    if part_id is not None:
        known: GatewayRefund | None = GatewayRefund.objects.filter(part_id=part_id).first()
        if known is not None:
            return known
    _check(row, amount_minor, at, pointer)
    _raise_refunded(row, amount_minor, pointer)
    key = new_id()
    refund = GatewayRefund(
        id=key,
        attempt=row,
        part_id=part_id,
        amount_minor=amount_minor,
        currency=row.currency,
        key=refund_key(key, 1),
        reason=reason[:200],
        next_look_at=at + GRACE,
        at=at,
        business_date=business_date,
    )
    refund.save(force_insert=True)
    transaction.on_commit(partial(reach, "refund.planned"))
    return refund


def send_refund(*, refund_id: UUID, at: dt.datetime, by: str = "") -> GatewayRefund:
    """Send it, or ask what became of it; write the answer down. Safe to repeat, also after a kill anywhere.

    `by`: the name of whoever gave it back or had it sent again, for the step; empty where nobody asked.
    """
    with unit_of_work():
        attempt, refund = lock_refund(refund_id)
        if refund.state not in OPEN_REFUNDS:
            return refund
        number, seen = refund.number, refund.state
        detail = {"refund": str(refund.pk)}
        add_step(row=attempt, what="sent", verb="refund", key=refund.key, detail=detail, by=by[:120], at=at)
        refund.next_look_at = at + GRACE
        refund.save(update_fields=["next_look_at"])
    reach("refund.sent")
    gateway = gateway_of(attempt.connection.gateway)
    facts = attempt_facts(row=attempt, connection=connection_facts(connection=attempt.connection))
    request = refund_facts(row=refund, attempt=facts)
    answer = ask(lambda: gateway.refund(request=request))
    return _write(refund_id, number, seen, answer, at)


def look_at_refund(*, refund_id: UUID, at: dt.datetime, by: str = "") -> GatewayRefund:
    """Ask what became of it, one that succeeded as well: refunds fail days later. What a bell calls for.

    `by`: the name of whoever wants to know.
    """
    refund = refund_row(refund_id)
    if refund.state != states.SUCCEEDED or not refund.vendor_id:
        return send_refund(refund_id=refund_id, at=at, by=by)
    row = refund.attempt
    facts = attempt_facts(row=row, connection=connection_facts(connection=row.connection))
    request, gateway = refund_facts(row=refund, attempt=facts), gateway_of(row.connection.gateway)
    answer = ask(lambda: gateway.refund(request=request))
    if answer.refund is None or answer.refund.state != states.FAILED:
        return refund
    return _write(refund_id, refund.number, refund.state, answer, at)


def give_back(*, attempt_id: UUID, reason: str, actor: Actor, at: dt.datetime) -> GatewayRefund:
    """Money that no order owes goes back: late money all of it, of what was put to an order what is beyond that.

    Raises what `plan_refund` does, and `Forbidden`.
    """
    actor.require("payments.refund_retry")
    with unit_of_work():
        row = lock_attempt(attempt_id)
        beyond: int = row.details.get(BEYOND, 0)
        if row.settled_at is not None and not beyond:
            raise AttemptUndecided("This money was put to what it is for; refund that.", state=row.state)
        refund = plan_refund(
            attempt_id=attempt_id,
            part_id=None,
            amount_minor=beyond or row.captured_minor - row.refunded_minor,
            reason=reason,
            at=at,
            business_date=row.business_date,
        )
        row.refresh_from_db()
        row.settled_at, row.trouble, row.next_look_at = row.settled_at or at, "Given back.", None
        row.details = {name: value for name, value in row.details.items() if name != BEYOND}
        row.save(update_fields=["settled_at", "trouble", "next_look_at", "details"])
        note(row, refund, "give_back", actor, at)
        say_changed(row, at=at)
    return send_refund(refund_id=refund.pk, at=at, by=actor.name)


def _check(row: Attempt, amount_minor: int, at: dt.datetime, pointer: str) -> None:
    if row.state != states.CAPTURED:
        raise AttemptUndecided("Only what was taken goes back.", state=row.state)
    left = row.captured_minor - row.refunded_minor
    if not 0 < amount_minor <= left:
        raise _too_much(pointer, left_minor=left)
    if amount_minor != row.captured_minor:
        _check_part(row, amount_minor, at, pointer)


def _too_much(pointer: str, **data: int) -> AmountOutOfRange:
    said: dict[str, Any] = {**data, **({"pointer": pointer} if pointer else {})}
    return AmountOutOfRange("This is more than is left of the payment.", **said)


def _check_part(row: Attempt, amount_minor: int, at: dt.datetime, pointer: str) -> None:
    """Not knowing is not a no: the refund is a fact, and the vendor says when it is sent whether it can be."""
    if row.connection.state == LOST:
        _check_step(row, amount_minor, capabilities_of(row.connection.capabilities), pointer)
        return
    try:
        offered = known_capabilities(connection=row.connection, at=at)
    except ConnectionUnchecked:
        return
    need(offered, offered.partial_refund, "partial_refund", pointer=pointer)
    _check_step(row, amount_minor, offered, pointer)


def _check_step(row: Attempt, amount_minor: int, offered: Capabilities, pointer: str) -> None:
    check_step(
        amount=Money(amount_minor, row.currency),
        offered=offered,
        pointer=pointer,
        most=row.captured_minor - row.refunded_minor,
        instead="The rest can go back another way.",
    )


def _write(refund_id: UUID, number: int, seen: str, answer: Answer, at: dt.datetime) -> GatewayRefund:
    reach("refund.answered")
    with unit_of_work():
        attempt, refund = lock_refund(refund_id)
        is_stale = refund.number != number or (refund.state != seen and refund.state in _DONE)
        before = refund.state
        if not is_stale:
            _apply(refund, answer, at)
        detail = {"refund": str(refund.pk), "state": refund.state, "stale": is_stale}
        add_step(row=attempt, what="answered", verb="refund", key=refund.key, detail=detail, at=at)
        refund.save()
        if refund.state == states.FAILED and before != states.FAILED:
            owe(attempt, refund, at)
    reach("refund.written")
    answered.labels(attempt.connection.gateway, "refund", answer.word).inc()
    note_rights(connection=attempt.connection, verb="refund", answer=answer)
    if answer.failure is not None and answer.failure.kind == "not_connected":
        note_lost(connection_id=attempt.connection_id, reason=answer.failure.text, at=at)
    return refund


def _apply(refund: GatewayRefund, answer: Answer, at: dt.datetime) -> None:
    refund.next_look_at = at + pause(refund.looks)
    told = answer.refund
    if told is not None:
        refund.vendor_id = (told.vendor_id or refund.vendor_id)[:120]
        events = {states.PENDING: "accept", states.SUCCEEDED: "succeed", states.FAILED: "fail"}
        event = events.get(told.state)
        if told.state == states.FAILED:
            _say_failure(refund, told.failure_code, told.failure_text)
        if told.state != refund.state and event in states.REFUND.events(refund.state):
            refund.state = states.REFUND.after(refund.state, str(event))
        if refund.state == states.PENDING and refund.looks > 1 and not told.at_reader:
            refund.next_look_at = at + _PENDING_PAUSE
    elif answer.failure is not None and answer.failure.kind not in {"try_again", "not_connected"}:
        _say_failure(refund, answer.failure.code, answer.failure.text)
        refund.state = states.REFUND.after(refund.state, "fail")
    elif answer.unknown and "lose" in states.REFUND.events(refund.state):
        refund.state = states.UNKNOWN
    if refund.state in _DONE:
        refund.done_at, refund.next_look_at = at, None


def _say_failure(refund: GatewayRefund, code: str, text: str) -> None:
    refund.failure_code, refund.failure_text = code[:80], text[:300]


def _raise_refunded(row: Attempt, amount_minor: int, pointer: str) -> None:
    try:
        Attempt.objects.filter(pk=row.pk).update(refunded_minor=F("refunded_minor") + amount_minor)
    except IntegrityError as error:
        if constraint(error).startswith("payments_attempt_refunded_at_most"):
            raise _too_much(pointer) from error
        raise
