"""What a receipt says, as values: made once from an order, rendered as text, page or printer bytes.

A document holds what was true at the moment of sale: names are copies, times are local to the shop. Nothing
in it is cleaned or laid out; every renderer does that for its own medium (trap: names that steer a printer).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pos.receipts.card_slips import CardSlip

SALE: Final = "sale"
REFUND: Final = "refund"
EXCHANGE: Final = "exchange"
GIFT: Final = "gift"
PROFORMA: Final = "proforma"
INVOICE: Final = "invoice"
TRAINING: Final = "training"
KINDS: Final = (SALE, REFUND, EXCHANGE, GIFT, PROFORMA, INVOICE, TRAINING)
"""Papers about goods. `gift` has no prices, `proforma` is no receipt, `invoice` names the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptModifier:
    """What was chosen for a line, `quantity` times per unit; `depth` is 0 for the item's own modifiers."""

    name: str
    quantity: int = 1
    price_minor: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptComponent:
    """A component of a combo, with its own taxes and modifiers. Its price is in the line's."""

    name: str
    taxes: tuple[str, ...]
    modifiers: tuple[ReceiptModifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAmount:
    """A named amount that was taken off (a discount, above zero all the same) or put on (a service charge)."""

    name: str
    amount_minor: int
    taxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One thing sold. `amount_minor` is as the shelf label states it, before `discounts`: with the tax if prices
    contain it. `taxes` are keys of the tax table. `order_type` is told where it differs from the order's. `lot`
    and `use_by` are of the very piece, `note` is what was said about it.
    """

    name: str
    quantity: Decimal
    unit: str
    unit_price_minor: int
    amount_minor: int
    taxes: tuple[str, ...]
    modifiers: tuple[ReceiptModifier, ...] = ()
    components: tuple[ReceiptComponent, ...] = ()
    discounts: tuple[ReceiptAmount, ...] = ()
    order_type: str = ""
    lot: str = ""
    use_by: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTax:
    """One row of the tax table. `rate` is a fraction of one: 0.19. `name` is the merchant's word for it.

    A tax of an amount per unit sold has no rate. `key` is what lines name it by.
    """

    key: str
    name: str
    rate: Decimal | None
    is_inclusive: bool
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptTender:
    """What the customer handed over in one way, and what went back; of a refund: what the customer was given.

    `detail` is what tells it from others of its kind: the last digits of a card, a voucher's number. `card` is what
    a receipt has to say of a card that a provider charged.
    """

    name: str
    tendered_minor: int
    change_minor: int = 0
    detail: str = ""
    card: CardSlip | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCustomer:
    """For whom an invoice is."""

    name: str
    address: tuple[str, ...] = ()
    tax_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDocument:
    """A whole receipt. `sold_at` is aware, in the location's zone; `language` is a BCP 47 tag.

    `number` is the receipt's, or the order's as long as there is none; `order` the order's where they differ,
    `original` that of the receipt a refund is about. `discounts` and `charges` are those of the whole order.
    `removed_tax_minor` is tax that prices contain and this customer does not pay. `rounding_minor` is what cash
    rounding gave; below 0 it took. `is_training` marks a sale that never happened: renderers say so where nobody
    can cut it off. `copy` counts reprints: 0 is the receipt itself. Amounts of a refund are what went back, above
    zero. `link` is where the customer finds it again, `logo` a picture (as stored) to print above everything.
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
    kind: str = SALE
    order: str = ""
    original: str = ""
    reason: str = ""
    tax_number: str = ""
    customer: ReceiptCustomer | None = None
    order_type: str = ""
    note: str = ""
    discounts: tuple[ReceiptAmount, ...] = ()
    charges: tuple[ReceiptAmount, ...] = ()
    removed_tax_minor: int = 0
    tip_minor: int = 0
    rounding_minor: int = 0
    is_training: bool = False
    copy: int = 0
    link: str = ""
    logo: bytes = b""

    @property
    def has_prices(self) -> bool:
        """Whether it says what things cost."""
        return self.kind != GIFT

    @property
    def added_tax_minor(self) -> int:
        """Tax that prices did not contain: what stands between the sum of the lines and the total."""
        return sum(tax.tax_minor for tax in self.taxes if not tax.is_inclusive)

    @property
    def subtotal_minor(self) -> int:
        """What the lines cost together, as they are printed: before what concerns the order as a whole."""
        charged = sum(charge.amount_minor for charge in self.charges)
        given = sum(discount.amount_minor for discount in self.discounts)
        return self.total_minor - self.added_tax_minor + self.removed_tax_minor - charged + given

    @property
    def is_total_of_lines(self) -> bool:
        """Whether nothing stands between the lines and the total."""
        return not (self.discounts or self.charges or self.added_tax_minor or self.removed_tax_minor)

    @property
    def payable_minor(self) -> int:
        """The total and the tip."""
        return self.total_minor + self.tip_minor

    @property
    def change_minor(self) -> int:
        """What went back to the customer."""
        return sum(tender.change_minor for tender in self.tenders)

    @property
    def due_minor(self) -> int:
        """What is not paid yet."""
        tendered = sum(tender.tendered_minor for tender in self.tenders)
        return self.payable_minor - self.rounding_minor + self.change_minor - tendered
