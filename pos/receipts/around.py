"""What stands around every paper: who sells, where, in which language, with which words."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from fynlo.core.tenancy import current_tenant
from pos.catalog.queries.images import image
from pos.configuration import PosSection, ReceiptSection
from pos.registers.models import Location
from tenants.configuration.queries import current_section


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The merchant's side of a paper of one location, as it is now."""

    language: str
    merchant: str
    location: str
    address: tuple[str, ...]
    tax_number: str
    zone: ZoneInfo
    header: tuple[str, ...]
    footer: tuple[str, ...]
    logo: bytes
    has_link: bool
    signing_unit: str | None = None


def around(*, location: Location) -> Around:
    """What is printed at this location now. The tax address where there is one, else the address guests know."""
    tenant, section = current_tenant(), _section()
    words = ReceiptSection() if section is None else section.receipt
    return Around(
        language=tenant.language,
        merchant=tenant.name,
        location=location.name,
        address=tuple(location.tax_address or location.address),
        tax_number=location.tax_number,
        zone=ZoneInfo(location.time_zone),
        header=words.header,
        footer=words.footer,
        logo=_logo(words.logo),
        has_link=words.link,
        signing_unit=None if section is None else section.fiscal.signing_unit,
    )


def receipt_settings() -> ReceiptSection:
    """The merchant's words around receipts; nothing before the first configuration."""
    section = _section()
    return ReceiptSection() if section is None else section.receipt


def _section() -> PosSection | None:
    return current_section(tenant=current_tenant(), model=PosSection)


def _logo(key: str | None) -> bytes:
    found = None if key is None else image(image_id=UUID(key))
    return b"" if found is None else bytes(found.content)
