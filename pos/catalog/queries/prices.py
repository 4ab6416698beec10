"""The price book: what an order needs to know of a variant."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from pos.catalog.models import Variant
from pos.pricing import types as pricing


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
    found = Variant.objects.filter(pk__in=set(variant_ids)).select_related("item__tax_class").order_by("pk")
    return {variant.id: _priced(variant) for variant in found}


def _priced(variant: Variant) -> PricedVariant:
    item = variant.item
    tax = item.tax_class
    return PricedVariant(
        id=variant.id,
        item_name=item.name,
        variant_name=variant.name,
        sku=variant.sku,
        unit=item.unit,
        price_minor=variant.price_minor,
        tax_class=BookedTax(
            code=tax.code, name=tax.name, rate=Fraction(tax.rate), inclusive=tax.is_inclusive
        ),
        is_active=variant.is_active and item.is_active,
    )
