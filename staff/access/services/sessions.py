"""Signing in with a PIN on a paired device, and out again.

A session is good on the device it was opened on, for twelve hours. Signing in again ends the person's former
session there, so a repeat after a lost answer leaves one session and the token of the last answer.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Final

import structlog

from fynlo.core.actors import Actor
from fynlo.core.errors import Forbidden
from fynlo.env import SecretText
from fynlo.events.log import append, unit_of_work
from staff.access import metrics
from staff.access.events import EmployeeSignedIn, EmployeeSignedOut
from staff.access.models import StaffSession
from staff.access.services.identity import confirm, who_knows
from staff.access.tokens import SESSION, new_token, token_hash
from staff.employees.models import Employee
from staff.employees.pins import pin_hasher

SESSION_LIFETIME: Final = dt.timedelta(hours=12)

log = structlog.get_logger("fynlo.access")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just been opened; `token` is shown this once."""

    token: SecretText
    expires_at: dt.datetime
    employee: Employee


def sign_in(*, employee_number: str, pin: str, device: Actor, at: dt.datetime) -> SignedIn:
    """Open a session for the person with this number and PIN on `device`.

    Raises `SignInRefused` for an unknown number, a wrong PIN and somebody who was let go, after the same work;
    `SignInDelayed` after too many wrong tries; `Forbidden` when `device` is none.
    """
    device_id = device_of(device)
    employee = who_knows(employee_number=employee_number, pin=pin, device_id=device_id, at=at)
    return _open(employee, pin, device_id, at)


def sign_out(*, actor: Actor, at: dt.datetime) -> None:
    """End the employee's session on their device. Ending it twice changes nothing."""
    if actor.employee_id is None:
        raise Forbidden("Nobody is signed in.")
    device_id = device_of(actor)
    with unit_of_work():
        open_ones = StaffSession.objects.filter(
            employee_id=actor.employee_id, device_id=device_id, revoked_at__isnull=True
        )
        if open_ones.update(revoked_at=at):
            append(EmployeeSignedOut(actor.employee_id, device_id=device_id, at=at))


def end_sessions_on(*, device_id: uuid.UUID, at: dt.datetime) -> int:
    """End every session on a device that is revoked or replaced; returns how many. Joins the caller's unit."""
    return int(
        StaffSession.objects.filter(device_id=device_id, revoked_at__isnull=True).update(revoked_at=at)
    )


def device_of(actor: Actor) -> uuid.UUID:
    """The device an actor stands at; raises `Forbidden` when there is none."""
    if actor.device_id is None:
        raise Forbidden("This works on a paired device only.")
    return actor.device_id


def _open(employee: Employee, pin: str, device_id: uuid.UUID, at: dt.datetime) -> SignedIn:
    hasher = pin_hasher()
    better_hash = hasher.hash(pin) if hasher.is_outdated(employee.pin_hash) else None
    token = new_token(SESSION)
    session = StaffSession(
        employee=employee,
        device_id=device_id,
        token_hash=token_hash(token),
        started_at=at,
        expires_at=at + SESSION_LIFETIME,
    )
    with unit_of_work():
        confirm(employee, device_id=device_id)
        if better_hash is not None:
            Employee.objects.filter(pk=employee.pk).update(pin_hash=better_hash)
        former = StaffSession.objects.filter(employee=employee, device_id=device_id, revoked_at__isnull=True)
        former.update(revoked_at=at)
        session.save(force_insert=True)
        append(EmployeeSignedIn(employee.id, device_id=device_id, at=at))
    metrics.sign_ins.labels("opened").inc()
    log.info("signed_in", device_id=str(device_id), employee=str(employee.pk))
    return SignedIn(token=token, expires_at=session.expires_at, employee=employee)
