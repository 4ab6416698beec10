"""What a receipt says, as values: made once from an order, rendered as text, page or printer bytes.

A document holds what was true at the moment of sale: names are copies, times are local to the shop. Nothing
in it is cleaned or laid out; every renderer does that for its own medium (trap: names that steer a printer).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One thing sold. `amount_minor` is as the shelf label states it: with the tax if prices contain it."""

    name: str
    quantity: Decimal
    unit: str
    unit_price_minor: int
    amount_minor: int
    tax_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTax:
    """One row of the tax table. `rate` is a fraction of one: 0.19. `name` is the merchant's word for it."""

    tax_class: str
    name: str
    rate: Decimal
    is_inclusive: bool
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTender:
    """What the customer handed over in one way, and what went back."""

    name: str
    tendered_minor: int
    change_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDocument:
    """A whole receipt. `sold_at` is aware, in the location's zone; `language` is a BCP 47 tag.

    `is_training` marks a sale that never happened: renderers say so where nobody can cut it off.
    """

    language: str
    currency: str
    merchant: str
    location: str
    address: tuple[str, ...]
    header: tuple[str, ...]
    number: str
    register: str
    employee: str
    sold_at: dt.datetime
    business_date: dt.date
    lines: tuple[ReceiptLine, ...]
    taxes: tuple[ReceiptTax, ...]
    total_minor: int
    tenders: tuple[ReceiptTender, ...]
    footer: tuple[str, ...]
    is_training: bool = False

    @property
    def added_tax_minor(self) -> int:
        """Tax that prices did not contain: what stands between the sum of the lines and the total."""
        return sum(tax.tax_minor for tax in self.taxes if not tax.is_inclusive)

    @property
    def change_minor(self) -> int:
        """What went back to the customer."""
        return sum(tender.change_minor for tender in self.tenders)

    @property
    def due_minor(self) -> int:
        """What is not paid yet."""
        return self.total_minor + self.change_minor - sum(tender.tendered_minor for tender in self.tenders)
