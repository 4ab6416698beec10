"""The `pos` section: locations and registers, tax classes, the receipt's lines, the catalogue's file."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tenants.configuration.fields import Code, CutOff, Name, Rate, TextLine, TimeZoneName
from tenants.configuration.sections import Section, register


class RegisterSection(Section):
    """One register: a drawer and the till that fills it."""

    code: Code
    name: Name


class LocationSection(Section):
    """One shop. Sales before `cut_off` count to the day before; the merchant's `time_zone` unless given."""

    code: Code
    name: Name
    address: Annotated[tuple[TextLine, ...], Field(max_length=6)] = ()
    time_zone: TimeZoneName | None = None
    cut_off: CutOff = dt.time(4, 0)
    registers: Annotated[tuple[RegisterSection, ...], Field(min_length=1, max_length=200)]


class TaxClassSection(Section):
    """One tax class. `inclusive` says whether prices in the catalogue contain the tax."""

    code: Code
    name: Name
    rate: Rate
    inclusive: bool = Field(strict=True)


class ReceiptSection(Section):
    """Lines printed above and below every receipt."""

    header: Annotated[tuple[TextLine, ...], Field(max_length=8)] = ()
    footer: Annotated[tuple[TextLine, ...], Field(max_length=8)] = ()


class PricingSection(Section):
    """How the merchant rounds: where tax becomes whole minor units, which way a half goes, and cash."""

    rounding: Literal["per_line", "per_rate", "per_order"] = "per_line"
    half: Literal["half_up", "half_even"] = "half_up"
    cash_increment: Annotated[
        Literal[1, 5, 10, 50, 100],
        Field(description="the smallest step of cash in minor units: 5 where there are no cents below five"),
    ] = 1


class InventorySection(Section):
    """How the merchant keeps stock: what goods cost, and what a sale does when there is not enough.

    What is not said stays as it is.
    """

    cost_method: Annotated[
        Literal["average", "fifo"] | None,
        Field(description="moving average, or first in, first out"),
    ] = None
    default_policy: Annotated[
        Literal["allow", "deny", "backorder", "untracked"] | None,
        Field(description="of items that have none of their own"),
    ] = None


FileName = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class CatalogSection(Section):
    """The catalogue's files beside this file. Their form is found out unless it is said here.

    `file` has the items (CSV), or everything (XLSX, ZIP); `sheets` are further CSV files, each named after its
    sheet: `modifier_groups.csv`, `promotions.csv` (docs/concepts/imports.md).
    """

    file: Annotated[FileName, Field(description="the name of a file beside this file")]
    sheets: Annotated[tuple[FileName, ...], Field(max_length=30)] = ()
    delimiter: Literal["auto", ",", ";", "tab"] = "auto"
    encoding: Literal["auto", "utf-8", "cp1252"] = "auto"
    decimal: Literal["auto", ".", ","] = "auto"


class PosSection(Section):
    """What the shop consists of and how its receipts look."""

    locations: Annotated[tuple[LocationSection, ...], Field(min_length=1, max_length=200)]
    tax_classes: Annotated[tuple[TaxClassSection, ...], Field(min_length=1, max_length=50)]
    receipt: ReceiptSection = ReceiptSection()
    pricing: PricingSection | None = None
    catalog: CatalogSection | None = None
    inventory: InventorySection | None = None


register(
    name="pos",
    model=PosSection,
    required=True,
    unique=("locations[*].code", "locations[*].registers[*].code", "tax_classes[*].code"),
    files=("catalog.file", "catalog.sheets[*]"),
)
