"""What a paper to a supplier says, as values: an order or a return, rendered as PDF and as CSV. Pure.

A document holds copies: what was agreed stays on the paper when the catalogue changes. Nothing in it is cleaned
or laid out; each renderer does that for its own medium (`pos.purchasing.renderers`).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

PURCHASE_ORDER: Final = "purchase_order"
SUPPLIER_RETURN: Final = "supplier_return"
KINDS: Final = (PURCHASE_ORDER, SUPPLIER_RETURN)
PAPERS: Final = ("a4", "letter")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentParty:
    """Who writes, or who is written to. `tax_number` is printed as it is stated (a VAT id, a tax number)."""

    name: str
    address: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    tax_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseDocumentLine:
    """One article. `packs` of `pack_size` `unit` each are ordered: 3 cases of 12 bottles.

    `pack_name` is the supplier's word for the pack ("case"); empty: bought by the unit. `pack_price_minor` is the
    price of one pack in minor units, with decimals where the price has them; None: no price was agreed.
    `amount_minor` is what the line costs, rounded where it was agreed. None only without a price.
    """

    description: str
    packs: Decimal
    supplier_code: str = ""
    sku: str = ""
    pack_name: str = ""
    pack_size: Decimal = Decimal(1)
    unit: str = "each"
    pack_price_minor: Decimal | None = None
    amount_minor: int | None = None
    note: str = ""

    @property
    def quantity(self) -> Decimal:
        """How many of the unit the packs are together."""
        return self.packs * self.pack_size


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAmount:
    """A named amount between the lines and the total: freight, a deposit, tax, a discount (below zero)."""

    name: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseDocument:
    """A whole paper. `language` is a BCP 47 tag, `written_on` and `deliver_on` are days at the location.

    `customer_number` is the merchant's with this supplier; `reference` the supplier's own number where one is known
    (of the delivery that is returned, of an offer). `paper` is one of `PAPERS`. `is_draft` and `is_cancelled` are
    said on every page.
    """

    number: str
    currency: str
    merchant: DocumentParty
    supplier: DocumentParty
    lines: tuple[PurchaseDocumentLine, ...]
    written_on: dt.date
    kind: str = PURCHASE_ORDER
    language: str = "en"
    deliver_to: DocumentParty | None = None
    deliver_on: dt.date | None = None
    customer_number: str = ""
    reference: str = ""
    extras: tuple[DocumentAmount, ...] = ()
    note: str = ""
    paper: str = "a4"
    is_draft: bool = False
    is_cancelled: bool = False

    @property
    def lines_minor(self) -> int:
        """What the lines with a price cost together."""
        return sum(line.amount_minor or 0 for line in self.lines)

    @property
    def total_minor(self) -> int:
        """The lines and what stands between them and the total."""
        return self.lines_minor + sum(extra.amount_minor for extra in self.extras)

    @property
    def has_prices(self) -> bool:
        """Whether any line has a price; a paper without prices has no total either."""
        return any(line.amount_minor is not None for line in self.lines)
