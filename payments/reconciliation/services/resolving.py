"""What people do about differences. Each kind knows which actions help; whoever accepts one says why."""

import datetime as dt
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db.models import Q

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from fynlo.events.log import append, unit_of_work
from payments.gateways import states as gateway_states
from payments.gateways.models import Attempt
from payments.gateways.services.attempts import look_at_attempt
from payments.gateways.services.refunds import give_back, look_at_refund
from payments.gateways.services.settling import note_beyond, settle
from payments.gateways.unwanted import BEYOND
from payments.gateways.words import word
from payments.ledger.accounts import FEES, PAYOUTS_UNEXPLAINED
from payments.ledger.services import Posting, record_transfers
from payments.reconciliation import postings, states, words
from payments.reconciliation.actions import ACCEPT, ACTIONS, GIVE_BACK, LOOK, SETTLE, TO_FEES
from payments.reconciliation.errors import ActionNotPossible, ReasonNeeded
from payments.reconciliation.events import DifferenceResolved
from payments.reconciliation.models import Difference, SettlementLine
from payments.reconciliation.ports import business_day
from payments.reconciliation.services.machines import post_accepted
from payments.tenders.models import Payment

PERMISSION: Final = "payments.reconcile"
_ORDER: Final = "order"
_OF_NO_ORDER: Final = ("value_sale", "house_payment")
_KEPT: Final = "kept_as_credit"
_WORDS: Final = {
    LOOK: "looked_again",
    GIVE_BACK: "given_back",
    SETTLE: "settled",
    ACCEPT: "accepted",
    TO_FEES: "to_fees",
}


def resolve_difference(
    *, difference_id: UUID, action: str, reason: str, actor: Actor, at: dt.datetime
) -> Difference:
    """Do something about a difference. It stays open when that did not help; the next run sees it again.

    Raises `Forbidden`, `NotFound`, `ActionNotPossible`, `ReasonNeeded`, and what the action itself raises. Looking
    and giving back call the vendor, so this runs outside of transactions.
    """
    actor.require(PERMISSION)
    row: Difference | None = Difference.objects.filter(pk=difference_id).first()
    if row is None:
        raise NotFound("There is no such difference.")
    _check_open(row)
    if action not in ACTIONS.get(row.kind, ()):
        raise ActionNotPossible(possible=list(ACTIONS.get(row.kind, ())))
    if action in (ACCEPT, TO_FEES, GIVE_BACK) and not reason.strip():
        raise ReasonNeeded(pointer="/reason")
    if action == TO_FEES:
        return _to_fees(row, reason, actor, at)
    if row.kind == "machine_total":
        return _accept_total(row, reason, actor, at)
    helped = _DO[action](row, reason, actor, at)
    return _resolve(row.pk, action, reason, actor, at) if helped else Difference.objects.get(pk=row.pk)


def _look(row: Difference, reason: str, actor: Actor, at: dt.datetime) -> bool:
    """Ask the vendor what became of it. Whether it agrees now only a new listing says, but for states."""
    del reason, actor
    if row.kind.startswith("refund_"):
        if row.subject_id is None or row.subject_id == row.attempt_id:
            raise ActionNotPossible("Nothing is known here that could be asked for.")
        look_at_refund(refund_id=row.subject_id, at=at)
        return False
    if row.attempt_id is None:
        raise ActionNotPossible("Nothing is known here that could be asked for.")
    found = look_at_attempt(attempt_id=row.attempt_id, at=at)
    return row.kind == "status" and found.state == gateway_states.CAPTURED


def _settle(row: Difference, reason: str, actor: Actor, at: dt.datetime) -> bool:
    del reason, actor
    if row.attempt_id is not None and _unpaid_minor(row.attempt_id):
        raise ActionNotPossible("It was put to its order without a payment of it: give it back.")
    return row.attempt_id is not None and settle(attempt_id=row.attempt_id, at=at)


def _give_back(row: Difference, reason: str, actor: Actor, at: dt.datetime) -> bool:
    """Late money goes back, and what was taken beyond what was owed; what its order owed is not touched."""
    if row.attempt_id is None:
        raise ActionNotPossible("Nothing is known here that could go back.")
    unpaid = _unpaid_minor(row.attempt_id)
    if unpaid:
        with unit_of_work():
            text = "No payment of its order is of this money."
            note_beyond(attempt_id=row.attempt_id, beyond_minor=unpaid, text=text, at=at)
    put = Attempt.objects.filter(pk=row.attempt_id, settled_at__isnull=False).exclude(details__has_key=BEYOND)
    if put.exists():
        raise ActionNotPossible("It was put to an order meanwhile; refund that.")
    give_back(attempt_id=row.attempt_id, reason=reason.strip()[:200], actor=actor, at=at)
    return True


def _unpaid_minor(attempt_id: UUID) -> int:
    """What is left of money that was put to its order without a payment of it, as older releases could; else 0."""
    is_known = Q(purpose=_ORDER, order_id__isnull=False) | Q(purpose__in=_OF_NO_ORDER, order_id=None)
    put = Attempt.objects.filter(is_known, pk=attempt_id, settled_at__isnull=False)
    attempt = put.exclude(details__has_key=BEYOND).exclude(details__has_key=_KEPT).first()
    if attempt is None or Payment.objects.filter(pk=attempt.pk, order_id=attempt.order_id).exists():
        return 0
    return attempt.captured_minor - attempt.refunded_minor


def _accept(row: Difference, reason: str, actor: Actor, at: dt.datetime) -> bool:
    del row, reason, actor, at
    return True


_DO: Final[dict[str, Callable[[Difference, str, Actor, dt.datetime], bool]]] = {
    LOOK: _look,
    SETTLE: _settle,
    GIVE_BACK: _give_back,
    ACCEPT: _accept,
}


def _accept_total(row: Difference, reason: str, actor: Actor, at: dt.datetime) -> Difference:
    """What the machine says is right: with its fee it goes to the bank now, with the answer."""
    with unit_of_work():
        _check_open(Difference.objects.select_for_update(of=("self",)).get(pk=row.pk))
        if row.subject_id is not None:
            post_accepted(total_id=row.subject_id, at=at)
        return _resolve(row.pk, ACCEPT, reason, actor, at)


def _to_fees(row: Difference, reason: str, actor: Actor, at: dt.datetime) -> Difference:
    """The line is what the vendor takes for itself: out of what is not explained, once, with the answer."""
    with unit_of_work():
        # Locked first: the second of two is told who was first, not that the line is gone.
        _check_open(Difference.objects.select_for_update(of=("self",)).get(pk=row.pk))
        lines = SettlementLine.objects.select_for_update(of=("self",))
        line = lines.filter(
            connection=row.connection, vendor_id=row.subject, booked_as=PAYOUTS_UNEXPLAINED
        ).first()
        if line is None:
            raise ActionNotPossible("Its payout is not booked yet.")
        moves = postings.moved_on(was=PAYOUTS_UNEXPLAINED, now=FEES, gross_minor=line.gross_minor)
        record_transfers(
            postings=[
                Posting(debit=move.debit, credit=move.credit, amount_minor=move.amount_minor, kind="payout")
                for move in moves
            ],
            currency=line.currency,
            order_id=None,
            at=at,
            business_date=business_day(at=at),
        )
        line.about, line.key, line.booked_as, line.state = "fee", FEES, FEES, states.MATCHED
        line.save(update_fields=["about", "key", "booked_as", "state"])
        return _resolve(row.pk, TO_FEES, reason, actor, at)


def _check_open(row: Difference) -> None:
    """Nobody dealt with it meanwhile; else the second is told who did, and what. Raises `ActionNotPossible`."""
    if row.state == states.OPEN:
        return
    who, why = row.resolved_by or "A run", f": {row.reason}" if row.reason else ""
    done = word(row.action, words.DONE).lower()
    raise ActionNotPossible(f"{who} dealt with it already ({done}{why}).", possible=[])


def _resolve(key: UUID, action: str, reason: str, actor: Actor, at: dt.datetime) -> Difference:
    with unit_of_work():
        row: Difference = Difference.objects.select_for_update(of=("self",)).get(pk=key)
        _check_open(row)
        row.state = states.DIFFERENCE.after(row.state, "resolve")
        row.action, row.reason = _WORDS[action], reason.strip()[:300]
        row.resolved_by, row.resolved_at = actor.name, at
        row.save(update_fields=["state", "action", "reason", "resolved_by", "resolved_at"])
        append(
            DifferenceResolved(
                row.pk,
                what=row.kind,
                subject=row.subject,
                action=row.action,
                reason=row.reason,
                by=row.resolved_by,
                at=at,
            )
        )
    return row
