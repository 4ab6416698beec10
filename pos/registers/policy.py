"""How a merchant keeps drawers: the section `pos.registers` of the configuration in force.

A drawer must close whatever the settings are, so a stored document that this release cannot read counts as none.
"""

from fynlo.core.tenancy import current_tenant
from pos.configuration import PosSection, RegistersSection
from tenants.configuration.problems import InvalidConfiguration
from tenants.configuration.queries import current_section


def drawer_policy() -> RegistersSection:
    """The merchant's way with drawers, or the standard one where nothing is said."""
    try:
        section = current_section(tenant=current_tenant(), model=PosSection)
    except InvalidConfiguration:
        section = None
    return RegistersSection() if section is None else section.registers
