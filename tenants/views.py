"""The page at the platform's own address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenants import states
from tenants.models import Domain


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Says what this is and where to sign in. Who the merchants are is shown in development only."""
    shown: list[dict[str, Any]] = []
    if settings.ENVIRONMENT == "development":
        domains = Domain.objects.filter(is_primary=True, tenant__state__in=states.LIVE)
        shown = [_addresses(request, domain) for domain in domains.select_related("tenant")]
    return render(request, "backoffice/home.html", {"merchants": shown})


def _addresses(request: HttpRequest, domain: Domain) -> dict[str, str]:
    port = request.get_host().partition(":")[2]
    base = f"{request.scheme}://{domain.domain}{f':{port}' if port else ''}"
    return {"name": domain.tenant.name, "host": domain.domain, "base": base}
