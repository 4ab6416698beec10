"""The first page of the platform's admin: how many merchants there are in which state, and what was done last."""

from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpRequest

from tenants import states
from tenants.models import PlatformAudit, Tenant

LAST_ENTRIES: Final = 10


def merchants_by_state() -> list[tuple[str, int]]:
    """How many merchants are in each state, in the order of a merchant's life; `suspended` are counted again."""
    rows = Tenant.objects.order_by().values_list("state").annotate(count=Count("pk"))
    counts = dict(rows)
    suspended = Tenant.objects.aggregate(count=Count("pk", filter=Q(suspended_at__isnull=False)))["count"]
    by_state = [(state, counts[state]) for state in states.STATES.states if state in counts]
    return [*by_state, ("suspended", suspended)] if suspended else by_state


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the page shows (the theme's `DASHBOARD_CALLBACK`)."""
    del request
    return {
        **context,
        "merchants": merchants_by_state(),
        "audit": list(PlatformAudit.objects.order_by("-at", "-id")[:LAST_ENTRIES]),
    }
