"""Permissions are declared on the view; a view that declares none answers nobody."""

from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from fynlo.core.actors import Actor
from fynlo.core.errors import NotAuthenticated

UNDECLARED: Final = "undeclared"
"""The value of `ApiView.permission` that means: look into `permissions`, and fail when it is not there."""


class DeclaredPermission(BasePermission):
    """Asks for what the view declares: `public`, `permission`, or `permissions` by method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or raises `NotAuthenticated`, `Forbidden`, or `ImproperlyConfigured` for a silent view."""
        if getattr(view, "public", False):
            return True
        if not isinstance(request.auth, Actor):
            raise NotAuthenticated
        method = str(request.method)
        if method.lower() not in view.http_method_names or not hasattr(view, method.lower()):
            return True  # there is no such method; 405 follows
        needed = needed_permission(view, method)
        if needed is not None:
            request.auth.require(needed)
        return True


def needed_permission(view: Any, method: str) -> str | None:
    """The permission `view` declares for `method`; None when being signed in is enough."""
    name = "GET" if method == "HEAD" else method
    declared: str | None = getattr(view, "permissions", {}).get(name, getattr(view, "permission", UNDECLARED))
    if declared == UNDECLARED:
        raise ImproperlyConfigured(f"{type(view).__name__} declares no permission for {name}")
    return declared
