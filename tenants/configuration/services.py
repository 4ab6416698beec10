"""Keeping configurations: a new version when something changed, the last good one otherwise."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction

from fynlo.core.tenancy import TenantLike, platform_context
from tenants.configuration.sections import Configuration
from tenants.models import ConfigurationVersion, Tenant


def stored_form(configuration: Configuration) -> dict[str, Any]:
    """What is kept of a configuration: its sections without secrets, and the digests of its files."""
    return {"sections": configuration.public(), "files": dict(sorted(configuration.files.items()))}


def digest_of(value: Any) -> str:
    """SHA-256 of a JSON value in canonical form (sorted keys, no spaces), in hex."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def store_configuration(
    *, tenant: TenantLike, configuration: Configuration, at: dt.datetime
) -> tuple[ConfigurationVersion, bool]:
    """Make `configuration` the one in force; returns its version and whether it is new.

    The same document again makes no new version. Versions are never changed, only replaced as the one in
    force; numbers count up per merchant without gaps.
    """
    document = stored_form(configuration)
    digest = digest_of(document)
    with platform_context(), transaction.atomic():
        Tenant.objects.select_for_update().get(pk=tenant.id)
        current = ConfigurationVersion.objects.filter(tenant_id=tenant.id, is_current=True).first()
        if current is not None and current.digest == digest:
            return current, False
        ConfigurationVersion.objects.filter(tenant_id=tenant.id, is_current=True).update(is_current=False)
        version = ConfigurationVersion.objects.create(
            tenant_id=tenant.id,
            version=_last_number(tenant) + 1,
            digest=digest,
            document=document,
            created_at=at,
        )
        return version, True


def _last_number(tenant: TenantLike) -> int:
    newest = ConfigurationVersion.objects.filter(tenant_id=tenant.id).order_by("-version").first()
    return newest.version if newest is not None else 0
