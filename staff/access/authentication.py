"""From a staff session's token to the person who acts. The device is known before (`sync.terminals`)."""

import dataclasses
import datetime as dt

from fynlo.core.actors import Actor
from staff.access.queries import is_open, session_by_token

HEADER = "Staff-Session"


def employee_at(*, device: Actor | None, token: str, at: dt.datetime) -> Actor | None:
    """The employee whose session `token` is, acting on `device`: the device's rights and theirs, their limits.

    None for a session that is unknown, over, of somebody who was let go, or of another device; also without a
    device, but after the same one statement.
    """
    session = session_by_token(token=token)
    if session is None or device is None or session.device_id != device.device_id:
        return None
    if not is_open(session, at=at):
        return None
    employee = session.employee
    return dataclasses.replace(
        device,
        kind="employee",
        id=employee.id,
        name=employee.name,
        employee_id=employee.id,
        permissions=device.permissions | frozenset(employee.role.permissions),
        limits=employee.role.limits_in_force,
    )
