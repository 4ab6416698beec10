"""Writing: sessions, and approvals."""

from staff.access.services.sessions import (
    SESSION_LIFETIME,
    SignedIn,
    device_of,
    end_sessions_on,
    sign_in,
    sign_out,
)

__all__ = ["SESSION_LIFETIME", "SignedIn", "device_of", "end_sessions_on", "sign_in", "sign_out"]
