"""Password sign-in to the platform's admin."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from fynlo.core.tenancy import is_platform
from tenants.models import Operator


class OperatorBackend(BaseBackend):
    """Operators, on the platform's host only; answers nobody inside a merchant."""

    def authenticate(  # type: ignore[override]  # this site's people are operators
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Operator | None:
        """The active operator with this e-mail and password, or None after the same work (trap 25)."""
        del request
        if not is_platform() or username is None or password is None:
            return None
        operator = Operator.objects.filter(email__iexact=username).first()
        if operator is None:
            Operator().set_password(password)
            return None
        return operator if operator.check_password(password) and operator.is_active else None

    def get_user(self, user_id: Any) -> Operator | None:  # type: ignore[override]  # as above
        """The operator of a browser session."""
        if not is_platform():
            return None
        return Operator.objects.filter(pk=user_id, is_active=True).first()
