"""Which signing unit a merchant uses: the one named in the section `pos.fiscal`, out of those that are installed.

A unit is installed by its adapter, once per process: `install(name="…", make=…)`. Fynlo brings the fake one only.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings

from fynlo.core.tenancy import current_tenant, tenant_key
from pos.configuration import FiscalSection, PosSection
from pos.fiscal.fake_unit import FakeUnit
from pos.fiscal.units import SigningUnit, UnitUnavailable
from tenants.configuration.problems import InvalidConfiguration
from tenants.configuration.queries import current_section

FAKE: Final = "fake"
Make = Callable[[], SigningUnit]

_installed: dict[str, Make] = {}
_made: dict[str, SigningUnit] = {}


def install(*, name: str, make: Make) -> None:
    """Say how the unit with this name is made: once per merchant and process, when it is first needed."""
    if name in _installed:
        raise ValueError(f"there is already a signing unit named {name!r}")
    _installed[name] = make


def unit_name() -> str | None:
    """The name of the current merchant's unit; None, as it comes, when nothing is to be signed."""
    try:
        section = current_section(tenant=current_tenant(), model=PosSection)
    except InvalidConfiguration:
        return None
    fiscal = FiscalSection() if section is None else section.fiscal
    return fiscal.signing_unit


def unit_of(name: str) -> SigningUnit:
    """The current merchant's unit of this name. Raises `UnitUnavailable` if it is not installed or not allowed."""
    make = _installed.get(name)
    if make is None:
        raise UnitUnavailable(f"the signing unit {name} is not installed")
    if name == FAKE and settings.PRODUCTION:
        raise UnitUnavailable("the fake signing unit is not for use in a shop")
    key = tenant_key("unit", name)
    if key not in _made:
        _made[key] = make()
    return _made[key]


def forget_units() -> None:
    """Forget the units of the current merchant that this process made; they are made anew."""
    prefix = tenant_key("unit", "")
    for key in [key for key in _made if key.startswith(prefix)]:
        del _made[key]


install(name=FAKE, make=FakeUnit)
