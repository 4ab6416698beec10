"""Browser sessions: in the merchant's schema on a merchant's host, in the platform's table on the platform's.

A session cookie carried to another merchant's host finds nothing there.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

from fynlo.core.tenancy import is_platform


class SessionStore(DatabaseSessionStore):
    """`SESSION_ENGINE`: picks the table by place."""

    @property
    def model(self) -> Any:  # type: ignore[override]
        """The session table of this place (not cached: one process serves many places)."""
        return self.get_model_class()

    @classmethod
    def get_model_class(cls) -> Any:
        """`PlatformSession` on the platform, Django's own table inside a tenant."""
        if is_platform():
            from tenants.models import PlatformSession

            return PlatformSession
        return super().get_model_class()
