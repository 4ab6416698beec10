"""The `merchant` section: who the merchant is, and under which host names they are found."""

from typing import Annotated

from pydantic import Field

from tenants.configuration.fields import (
    CountryCode,
    CurrencyCode,
    HostName,
    LanguageTag,
    Name,
    Slug,
    TimeZoneName,
)
from tenants.configuration.sections import Section, register

NAME = "merchant"


class MerchantSection(Section):
    """Who the merchant is. The slug names the schema and never changes; nor does the currency."""

    slug: Slug
    name: Name
    country: CountryCode
    currency: CurrencyCode
    time_zone: TimeZoneName
    language: LanguageTag
    domains: Annotated[tuple[HostName, ...], Field(min_length=1, max_length=20)]


register(name=NAME, model=MerchantSection, required=True, unique=("domains[*]",))
