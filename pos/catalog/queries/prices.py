"""The price book: what an order needs to know of a variant."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import connection

from pos.pricing.engine1 import types as pricing

# Every sale asks this; written by hand because the ORM takes longer to word it than the server to answer.
_BOOK = """
SELECT variant.id, item.name, variant.name, variant.sku, item.unit, variant.price_minor,
    variant.is_active AND item.is_active, tax.code, tax.name, tax.rate, tax.is_inclusive
FROM pos_variant AS variant
JOIN pos_item AS item ON item.id = variant.item_id
JOIN pos_taxclass AS tax ON tax.id = item.tax_class_id
WHERE variant.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedTax:
    """The tax class of a variant at this moment. `rate` is exact: 19/100 is nineteen per cent."""

    code: str
    name: str
    rate: Fraction
    inclusive: bool

    @property
    def rate_decimal(self) -> Decimal:
        """The rate as it is stored: at most six decimal places, so nothing is lost."""
        return Decimal(self.rate.numerator) / Decimal(self.rate.denominator)

    @property
    def terms(self) -> pricing.TaxClass:
        """What the pricing engine needs of it."""
        return pricing.TaxClass(code=self.code, rate=self.rate, inclusive=self.inclusive)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedVariant:
    """What an order needs to know of a variant. `price_minor` is per `unit`, in the tenant's currency."""

    id: UUID
    item_name: str
    variant_name: str
    sku: str
    unit: str
    price_minor: int
    tax_class: BookedTax
    is_active: bool

    @property
    def name(self) -> str:
        """What is printed on the receipt: `Espresso, double`."""
        return f"{self.item_name}, {self.variant_name}" if self.variant_name else self.item_name


def price_book(*, variant_ids: Iterable[UUID]) -> dict[UUID, PricedVariant]:
    """Names, prices and taxes of these variants by key, in one statement; unknown keys are missing.

    Inactive variants (their own switch or their item's) are in the answer with `is_active` False: whether
    one may still be sold is the order's decision.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, [list(set(variant_ids))])
        rows = cursor.fetchall()
    return {row[0]: _priced(row) for row in rows}


def _priced(row: tuple[Any, ...]) -> PricedVariant:
    key, item_name, variant_name, sku, unit, price_minor, is_active, *tax = row
    code, name, rate, inclusive = tax
    return PricedVariant(
        id=key,
        item_name=item_name,
        variant_name=variant_name,
        sku=sku,
        unit=unit,
        price_minor=price_minor,
        tax_class=BookedTax(code=code, name=name, rate=Fraction(rate), inclusive=inclusive),
        is_active=is_active,
    )
