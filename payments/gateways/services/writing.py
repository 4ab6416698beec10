"""Write, call, write: what is sent is committed before it leaves, what is answered is written if nothing newer was.

A call is claimed (`claim`: the step `sent` with its key), made (`calling.ask`) and written down (`write`). Whoever
dies in between leaves the step, and the resolver looks what became of it. An answer is written only to the revision
it was asked at: an older one never overwrites a newer one, and somebody looks again.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.database import constraint
from fynlo.core.errors import NotFound
from fynlo.core.failpoints import reach
from fynlo.core.locks import lock_rows
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import append, unit_of_work
from payments.gateways import states
from payments.gateways.applying import Applied, apply_failure, apply_told, apply_unknown, next_look
from payments.gateways.documents import attempt_told
from payments.gateways.events import AttemptChanged, PaymentCaptured
from payments.gateways.metrics import answered
from payments.gateways.models import Attempt, AttemptStep
from payments.gateways.pauses import ARRIVES_WITHIN, GRACE, pause
from payments.gateways.services.calling import Answer
from payments.gateways.services.connecting import note_lost
from payments.gateways.services.rights import note_rights

log = structlog.get_logger("fynlo.payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A call about to be made: its key, and the revision it is asked at."""

    attempt_id: UUID
    verb: str
    key: str
    revision: int
    expiring: bool = False


def lock_attempt(attempt_id: UUID) -> Attempt:
    """The attempt, locked until the transaction ends. Raises `NotFound`."""
    rows = lock_rows(Attempt.objects.select_related("connection", "reader"), [attempt_id])
    if not rows:
        raise NotFound("There is no such attempt to pay.")
    return rows[0]


def claim(
    *,
    attempt_id: UUID,
    verb: str,
    at: dt.datetime,
    check: Callable[[Attempt], None],
    by: str = "",
    said: dict[str, Any] | None = None,
    expiring: bool = False,
    before: Callable[[], None] | None = None,
) -> Claim:
    """Commit that `verb` is about to be sent, with its key. `check` raises where the locked row does not allow it.

    `before` is called in the same transaction before the attempt is locked: for what is locked earlier than that.
    The same request after a crash or a lost answer has the same key; another one (after a certain answer, or with
    other figures in `said`) has the next.
    """
    with unit_of_work():
        if before is not None:
            before()
        row = lock_attempt(attempt_id)
        check(row)
        key = key_for(row=row, verb=verb, said=said or {})
        add_step(row=row, what="sent", verb=verb, key=key, detail={"said": said or {}}, by=by, at=at)
        row.next_look_at = at + GRACE
        row.save(update_fields=["next_look_at", "reader", "details"])
    reach(f"attempt.{verb}.committed")
    return Claim(attempt_id=attempt_id, verb=verb, key=key, revision=row.revision, expiring=expiring)


def write(*, claimed: Claim, answer: Answer, at: dt.datetime) -> Attempt:
    """Write what came back of a call that was claimed."""
    reach(f"attempt.{claimed.verb}.answered")
    with unit_of_work():
        row = lock_attempt(claimed.attempt_id)
        is_stale = row.revision != claimed.revision
        applied = _keep_key_of_vendor(row, answer, at) if is_stale else _apply(row, claimed, answer, at)
        detail = {"certain": answer.is_certain, **_words(answer), **({"stale": True} if is_stale else {})}
        add_step(row=row, what="answered", verb=claimed.verb, key=claimed.key, detail=detail, at=at)
        _save(row, applied, at)
    reach(f"attempt.{claimed.verb}.written")
    answered.labels(row.connection.gateway, claimed.verb, answer.word).inc()
    _alarm(row, claimed.verb, answer, at)
    return row


def write_look(*, attempt_id: UUID, revision: int, answer: Answer, at: dt.datetime) -> tuple[Attempt, bool]:
    """Write what a look found, unless something newer was written meanwhile; the second says whether it was."""
    reach("attempt.advance.answered")
    with unit_of_work():
        row = lock_attempt(attempt_id)
        if row.revision != revision:
            return row, False
        if answer.told is None:
            _put_off(row, answer, at)
            applied = Applied(is_changed=False, before=row.state)
        else:
            applied = apply_told(row=row, told=answer.told, at=at)
            if applied.is_changed:
                add_step(row=row, what="noticed", verb="advance", key="", detail=_words(answer), at=at)
            elif row.state == states.DECLINED:
                _note_unanswered(row, at)
            elif applied.not_followed:
                log.info("look_not_followed", attempt=str(row.pk), state=row.state, told=applied.not_followed)
                _put_off(row, answer, at)
        _save(row, applied, at)
    reach("attempt.advance.written")
    _alarm(row, "advance", answer, at)
    return row, True


def add_step(
    *, row: Attempt, what: str, verb: str, key: str, detail: dict[str, Any], at: dt.datetime, by: str = ""
) -> None:
    """Append what was sent, answered or noticed; the attempt's row is locked, so the numbers are dense."""
    last = (
        AttemptStep.objects.filter(attempt=row).order_by("-number").values_list("number", flat=True).first()
    )
    AttemptStep(
        attempt=row,
        number=(last or 0) + 1,
        what=what,
        verb=verb,
        key=key,
        state=row.state,
        detail=detail,
        by=by,
        at=at,
    ).save(force_insert=True)


def key_for(*, row: Attempt, verb: str, said: dict[str, Any]) -> str:
    """The key of the next `verb`: the last one's while nobody knows what became of that request, else the next."""
    steps = AttemptStep.objects.filter(attempt=row, verb=verb)
    last = steps.filter(what="sent").order_by("-number").first()
    if last is None:
        number = 1
    else:
        number = int(last.key.rpartition(":")[2])
        is_over = steps.filter(what="answered", key=last.key, detail__certain=True).exists()
        if is_over or last.detail.get("said", {}) != said:
            number += 1
    return f"{current_tenant().slug}:{row.pk}:{verb}:{number}"


def say_changed(row: Attempt, *, at: dt.datetime) -> None:
    """Tell the feed how the attempt is now."""
    append(AttemptChanged(row.pk, attempt=attempt_told(row), at=at))


def _apply(row: Attempt, claimed: Claim, answer: Answer, at: dt.datetime) -> Applied:
    if answer.told is not None:
        applied = apply_told(row=row, told=answer.told, at=at, expiring=claimed.expiring)
        if not applied.not_followed:
            return applied
        # A word that is new to us, or a step the table does not have: nobody knows before somebody looked.
        return apply_unknown(row=row, text=f"The provider answered {answer.told.state!r}.", at=at)
    if answer.failure is not None:
        return apply_failure(row=row, verb=claimed.verb, failure=answer.failure, at=at)
    if answer.too_late:
        row.next_look_at = at
        return Applied(is_changed=False, before=row.state)
    return apply_unknown(row=row, text=answer.unknown, at=at)


def _keep_key_of_vendor(row: Attempt, answer: Answer, at: dt.datetime) -> Applied:
    """Of a stale answer nothing is kept but the vendor's key, if we had none; somebody looks again."""
    before = row.state
    is_new = answer.told is not None and bool(answer.told.vendor_id) and not row.vendor_id
    if is_new and answer.told is not None:
        row.vendor_id = answer.told.vendor_id
        row.revision += 1
    if next_look(row, at) is not None or answer.told is not None:
        row.next_look_at = at
    return Applied(is_changed=is_new, before=before)


def _note_unanswered(row: Attempt, at: dt.datetime) -> None:
    """A look found it declined still, so long after it was put before the guest once more that this never came
    there: whoever asks again does so under the same key, and nothing is under way meanwhile.
    """
    asked = AttemptStep.objects.filter(attempt=row, verb="present").order_by("-number").first()
    if asked is None or asked.what != "sent" or asked.at + ARRIVES_WITHIN > at:
        return
    detail = {"certain": False, "unknown": "Nobody answered, and a look found it declined."}
    add_step(row=row, what="answered", verb="present", key=asked.key, detail=detail, at=at)


def _put_off(row: Attempt, answer: Answer, at: dt.datetime) -> None:
    after = getattr(answer.failure, "after", None)
    due = next_look(row, at)
    row.next_look_at = due if after is None or due is None else at + dt.timedelta(seconds=after)


def _save(row: Attempt, applied: Applied, at: dt.datetime) -> None:
    if applied.is_late(row):
        _decide(row, at)
    _save_row(row, applied, at)
    if applied.is_changed:
        say_changed(row, at=at)
    if applied.became(row, states.CAPTURED):
        append(
            PaymentCaptured(
                row.pk,
                order_id=row.order_id,
                purpose=row.purpose,
                captured_minor=row.captured_minor,
                currency=row.currency,
                at=at,
            )
        )


def _save_row(row: Attempt, applied: Applied, at: dt.datetime) -> None:
    """Save it. Where another attempt of the same amount is open meanwhile, this one cannot be open as well: it
    stays in the state it had, and is looked at soon.
    """
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if row.state == applied.before or not constraint(error).startswith("payments_attempt_one_open"):
            raise
        log.warning("attempt_beside_another", attempt=str(row.pk), state=applied.before, told=row.state)
        row.state = applied.before
        row.next_look_at = at + pause(row.looks)
        row.save()


def _decide(row: Attempt, at: dt.datetime) -> None:
    """Money after the end, decided once: what is taken is kept, what is only reserved is let go."""
    decision = "keep" if row.state == states.CAPTURED else "let_go"
    log.warning("late_money", attempt=str(row.pk), state=row.state, decision=decision)
    add_step(row=row, what="noticed", verb="decide", key="", detail={"decision": decision}, at=at)
    row.next_look_at = at


def _words(answer: Answer) -> dict[str, Any]:
    """What a step keeps of an answer: names and figures, nothing a vendor says in confidence."""
    if answer.told is not None:
        told = answer.told
        return {
            "told": told.state,
            "vendor_id": told.vendor_id,
            "authorised_minor": told.authorised_minor,
            "captured_minor": told.captured_minor,
        }
    if answer.failure is not None:
        return {
            "failure": answer.failure.kind,
            "code": answer.failure.code,
            "text": answer.failure.text[:300],
        }
    return {"too_late": True} if answer.too_late else {"unknown": answer.unknown[:300]}


def _alarm(row: Attempt, verb: str, answer: Answer, at: dt.datetime) -> None:
    note_rights(connection=row.connection, verb=verb, answer=answer)
    kind = "" if answer.failure is None else answer.failure.kind
    if kind == "refused":
        log.error("gateway_refused", attempt=str(row.pk), verb=verb, code=row.failure_code)
    elif kind == "not_connected" and answer.failure is not None:
        note_lost(connection_id=row.connection_id, reason=answer.failure.text, at=at)
