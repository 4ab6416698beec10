"""Reading the configuration in force. Each look-up may be made from anywhere and leaves no trace there."""

from typing import Any, TypeVar

from fynlo.core.tenancy import TenantLike, platform_context
from tenants.configuration.documents import Document
from tenants.configuration.sections import Configuration, Section, Surroundings
from tenants.configuration.validation import check_document
from tenants.models import ConfigurationVersion

S = TypeVar("S", bound=Section)


def current_version(*, tenant: TenantLike) -> ConfigurationVersion | None:
    """The version in force, or None before onboarding has finished for the first time."""
    with platform_context():
        return ConfigurationVersion.objects.filter(tenant_id=tenant.id, is_current=True).first()


def versions(*, tenant: TenantLike) -> list[ConfigurationVersion]:
    """Every version ever accepted, newest first."""
    with platform_context():
        return list(ConfigurationVersion.objects.filter(tenant_id=tenant.id).order_by("-version"))


def stored_sections(version: ConfigurationVersion) -> dict[str, Any]:
    """The sections of a version as JSON values; secrets were never stored."""
    sections: dict[str, Any] = version.document["sections"]
    return sections


def current_configuration(*, tenant: TenantLike) -> Configuration | None:
    """The configuration in force, typed; None before onboarding has finished for the first time.

    Raises `InvalidConfiguration` when the stored document no longer fits the sections of this release.
    """
    version = current_version(tenant=tenant)
    if version is None:
        return None
    return check_document(document=Document(stored_sections(version)), around=Surroundings())


def current_section(*, tenant: TenantLike, model: type[S]) -> S | None:
    """One section of the configuration in force; None before onboarding has finished for the first time."""
    configuration = current_configuration(tenant=tenant)
    return None if configuration is None else configuration.section(model)
