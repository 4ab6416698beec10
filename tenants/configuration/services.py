"""Keeping configurations: a new version when something changed, the last good one otherwise."""

import copy
import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction

from fynlo.core.actors import Actor
from fynlo.core.errors import Conflict
from fynlo.core.tenancy import TenantLike, platform_context
from tenants.audit import note
from tenants.configuration.documents import Document
from tenants.configuration.sections import Configuration, Surroundings
from tenants.configuration.validation import check_document
from tenants.models import ConfigurationVersion, Tenant


class NothingConfigured(Conflict):
    """There is no configuration to change yet."""

    code: ClassVar[str] = "nothing_configured"
    title: ClassVar[str] = "There is no configuration yet"


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


def change_settings(
    *, tenant: TenantLike, section: str, member: str, values: Mapping[str, Any], actor: Actor, at: dt.datetime
) -> ConfigurationVersion:
    """Put one member of a section in force as stated, all else as it was; a new version if that is a change.

    The merchant's file knows nothing of it: applied again, it is in force as it is written. Noted in the audit.
    Raises `NothingConfigured` before onboarding has finished, `InvalidConfiguration` for values that do not fit.
    """
    with platform_context(), transaction.atomic():
        locked = Tenant.objects.select_for_update().get(pk=tenant.id)
        current = ConfigurationVersion.objects.filter(tenant_id=tenant.id, is_current=True).first()
        if current is None:
            raise NothingConfigured("The merchant's file was not applied yet.")
        sections = copy.deepcopy(current.document["sections"])
        sections[section][member] = dict(values)
        checked = check_document(document=Document(sections), around=Surroundings())
        whole = dataclasses.replace(checked, files=current.document["files"])
        version, is_new = store_configuration(tenant=tenant, configuration=whole, at=at)
        if is_new:
            data = {"setting": f"{section}.{member}", "version": version.version}
            note(action="tenant.settings_changed", tenant=locked, actor=actor, at=at, data=data)
    return version


def _last_number(tenant: TenantLike) -> int:
    newest = ConfigurationVersion.objects.filter(tenant_id=tenant.id).order_by("-version").first()
    return newest.version if newest is not None else 0
