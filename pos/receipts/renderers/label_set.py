"""The words and number forms of a receipt in one language. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fynlo.core.money import Money, format_money
from pos.pricing.decimals import plain_decimal

UNITS: Final = {"kg": "kg", "g": "g", "l": "l", "ml": "ml", "m": "m"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One language. Dates are `strftime` patterns of digits only, so that no locale changes them.

    `titles` are those of the kinds of papers, `terms` the words of slips, reports and statements by their key.
    """

    receipt: str
    business_day: str
    subtotal: str
    total: str
    change: str
    due: str
    net: str
    tax: str
    gross: str
    training: str
    discount: str
    removed_tax: str
    tip: str
    payable: str
    rounding: str
    lot: str
    use_by: str
    note: str
    copy: str
    not_a_receipt: str
    refunded: str
    online: str
    titles: dict[str, str]
    terms: dict[str, str]
    order_types: dict[str, str]
    decimal_mark: str
    date: str
    units: dict[str, str]

    def amount(self, *, minor: int, currency: str) -> str:
        """An amount without its currency: `12,50`, `-0,05`, `1250` for yen."""
        return format_money(Money(minor, currency)).replace(".", self.decimal_mark)

    def decimal(self, value: Decimal) -> str:
        """A quantity or rate without trailing zeros: `0,335`, `8,875`."""
        return plain_decimal(value).replace(".", self.decimal_mark)

    def term(self, key: str) -> str:
        """The word for a key of slips and reports; one that is not known is its own word, readable."""
        return self.terms.get(key) or key.replace("_", " ").capitalize()
