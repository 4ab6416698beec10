"""How a merchant gives money back: the section `pos.refunds` of the configuration in force."""

from fynlo.core.tenancy import current_tenant
from pos.configuration import PosSection, RefundsSection
from tenants.configuration.problems import InvalidConfiguration
from tenants.configuration.queries import current_section


def refund_policy() -> RefundsSection:
    """The merchant's rules, or the standard ones where nothing is said (or what is stored cannot be read)."""
    try:
        section = current_section(tenant=current_tenant(), model=PosSection)
    except InvalidConfiguration:
        section = None
    return RefundsSection() if section is None else section.refunds
