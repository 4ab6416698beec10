"""What a scan means: the variant, and what the code itself says of weight, price, lot and expiry."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db import connection

from pos.catalog.barcode_patterns import (
    CodeUnreadable,
    CompiledPattern,
    PatternReading,
    compile_pattern,
    read_code,
)
from pos.catalog.barcodes import MAX_OWN_DIGITS, spellings
from pos.catalog.conversion import NoConversion, convert
from pos.catalog.gs1 import Gs1Reading, is_gs1, read_gs1
from pos.catalog.models import BarcodePattern
from pos.catalog.scheduled import price_at

_MILLIONTH: Final = Decimal("0.000001")

# A till asks this for every beep; written by hand because the ORM takes longer to word it than it is answered.
_BY_BARCODE: Final = """
SELECT barcode.code, barcode.unit, barcode.multiplier, variant.id, variant.item_id, item.name, variant.name,
    variant.sku, item.unit, item.units, variant.price_minor, variant.scheduled_prices,
    variant.is_active AND item.is_active
FROM pos_barcode AS barcode
JOIN pos_variant AS variant ON variant.id = barcode.variant_id
JOIN pos_item AS item ON item.id = variant.item_id
WHERE barcode.code = ANY(%s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedVariant:
    """A variant by one of its barcodes; `multiplier` is how many of `unit` the code stands for.

    `price_minor` is the list price at the moment of the scan.
    """

    code: str
    packed_as: str
    multiplier: Decimal
    variant_id: UUID
    item_id: UUID
    item_name: str
    variant_name: str
    sku: str
    unit: str
    units: Sequence[dict[str, Any]]
    price_minor: int
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A code, read. `quantity` is in the variant's unit; `amount_minor` the price printed on the label.

    `read_by` is `barcode`, `gs1` or `pattern`; `variant` is None when nothing in the catalogue has the article,
    and `problem` says why a code that was understood cannot be sold as it stands.
    """

    code: str
    read_by: str
    variant: ScannedVariant | None
    article: str
    pattern: str = ""
    quantity: Decimal | None = None
    amount_minor: int | None = None
    lot: str = ""
    serial: str = ""
    use_by: dt.date | None = None
    best_before: dt.date | None = None
    problem: str = ""


def read_scan(*, code: str, currency: str, at: dt.datetime) -> Scan:
    """What `code` means here, in at most three statements; `at` is the wall clock of the shop.

    A barcode of the catalogue comes before everything else, then GS1 element strings, then the merchant's
    patterns in their order; the first that fits and names an article of the catalogue decides.
    """
    plain = code.replace(" ", "")
    known = _variants(spellings(plain), at)
    if known is not None:
        return Scan(
            code=code, read_by="barcode", variant=known, article=known.code, quantity=known.multiplier
        )
    if is_gs1(plain):
        return _gs1_scan(code, plain, currency, at)
    return _pattern_scan(code, plain, currency, at)


def try_pattern(
    *, pattern: CompiledPattern, codes: Sequence[str], currency: str, at: dt.datetime
) -> list[Scan]:
    """What one pattern, saved or not, makes of each of `codes`; here the catalogue's barcodes do not come first."""
    return [_tried(pattern, code, currency, at) for code in codes]


def _tried(pattern: CompiledPattern, code: str, currency: str, at: dt.datetime) -> Scan:
    fits = _by_pattern(code, code.replace(" ", ""), "", pattern, currency, at)
    if fits is not None:
        return fits
    return Scan(
        code=code, read_by="", variant=None, article="", problem="The pattern does not fit this code."
    )


def _gs1_scan(code: str, plain: str, currency: str, at: dt.datetime) -> Scan:
    try:
        reading = read_gs1(code=plain, currency=currency)
    except CodeUnreadable as error:
        return Scan(code=code, read_by="gs1", variant=None, article="", problem=str(error))
    variant = _variants(spellings(reading.gtin), at)
    quantity, problem = _gs1_quantity(reading, variant)
    return Scan(
        code=code,
        read_by="gs1",
        variant=variant,
        article=reading.gtin,
        quantity=quantity,
        amount_minor=reading.amount_minor,
        lot=reading.lot,
        serial=reading.serial,
        use_by=reading.use_by,
        best_before=reading.best_before,
        problem=problem,
    )


def _gs1_quantity(reading: Gs1Reading, variant: ScannedVariant | None) -> tuple[Decimal | None, str]:
    if variant is None:
        return None, "The catalogue has no such article."
    if reading.weight is not None:
        return _in_unit(reading.weight, "kg", variant)
    if reading.amount_minor is not None:
        return _worth(reading.amount_minor, variant), ""
    return variant.multiplier * (reading.count or 1), ""


def _pattern_scan(code: str, plain: str, currency: str, at: dt.datetime) -> Scan:
    """By the first pattern that fits and names an article; else by the first that fits at all."""
    unknown: Scan | None = None
    for pattern in BarcodePattern.objects.filter(is_active=True).order_by("position", "id"):
        scan = _by_pattern(code, plain, pattern.name, compile_pattern(pattern.pattern), currency, at)
        if scan is not None and scan.variant is not None:
            return scan
        unknown = unknown or scan
    return unknown or Scan(
        code=code, read_by="", variant=None, article=plain, problem="The catalogue has no such code."
    )


def _by_pattern(
    code: str, plain: str, name: str, pattern: CompiledPattern, currency: str, at: dt.datetime
) -> Scan | None:
    try:
        reading = read_code(pattern=pattern, code=plain, currency=currency)
    except CodeUnreadable as error:
        return Scan(code=code, read_by="pattern", variant=None, article="", pattern=name, problem=str(error))
    if reading is None:
        return None
    variant = _variants(article_codes(reading), at)
    quantity, problem = _pattern_quantity(reading, variant)
    return Scan(
        code=code,
        read_by="pattern",
        variant=variant,
        article=reading.article,
        pattern=name,
        quantity=quantity,
        amount_minor=reading.amount_minor,
        problem=problem,
    )


def _pattern_quantity(reading: PatternReading, variant: ScannedVariant | None) -> tuple[Decimal | None, str]:
    if variant is None:
        return None, "The catalogue has no such article."
    if reading.weight is not None:
        return _in_unit(reading.weight, reading.weight_unit, variant)
    if reading.amount_minor is not None:
        return _worth(reading.amount_minor, variant), ""
    return variant.multiplier * (1 if reading.pieces is None else reading.pieces), ""


def article_codes(reading: PatternReading) -> tuple[str, ...]:
    """The barcodes an article may have in the catalogue: its number, without zeros before it, or the base code."""
    short = reading.article.lstrip("0")
    own = [code for code in (reading.article, short) if 0 < len(code) <= MAX_OWN_DIGITS]
    return (*dict.fromkeys(own), *spellings(reading.base))


def _in_unit(weight: Decimal, unit: str, variant: ScannedVariant) -> tuple[Decimal | None, str]:
    """The weight, exactly, in what the variant is sold by."""
    try:
        exact = convert(
            quantity=Fraction(weight),
            from_unit=unit,
            to_unit=variant.unit,
            units=variant.units,
            unit=variant.unit,
        )
    except NoConversion:
        return None, f"The article is sold by {variant.unit}, not by weight."
    if (exact * 10**6).denominator != 1:
        return None, "The weight is finer than a millionth of the unit it is sold by."
    return Decimal(exact.numerator) / Decimal(exact.denominator), ""


def _worth(amount_minor: int, variant: ScannedVariant) -> Decimal:
    """How much a printed price buys: what the label does not say is worked out, to a millionth; else one."""
    if variant.unit == "each" or variant.price_minor <= 0 or amount_minor <= 0:
        return Decimal(1)
    exact = Fraction(amount_minor, variant.price_minor)
    worked_out = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_MILLIONTH, ROUND_HALF_EVEN)
    return max(worked_out, _MILLIONTH)


def _variants(codes: Iterable[str], at: dt.datetime) -> ScannedVariant | None:
    """The variant that has one of `codes`, the first of them that is anybody's."""
    wanted = list(codes)
    with connection.cursor() as cursor:
        cursor.execute(_BY_BARCODE, [wanted])
        rows = {row[0]: row for row in cursor.fetchall()}
    row = next((rows[code] for code in wanted if code in rows), None)
    if row is None:
        return None
    *facts, units, price_minor, planned, is_active = row  # the driver leaves JSON as text
    price = price_at(price_minor=price_minor, scheduled=json.loads(planned), at=at)
    values = (*facts, json.loads(units), price, is_active)
    return ScannedVariant(**dict(zip(ScannedVariant.__dataclass_fields__, values, strict=True)))
