"""HTTP's door into a tenant: the host decides, the state admits, and the connection leaves nowhere behind.

Unknown hosts get a 404 that names nothing. Nothing but the exact host name counts: no forwarded host, no
wildcard, no stripped `www.` (trap 18).
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from fynlo.core.tenancy import leave, platform_context, registry, tenant_context
from tenants import states

Handler = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_HOST = re.compile(r"^([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]{2,45}\])(?::\d{1,5})?$")


def host_name(raw: str) -> str | None:
    """The host of a Host header in lower case, without its port; None when it is no host name."""
    found = _HOST.match(raw.strip().lower())
    return found.group(1) if found else None


class TenantMiddleware:
    """Places each request on the platform or in the tenant that owns its host, and takes it out again."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        leave()
        try:
            return self._answer(request)
        finally:
            # Also after an exception: the next request on this thread must find its connection nowhere (trap 12).
            leave()

    def _answer(self, request: HttpRequest) -> HttpResponse:
        host = host_name(request.META.get("HTTP_HOST", ""))
        if host is None:
            return HttpResponseNotFound("Not found.\n", content_type="text/plain; charset=utf-8")
        if host in settings.FYNLO_PLATFORM_HOSTS:
            request.tenant = None  # type: ignore[attr-defined]
            request.urlconf = settings.PLATFORM_URLCONF  # type: ignore[attr-defined]
            with platform_context():
                return self.get_response(request)
        tenant = registry.tenant_by_host(host)
        if tenant is None:
            return HttpResponseNotFound("Not found.\n", content_type="text/plain; charset=utf-8")
        request.tenant = tenant  # type: ignore[attr-defined]
        with tenant_context(tenant):
            return self.get_response(request)


class AdmissionMiddleware:
    """Refuses what the merchant's state does not allow, in one place for every view (`tenants.states`)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Ask the tenant's state before the view runs; the error is rendered like any other."""
        del args, kwargs
        tenant = getattr(request, "tenant", None)
        if tenant is None:
            return None
        declared = getattr(view, "view_class", None) or getattr(view, "cls", None) or view
        wanted = states.Request(
            writes=request.method not in SAFE_METHODS,
            finishes=bool(getattr(declared, "allowed_when_read_only", False)),
        )
        error = states.refusal(tenant, wanted)
        if error is None:
            return None
        from fynlo.api.problems import problem_response

        return problem_response(error, request)
