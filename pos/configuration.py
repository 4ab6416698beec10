"""The `pos` section: locations and registers, tax classes, the receipt's lines, the catalogue's file."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tenants.configuration.fields import Code, CutOff, Name, Rate, TextLine, TimeZoneName
from tenants.configuration.sections import Section, register

Hours = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"),
    Field(description="from and to in local time, such as 09:00-18:30; past midnight is written 18:00-02:00"),
]
ReasonCode = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$"),
    Field(description="1 to 40 of a-z, 0-9 and _"),
]


class DrawerSection(Section):
    """One drawer beside those that registers have of their own; a shared one is open to every till of its place."""

    code: Code
    name: Name
    shared: bool = Field(default=False, strict=True)


class RegisterSection(Section):
    """One till. Its cash goes into a drawer of its own, unless `drawer` names one of the location's or `none`."""

    code: Code
    name: Name
    drawer: Annotated[
        Code | None,
        Field(description="the code of a drawer of this location, `own` or `none`; left alone unless said"),
    ] = None
    training: Annotated[
        bool | None, Field(description="whether everything sold at it is practice; left alone unless said")
    ] = None


class LocationSection(Section):
    """One shop. Sales before `cut_off` count to the day before; the merchant's `time_zone` unless given."""

    code: Code
    name: Name
    address: Annotated[tuple[TextLine, ...], Field(max_length=6)] = ()
    time_zone: TimeZoneName | None = None
    cut_off: CutOff = dt.time(4, 0)
    tax_address: Annotated[
        tuple[TextLine, ...], Field(max_length=6, description="where it is another one than guests know")
    ] = ()
    tax_number: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=40), Field(description="printed on receipts")
    ] = ""
    opening_hours: Annotated[
        dict[
            Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            Annotated[tuple[Hours, ...], Field(max_length=6)],
        ],
        Field(description='local times by day, such as mon: ["09:00-13:00", "15:00-18:30"]'),
    ] = Field(default_factory=dict)
    drawers: Annotated[tuple[DrawerSection, ...], Field(max_length=200)] = ()
    registers: Annotated[tuple[RegisterSection, ...], Field(min_length=1, max_length=200)]


class RegistersSection(Section):
    """How drawers are kept. None of it can keep one from being closed."""

    blind: Annotated[
        bool, Field(description="whether the expected sum is told only after a count was committed")
    ] = True
    tolerance_minor: Annotated[
        int, Field(ge=0, le=10**9, description="over or short by no more than this is not remarked")
    ] = 0
    denominations: Annotated[
        tuple[Annotated[int, Field(gt=0, le=10**9)], ...],
        Field(max_length=40, description="coins and notes in minor units, instead of the currency's own"),
    ] = ()
    reasons: Annotated[
        dict[
            Literal["paid_in", "paid_out", "drop", "pickup", "tip_out", "no_sale", "correction"],
            Annotated[tuple[ReasonCode, ...], Field(max_length=50)],
        ],
        Field(description="the reasons to choose from, by kind of movement; any where none is listed"),
    ] = Field(default_factory=dict)
    open_tickets: Annotated[
        Literal["carry", "flag"],
        Field(
            description="tickets that are open at closing carry over; `flag` remarks them on the Z as well"
        ),
    ] = "carry"


class OrdersSection(Section):
    """What is asked of whoever takes something off an order or makes a price."""

    reasons: Annotated[
        dict[
            Literal["void", "cancel", "discount", "override"],
            Annotated[tuple[TextLine, ...], Field(max_length=50)],
        ],
        Field(description="the reasons to choose from; any where none is listed"),
    ] = Field(default_factory=dict)


class FiscalSection(Section):
    """What the tax office of a country asks of a till beyond the journal that every till has (docs/fiscal.md)."""

    signing_unit: Annotated[
        Code | None,
        Field(description="the installed signing unit that signs every receipt; none unless given"),
    ] = None


class TaxClassSection(Section):
    """One tax class. `inclusive` says whether prices in the catalogue contain the tax."""

    code: Code
    name: Name
    rate: Rate
    inclusive: bool = Field(strict=True)


ImageId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class ReceiptSection(Section):
    """What is printed above and below every receipt."""

    header: Annotated[tuple[TextLine, ...], Field(max_length=8)] = ()
    footer: Annotated[tuple[TextLine, ...], Field(max_length=8)] = ()
    logo: Annotated[
        ImageId | None,
        Field(description="a picture of the catalogue (`GET /catalog/images/{id}`), by its id"),
    ] = None
    link: Annotated[
        bool, Field(strict=True, description="whether a QR code leads to the receipt on the merchant's host")
    ] = False


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


MinorUnits = Annotated[int, Field(ge=0, le=10**12, strict=True)]


class ReceiptlessSection(Section):
    """What is given back without a receipt: whether at all, up to how much, by whom, and in which ways to pay."""

    allowed: bool = False
    max_minor: Annotated[MinorUnits | None, Field(description="in minor units; not limited unless given")] = (
        None
    )
    needs_approval: bool = True
    tender_types: Annotated[
        tuple[Code, ...], Field(max_length=50, description="codes of ways to pay; any unless given")
    ] = ()


class RefundsSection(Section):
    """When refunds need somebody who may approve: long after the sale, or beyond an amount."""

    window_days: Annotated[
        Annotated[int, Field(ge=0, le=36_500, strict=True)] | None,
        Field(description="days after the sale; for ever unless given"),
    ] = None
    approval_over_minor: Annotated[
        MinorUnits | None, Field(description="in minor units, whoever refunds; no such rule unless given")
    ] = None
    receiptless: ReceiptlessSection = ReceiptlessSection()


class PosSection(Section):
    """What the shop consists of and how its receipts look."""

    locations: Annotated[tuple[LocationSection, ...], Field(min_length=1, max_length=200)]
    tax_classes: Annotated[tuple[TaxClassSection, ...], Field(min_length=1, max_length=50)]
    receipt: ReceiptSection = ReceiptSection()
    registers: RegistersSection = RegistersSection()
    orders: OrdersSection = OrdersSection()
    refunds: RefundsSection = RefundsSection()
    fiscal: FiscalSection = FiscalSection()
    pricing: PricingSection | None = None
    catalog: CatalogSection | None = None
    inventory: InventorySection | None = None


register(
    name="pos",
    model=PosSection,
    required=True,
    unique=(
        "locations[*].code",
        "locations[*].registers[*].code",
        "locations[*].drawers[*].code",
        "tax_classes[*].code",
    ),
    files=("catalog.file", "catalog.sheets[*]"),
)
