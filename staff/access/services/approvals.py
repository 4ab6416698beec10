"""Approvals: somebody who may says with their own PIN that one thing may be done once.

Whoever writes something that has a limit calls `approver_for` inside their own unit of work:

    approver = approver_for(
        actor=actor, limit="refund_minor", amount_minor=total, permission="orders.refund",
        token=draft.approval, action="refund", subject_id=order.pk, at=at,
    )

None means that the actor may do it by themselves; an `Approver` is who answers for it. The token is spent by a
conditional UPDATE in that transaction: of twenty at once one wins, and a rollback gives it back.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Final

import structlog

from fynlo.core.actors import Actor
from fynlo.core.errors import Forbidden, InvalidInput
from fynlo.env import SecretText
from fynlo.events.log import append, unit_of_work
from staff.access.approving import ACTIONS, Action
from staff.access.errors import ApprovalInvalid, ApprovalRequired
from staff.access.events import ApprovalGiven
from staff.access.models import Approval
from staff.access.services.identity import confirm, who_knows
from staff.access.services.sessions import device_of
from staff.access.tokens import APPROVAL, new_token, token_hash
from staff.employees.errors import MoreThanOwnRights
from staff.employees.limits import PERCENT_SUFFIX
from staff.employees.models import Employee

APPROVAL_LIFETIME: Final = dt.timedelta(minutes=5)

log = structlog.get_logger("fynlo.access")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDraft:
    """What somebody is asked to approve, and who they say they are.

    `amount_minor` and `percent` are the most it may come to.
    """

    action: str
    subject_id: uuid.UUID
    employee_number: str
    pin: str = field(repr=False)
    amount_minor: int = 0
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Approver:
    """Who answers for something that was approved."""

    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval that has just been given; `token` is shown this once."""

    token: SecretText
    expires_at: dt.datetime
    approver: Approver


def give_approval(*, draft: ApprovalDraft, device: Actor, at: dt.datetime) -> Approved:
    """Approve something with one's number and PIN on `device`; good there, once, for five minutes.

    Raises what signing in raises (`SignInRefused`, `SignInDelayed`, with the same tries counted), `Forbidden`
    for somebody without the action's permission and `MoreThanOwnRights` beyond the approver's own limits.
    Must not run inside a transaction: a wrong try stays counted.
    """
    device_id = device_of(device)
    action = _action(draft.action)
    person = who_knows(employee_number=draft.employee_number, pin=draft.pin, device_id=device_id, at=at)
    token = new_token(APPROVAL)
    with unit_of_work():
        confirm(person, device_id=device_id)
        _check_may_approve(person, action, draft)
        approval = _row(draft, person, device_id, token, at)
        approval.save(force_insert=True)
        append(_given(approval, at))
    log.info("approval_given", action=draft.action, employee=str(person.pk), device_id=str(device_id))
    who = Approver(person.pk, person.name)
    return Approved(token=token, expires_at=approval.expires_at, approver=who)


def use_approval(
    *,
    token: str,
    action: str,
    subject_id: uuid.UUID,
    actor: Actor,
    at: dt.datetime,
    amount_minor: int = 0,
    percent: int = 0,
) -> Approver:
    """Spend an approval in the caller's transaction and say who gave it; two statements.

    Raises `ApprovalInvalid` unless it was given on the actor's device, for this action on this subject, for at
    least this amount and percentage, is not older than five minutes, and nobody has used it.
    """
    if actor.device_id is None:
        raise ApprovalInvalid
    found = (
        Approval.objects.select_related("approver")
        .filter(token_hash=token_hash(token), device_id=actor.device_id, action=action, subject_id=subject_id)
        .filter(amount_minor__gte=amount_minor, percent__gte=percent, expires_at__gt=at, used_at__isnull=True)
        .filter(approver__is_active=True)
        .first()
    )
    if found is None:
        raise ApprovalInvalid
    unused = Approval.objects.filter(pk=found.pk, used_at__isnull=True)
    if not unused.update(used_at=at, used_by=actor.id):
        raise ApprovalInvalid
    return Approver(found.approver.pk, found.approver.name)


def approver_for(
    *,
    actor: Actor,
    limit: str | None,
    permission: str,
    token: str | None,
    action: str,
    subject_id: uuid.UUID,
    at: dt.datetime,
    amount_minor: int = 0,
    percent: int = 0,
) -> Approver | None:
    """Who answers for something besides the actor: None when the actor may do it by themselves.

    The actor may when they hold `permission` and what they ask is within their `limit`: `percent` for a limit
    whose name ends in `_percent`, `amount_minor` for the others; `limit=None` means that the permission
    decides alone. Beyond that the `token` is spent (`use_approval`, which raises `ApprovalInvalid`); without
    one `ApprovalRequired` is raised. A token that is not needed stays unspent.
    """
    asked = percent if limit is not None and limit.endswith(PERCENT_SUFFIX) else amount_minor
    own = None if limit is None else actor.limit(limit)
    within = own is None or asked <= own
    if actor.may(permission) and within:
        return None
    if token is None:
        reason = None if within else limit
        raise ApprovalRequired(action=action, limit=reason, asked=asked)
    return use_approval(
        token=token,
        action=action,
        subject_id=subject_id,
        actor=actor,
        at=at,
        amount_minor=amount_minor,
        percent=percent,
    )


def _action(code: str) -> Action:
    if code not in ACTIONS:
        raise InvalidInput(f"There is nothing called {code} to approve.", pointer="/action")
    return ACTIONS[code]


def _check_may_approve(person: Employee, action: Action, draft: ApprovalDraft) -> None:
    if action.permission not in person.role.permissions:
        raise Forbidden(f"This needs the permission {action.permission}.", permission=action.permission)
    own = person.role.limits_in_force
    for name in action.limits:
        asked = draft.percent if name.endswith(PERCENT_SUFFIX) else draft.amount_minor
        if name in own and asked > own[name]:
            raise MoreThanOwnRights("This is more than you may do yourself.", limit=name, asked=asked)


def _row(
    draft: ApprovalDraft, person: Employee, device_id: uuid.UUID, token: SecretText, at: dt.datetime
) -> Approval:
    return Approval(
        token_hash=token_hash(token),
        action=draft.action,
        subject_id=draft.subject_id,
        amount_minor=draft.amount_minor,
        percent=draft.percent,
        approver=person,
        device_id=device_id,
        given_at=at,
        expires_at=at + APPROVAL_LIFETIME,
    )


def _given(approval: Approval, at: dt.datetime) -> ApprovalGiven:
    return ApprovalGiven(
        approval.pk,
        approver_id=approval.approver_id,
        device_id=approval.device_id,
        action=approval.action,
        subject_id=approval.subject_id,
        amount_minor=approval.amount_minor,
        percent=approval.percent,
        at=at,
    )
