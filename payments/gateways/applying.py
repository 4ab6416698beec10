"""What an answer makes of an attempt. The transition table decides; nothing here reads or writes the database.

What a gateway tells is taken over where the table has a step to it. Where it has none, the row knows better (an
older answer, a word of the vendor's that is new to us) and stays. Amounts are taken over, never computed, and what
was captured once never shrinks.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from payments.gateways import base, states
from payments.gateways.facts import card_kept, next_kept, same_next
from payments.gateways.models import Attempt
from payments.gateways.pauses import CAPTURE_MARGIN, held_until, pause
from payments.gateways.sentences import LINKS, SAME_CARD

_ENDED: Final = (states.CANCELLED, states.EXPIRED, states.REFUSED)
_STARTS: Final = ("begin", "present")
_SELDOM: Final = dt.timedelta(hours=12)
_FIELDS: Final = (
    "state",
    "vendor_id",
    "amount_minor",
    "tip_minor",
    "authorised_minor",
    "captured_minor",
    "next",
    "card",
    "details",
    "capture_before",
    "expires_at",
    "failure_kind",
    "failure_code",
    "failure_text",
)
_LONGEST: Final = {"failure_code": 80, "failure_text": 300, "vendor_id": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of it: whether anything changed, what was before, and what the vendor said that is not followed."""

    is_changed: bool
    before: str
    not_followed: str = ""

    def became(self, row: Attempt, state: str) -> bool:
        """Whether the attempt came to `state` by this."""
        return row.state == state and self.before != state

    def is_late(self, row: Attempt) -> bool:
        """Whether money appeared after the attempt had ended without any."""
        return self.before in _ENDED and row.state in (states.AUTHORISED, states.CAPTURED)


def apply_told(*, row: Attempt, told: base.Attempt, at: dt.datetime, expiring: bool = False) -> Applied:
    """Take over what a gateway told. `expiring`: it was cancelled because its time was over."""
    before, kept = row.state, _kept(row)
    target = states.EXPIRED if expiring and told.state == states.CANCELLED else told.state
    if target != before and not _step(row, target):
        return Applied(is_changed=False, before=before, not_followed=told.state)
    _take_over(row, told)
    if row.state == states.CAPTURED:
        asked = row.amount_minor + row.tip_minor
        row.captured_minor = row.captured_minor or row.authorised_minor or asked
        row.captured_at = row.captured_at or at
    if row.state not in (*states.OPEN, states.DECLINED):
        row.next = {"kind": "none"}
    return _applied(row, before, kept, at)


def apply_failure(*, row: Attempt, verb: str, failure: base.GatewayFailure, at: dt.datetime) -> Applied:
    """A vendor said no. To a start it ends the attempt (`TryAgain` does not); to a later verb it changes nothing
    but the failure that is told.
    """
    before, kept = row.state, _kept(row)
    same_card = isinstance(failure, base.Declined) and failure.may_retry_same_card
    row.failure_kind = SAME_CARD if same_card else failure.kind
    row.failure_code = failure.code[: _LONGEST["failure_code"]]
    row.failure_text = failure.text[: _LONGEST["failure_text"]]
    if verb in _STARTS and not isinstance(failure, base.TryAgain):
        is_ours = isinstance(failure, base.Refused | base.NotConnected)
        _step(row, states.REFUSED if is_ours else states.DECLINED)
    applied = _applied(row, before, kept, at)
    if isinstance(failure, base.TryAgain) and failure.after is not None:
        row.next_look_at = at + dt.timedelta(seconds=failure.after)
    elif verb not in _STARTS:
        row.next_look_at = at + pause(row.looks)
    return applied


def apply_unknown(*, row: Attempt, text: str, at: dt.datetime) -> Applied:
    """No answer came: nobody knows, and somebody has to look."""
    before, kept = row.state, _kept(row)
    if _step(row, states.UNKNOWN):
        row.failure_kind, row.failure_code = "", ""
        row.failure_text = text[: _LONGEST["failure_text"]]
    applied = _applied(row, before, kept, at)
    row.next_look_at = at + pause(row.looks)
    return applied


def next_look(row: Attempt, at: dt.datetime) -> dt.datetime | None:
    """When somebody looks at it again; None when its fate is known and done with."""
    if row.state == states.CAPTURED:
        return None if row.settled_at else at
    if row.state == states.AUTHORISED and row.capture == "manual":
        ends = held_until(channel=row.channel, at=row.at, capture_before=row.capture_before)
        return min(at + _SELDOM, ends - CAPTURE_MARGIN)
    if row.state in states.OPEN:
        return _before_its_end(row, at, at + pause(row.looks))
    if row.state == states.DECLINED and row.vendor_id:
        return at + pause(row.looks)
    return None


def _before_its_end(row: Attempt, at: dt.datetime, due: dt.datetime) -> dt.datetime:
    if row.channel in LINKS and row.expires_at is not None and row.expires_at > at:
        return min(due, row.expires_at)
    return due


def _step(row: Attempt, target: str) -> bool:
    """Take the step to `target` if the table has one."""
    event = states.EVENT_TO.get(target)
    if event is None or event not in states.ATTEMPT.events(row.state):
        return False
    row.state = states.ATTEMPT.after(row.state, event)
    return True


def _take_over(row: Attempt, told: base.Attempt) -> None:
    row.vendor_id = (told.vendor_id or row.vendor_id)[: _LONGEST["vendor_id"]]
    row.amount_minor = max(told.amount_minor, 1)
    row.tip_minor, row.authorised_minor = told.tip_minor, told.authorised_minor
    row.captured_minor = max(row.captured_minor, told.captured_minor)
    if told.card != base.Card():
        row.card = card_kept(told.card)
    if not same_next(row, told.next):
        row.next = next_kept(told.next)
    row.capture_before = told.capture_before or row.capture_before
    row.expires_at = told.expires_at or row.expires_at
    row.details = {
        **row.details,
        "vendor": dict(told.details),
        "can_increment": told.can_increment,
    }
    row.failure_kind = told.failure_kind[:20]
    row.failure_code = told.failure_code[: _LONGEST["failure_code"]]
    row.failure_text = told.failure_text[: _LONGEST["failure_text"]]


def _kept(row: Attempt) -> list[Any]:
    return [getattr(row, name) for name in _FIELDS]


def _applied(row: Attempt, before: str, kept: list[Any], at: dt.datetime) -> Applied:
    is_changed = kept != _kept(row)
    if is_changed:
        row.revision += 1
    if row.state != before:
        row.looks = 0
    row.next_look_at = next_look(row, at)
    return Applied(is_changed=is_changed, before=before)
