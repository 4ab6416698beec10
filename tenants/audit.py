"""The platform's audit: what was done to merchants, by whom. Appended, never changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fynlo.core.actors import Actor
from fynlo.core.tenancy import platform_context
from tenants.models import PlatformAudit, Tenant


def note(
    *, action: str, tenant: Tenant, actor: Actor, at: dt.datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Append one entry, in the caller's transaction."""
    with platform_context():
        PlatformAudit.objects.create(
            at=at,
            actor=f"{actor.kind}:{actor.name}",
            action=action,
            tenant_slug=tenant.slug,
            data=dict(data or {}),
        )
