"""The platform's own steps of onboarding: the merchant's row and hosts, their schema, and opening the doors."""

import datetime as dt
from typing import ClassVar, Final

from django.db import IntegrityError, transaction

from fynlo.core.actors import Actor
from fynlo.core.database import constraint
from fynlo.core.errors import Conflict
from fynlo.core.tenancy import platform_context
from tenants import states
from tenants.audit import note
from tenants.configuration.merchant import MerchantSection
from tenants.configuration.sections import Configuration
from tenants.configuration.services import store_configuration
from tenants.models import Domain, OnboardingRun, Tenant, schema_for
from tenants.onboarding.failpoints import reach
from tenants.schemas.fingerprint import tenant_fingerprint
from tenants.schemas.services import Built, create_schema

_EVENTS: Final = {states.TRIAL: "start_trial", states.ACTIVE: "activate"}


class SchemaNotCurrent(Conflict):
    """The merchant's schema was not migrated to this release."""

    code: ClassVar[str] = "schema_not_current"
    title: ClassVar[str] = "The merchant's schema is not at this release"


def enter_merchant(*, configuration: Configuration, digest: str, at: dt.datetime) -> OnboardingRun:
    """Make the merchant's row and hosts what the file says, and note that a run of it has begun.

    A new merchant is `provisioning` until `open_merchant`. A run of the same document that did not finish is
    taken up again. Raises `Conflict` when a host name was taken meanwhile.
    """
    wanted = configuration.section(MerchantSection)
    try:
        with platform_context(), transaction.atomic():
            tenant = _row(wanted, at)
            _set_domains(tenant, wanted.domains)
            run = _begin_run(tenant, digest, at)
            reach("merchant", "before")
    except IntegrityError as error:
        raise Conflict(f"Somebody else was faster: {constraint(error)}.") from error
    reach("merchant", "after")
    return run


def build_schema(*, tenant: Tenant) -> Built | None:
    """Build the merchant's schema; None when it is there. Raises `SchemaNotCurrent`, `TemplateMissing`."""
    with platform_context(), transaction.atomic():
        locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
        if locked.schema_fingerprint == tenant_fingerprint():
            return None
        if locked.schema_fingerprint:
            raise SchemaNotCurrent(
                f"{tenant.schema_name} is not at this release; run `manage.py migrate` first."
            )
        built = create_schema(tenant=locked)
        reach("schema", "before")
    reach("schema", "after")
    return built


def open_merchant(
    *, run: OnboardingRun, configuration: Configuration, state: str, actor: Actor, at: dt.datetime
) -> tuple[Tenant, int]:
    """Keep the configuration, open a new merchant's doors, end the run and note it in the audit.

    Returns the merchant and the number of the version in force.
    """
    with platform_context(), transaction.atomic():
        tenant = Tenant.objects.select_for_update().get(pk=run.tenant_id)
        version, is_new = store_configuration(tenant=tenant, configuration=configuration, at=at)
        if tenant.state == states.PROVISIONING:
            tenant.state = states.STATES.after(tenant.state, _EVENTS[state])
            tenant.save(update_fields=["state"])
        run.finished_at = at
        run.save(update_fields=["finished_at"])
        data = {"state": tenant.state, "version": version.version, "new_version": is_new}
        note(action="tenant.onboarded", tenant=tenant, actor=actor, at=at, data=data)
        reach("finish", "before")
    reach("finish", "after")
    return tenant, version.version


def _row(wanted: MerchantSection, at: dt.datetime) -> Tenant:
    facts = {
        "name": wanted.name,
        "country": wanted.country,
        "time_zone": wanted.time_zone,
        "language": wanted.language,
    }
    tenant: Tenant | None = Tenant.objects.select_for_update().filter(slug=wanted.slug).first()
    if tenant is None:
        fixed = {"slug": wanted.slug, "schema_name": schema_for(wanted.slug), "currency": wanted.currency}
        new: Tenant = Tenant.objects.create(created_at=at, **fixed, **facts)
        return new
    if any(getattr(tenant, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(tenant, name, value)
        tenant.save(update_fields=list(facts))
    return tenant


def _set_domains(tenant: Tenant, wanted: tuple[str, ...]) -> None:
    """The merchant's hosts are those of the file, the first of them the primary one."""
    Domain.objects.filter(tenant=tenant).exclude(domain__in=wanted).delete()
    present = {domain.domain: domain for domain in Domain.objects.filter(tenant=tenant)}
    for position, host in enumerate(wanted):
        domain = present.get(host) or Domain(domain=host, tenant=tenant)
        if domain._state.adding or domain.is_primary != (position == 0):
            domain.is_primary = position == 0
            domain.save()


def _begin_run(tenant: Tenant, digest: str, at: dt.datetime) -> OnboardingRun:
    runs = OnboardingRun.objects.select_related("tenant").filter(tenant=tenant)
    last = runs.order_by("-started_at", "-id").first()
    if last is not None and last.finished_at is None and last.digest == digest:
        return last
    return OnboardingRun.objects.create(tenant=tenant, digest=digest, started_at=at)
