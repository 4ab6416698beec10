"""Everything that can be wrong with a merchant's file, found before anything is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from fynlo.core.tenancy import platform_context
from tenants import states
from tenants.configuration.documents import Document, read_document
from tenants.configuration.problems import InvalidConfiguration, Problem
from tenants.configuration.sections import Configuration, Surroundings
from tenants.configuration.validation import check_document, content_of
from tenants.models import Domain, Tenant
from tenants.onboarding.steps import registered
from tenants.schemas.templates import find_template


@dataclass(frozen=True, slots=True)
class Checked:
    """A valid file, and the merchant it belongs to if there is one already."""

    configuration: Configuration
    tenant: Tenant | None


def check_file(*, file: Path) -> Checked:
    """Check a file against its schema, the database and the steps. Raises `InvalidConfiguration` with all of it.

    A database that was never migrated has no merchants, so nothing of it speaks against the file.
    """
    document = read_document(content_of(file))
    tenant, problems = None, []
    if find_template() is not None:
        with platform_context():
            tenant = _tenant(document)
            problems = list(_problems_with_the_platform(document, tenant))
    around = Surroundings(folder=file.parent, is_new=tenant is None or not tenant.schema_fingerprint)
    try:
        configuration = check_document(document=document, around=around)
    except InvalidConfiguration as invalid:
        raise InvalidConfiguration([*invalid.problems, *problems]) from None
    problems += _problems_of_steps(document, configuration)
    if problems:
        raise InvalidConfiguration(problems)
    return Checked(configuration, tenant)


def _tenant(document: Document) -> Tenant | None:
    slugs = [value for _, value in document.find("merchant.slug") if isinstance(value, str)]
    tenant: Tenant | None = Tenant.objects.filter(slug__in=slugs).first()
    return tenant


def _problems_with_the_platform(document: Document, tenant: Tenant | None) -> Iterator[Problem]:
    for path, host in document.find("merchant.domains[*]"):
        if not isinstance(host, str):
            continue
        others = Domain.objects.filter(domain=host).exclude(tenant=tenant)
        if host in settings.FYNLO_PLATFORM_HOSTS or others.exists():
            message = "this host name is taken"
            allowed = "a host name of this merchant alone"
            yield Problem(path, "taken", message, allowed, f'"{host}"', document.line(path))
    if tenant is None:
        return
    for path, currency in document.find("merchant.currency"):
        if isinstance(currency, str) and currency != tenant.currency:
            message = "the currency of a merchant never changes"
            yield Problem(path, "fixed", message, tenant.currency, f'"{currency}"', document.line(path))
    if tenant.state == states.CLOSED:
        yield Problem(
            ("merchant", "slug"),
            "closed",
            "this merchant is closed",
            line=document.line(("merchant", "slug")),
        )


def _problems_of_steps(document: Document, configuration: Configuration) -> list[Problem]:
    """What the steps' own checks find, with the lines of the document."""
    found = [
        problem for step in registered() if step.check is not None for problem in step.check(configuration)
    ]
    return [
        problem
        if problem.line is not None
        else Problem(
            problem.path,
            problem.code,
            problem.message,
            problem.allowed,
            problem.given,
            document.line(problem.path),
        )
        for problem in found
    ]
