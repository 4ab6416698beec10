"""Who somebody is, by number and PIN: the one comparison behind signing in and approving.

A try takes its slot before the PIN is compared (`staff.access.tries`), and the delays are counted per person
and device whatever the PIN was typed for.
"""

import datetime as dt
import uuid

import structlog

from staff.access import metrics, tries
from staff.access.errors import SignInDelayed, SignInRefused
from staff.employees.models import Employee
from staff.employees.pins import pin_hasher
from staff.employees.queries import employee_by_number

log = structlog.get_logger("fynlo.access")


def who_knows(*, employee_number: str, pin: str, device_id: uuid.UUID, at: dt.datetime) -> Employee:
    """The active employee with this number and PIN; must be called outside of any transaction.

    Raises `SignInRefused` for an unknown number, a wrong PIN and somebody who was let go, after the same work;
    `SignInDelayed` after too many wrong tries. The try stays counted until `confirm` takes it back.
    """
    try:
        tries.take_slot(device_id=device_id, employee_number=employee_number, at=at)
    except SignInDelayed:
        metrics.sign_ins.labels("delayed").inc()
        log.warning("sign_in_delayed", device_id=str(device_id))
        raise
    employee = employee_by_number(number=employee_number)
    is_right = pin_hasher().matches(pin=pin, stored=employee.pin_hash if employee else "")
    if employee is None or not is_right or not employee.is_active:
        raise _refused(device_id)
    return employee


def confirm(employee: Employee, *, device_id: uuid.UUID) -> None:
    """Lock the person and start their count again; raises `SignInRefused` when they changed meanwhile.

    Runs in the unit of work that makes use of the PIN: letting them go, or a new PIN, came either before it
    or ends what it opens.
    """
    now = Employee.objects.select_for_update().get(pk=employee.pk)
    if not now.is_active or now.pin_hash != employee.pin_hash:
        raise _refused(device_id)
    tries.forget(device_id=device_id, employee_number=employee.number)


def _refused(device_id: uuid.UUID) -> SignInRefused:
    """The number typed is not logged: people type their PIN into the wrong field."""
    metrics.sign_ins.labels("refused").inc()
    log.info("sign_in_refused", device_id=str(device_id))
    return SignInRefused()
