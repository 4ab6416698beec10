"""Is a merchant sound? Schema, configuration and feed readers, looked at and reported, never changed."""

from dataclasses import dataclass

from django.db.utils import ProgrammingError

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from fynlo.events.models import Cursor, Event
from fynlo.events.subscriptions import subscriptions
from tenants.configuration.problems import InvalidConfiguration
from tenants.configuration.queries import current_configuration
from tenants.models import Tenant
from tenants.schemas.checking import check_schema


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: with which merchant (or the platform), in which part, and what."""

    merchant: str
    part: str
    sentence: str


def check_merchant(*, tenant: Tenant) -> list[Finding]:
    """Everything that is wrong with a merchant; empty when they are sound."""
    findings = [
        Finding(tenant.slug, "schema", sentence) for sentence in check_schema(schema=tenant.schema_name)
    ]
    findings += [Finding(tenant.slug, "configuration", sentence) for sentence in _configuration(tenant)]
    try:
        with tenant_context(tenant):
            findings += [Finding(tenant.slug, "feed", sentence) for sentence in _feed()]
    except ProgrammingError as error:
        findings.append(Finding(tenant.slug, "feed", f"cannot be read: {error}".strip()))
    return findings


def _configuration(tenant: Tenant) -> list[str]:
    try:
        configuration = current_configuration(tenant=tenant)
    except InvalidConfiguration as invalid:
        return [problem.sentence() for problem in invalid.problems]
    return ["no version is in force; onboarding did not finish"] if configuration is None else []


def _feed() -> list[str]:
    """Positions are dense up to the head, and no reader is ahead of it or unknown."""
    position, found = head(), Event.objects.count()
    sentences = [] if found == position else [f"the head is at {position}, but there are {found} events"]
    known = {subscription.name for subscription in subscriptions()}
    for cursor in Cursor.objects.order_by("reader"):
        if cursor.position > position:
            sentences.append(
                f"reader {cursor.reader} is at {cursor.position}, ahead of the head at {position}"
            )
        if cursor.reader not in known:
            sentences.append(
                f"reader {cursor.reader} is at {cursor.position}, but nobody reads under this name"
            )
    return sentences
