"""A merchant's rules for gift cards: the section `payments.gift_cards` of the configuration in force."""

from fynlo.core.tenancy import TenantLike, current_tenant
from payments.configuration import GiftCardsSection, PaymentsSection
from tenants.configuration.problems import InvalidConfiguration
from tenants.configuration.queries import current_section


def gift_card_rules() -> GiftCardsSection:
    """The merchant's rules, or the standard ones where nothing is said (or what is stored cannot be read)."""
    try:
        section = current_section(tenant=current_tenant(), model=PaymentsSection)
    except InvalidConfiguration:
        section = None
    return GiftCardsSection() if section is None else section.gift_cards


def country_of(tenant: TenantLike) -> str:
    """The country whose law decides; empty where nobody said one."""
    return str(getattr(tenant, "country", ""))
