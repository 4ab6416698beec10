"""Reads about sign-ins."""

import datetime as dt
import uuid

from staff.access.models import StaffSession
from staff.access.tokens import token_hash


def session_by_token(*, token: str) -> StaffSession | None:
    """The session with this token, its employee and their role: always one statement, whatever the token."""
    found: StaffSession | None = (
        StaffSession.objects.select_related("employee__role").filter(token_hash=token_hash(token)).first()
    )
    return found


def is_open(session: StaffSession, *, at: dt.datetime) -> bool:
    """Whether the session may be used at `at`: not ended, not run out, and the person still works here."""
    return session.revoked_at is None and at < session.expires_at and session.employee.is_active


def is_signed_in(*, employee_id: uuid.UUID, device_id: uuid.UUID, at: dt.datetime) -> bool:
    """Whether the employee has an open session on the device."""
    return bool(
        StaffSession.objects.filter(
            employee_id=employee_id,
            device_id=device_id,
            revoked_at__isnull=True,
            expires_at__gt=at,
            employee__is_active=True,
        ).exists()
    )
