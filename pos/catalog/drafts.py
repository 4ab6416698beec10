"""What a change of the catalogue states, as frozen values, and what is wrong with it by itself. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.catalog.barcodes import BarcodeInvalid, read_barcode, same_code
from pos.catalog.csv_reading import UNITS
from pos.catalog.csv_reading.cells import CellInvalid, read_text
from pos.catalog.csv_reading.rows import (
    MAX_CATEGORY_NAME,
    MAX_DESCRIPTION,
    MAX_ITEM_NAME,
    MAX_SKU,
    MAX_VARIANT_NAME,
)
from pos.pricing.limits import MAX_UNIT_PRICE_MINOR

MAX_BARCODES = 20
MAX_VARIANTS = 500
MAX_POSITION = 1_000_000
RATE_PLACES = 6
MAX_TAX_CODE = 20
MAX_TAX_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """A variant as it shall be. `price_minor` is per unit of the item, in the tenant's currency."""

    id: UUID
    name: str
    sku: str
    price_minor: int
    position: int = 0
    is_active: bool = True
    barcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """An item as it shall be, with those of its variants that are stated; others stay as they are."""

    id: UUID
    category_id: UUID
    tax_class_id: UUID
    name: str
    description: str = ""
    unit: str = "each"
    is_active: bool = True
    variants: tuple[VariantDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDraft:
    """A category as it shall be; `parent_id` None puts it at the top."""

    id: UUID
    parent_id: UUID | None
    name: str
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClassDraft:
    """A tax class as it shall be; `rate` 0.19 is nineteen per cent."""

    id: UUID
    code: str
    name: str
    rate: Decimal
    is_inclusive: bool


def item_problems(draft: ItemDraft) -> Iterator[FieldProblem]:
    """Everything wrong with an item that can be told without the database."""
    yield from _text("/name", draft.name, longest=MAX_ITEM_NAME)
    yield from _text("/description", draft.description, longest=MAX_DESCRIPTION, needed=False, lines=True)
    if draft.unit not in UNITS:
        yield FieldProblem("/unit", "unknown_unit", f"The units are {', '.join(UNITS)}.")
    if len(draft.variants) > MAX_VARIANTS:
        yield FieldProblem("/variants", "too_many", f"An item has at most {MAX_VARIANTS} variants.")
    for place, variant in enumerate(draft.variants):
        yield from _variant_problems(f"/variants/{place}", variant)
    yield from _repeated("sku", [variant.sku.upper() for variant in draft.variants])
    yield from _repeated("name", [variant.name.casefold() for variant in draft.variants])


def category_problems(draft: CategoryDraft) -> Iterator[FieldProblem]:
    """Everything wrong with a category that can be told without the database."""
    yield from _text("/name", draft.name, longest=MAX_CATEGORY_NAME)
    yield from _position("/position", draft.position)
    if ">" in draft.name:
        yield FieldProblem("/name", "separator", "A category's name does not contain >, which joins paths.")


def tax_class_problems(draft: TaxClassDraft) -> Iterator[FieldProblem]:
    """Everything wrong with a tax class that can be told without the database."""
    yield from _text("/code", draft.code, longest=MAX_TAX_CODE)
    yield from _text("/name", draft.name, longest=MAX_TAX_NAME)
    rate = draft.rate
    if not rate.is_finite() or not 0 <= rate < 1 or rate != round(rate, RATE_PLACES):
        yield FieldProblem("/rate", "rate", "A rate is a share from 0 to below 1, such as 0.19.")


def _position(pointer: str, position: int) -> Iterator[FieldProblem]:
    if not 0 <= position <= MAX_POSITION:
        yield FieldProblem(pointer, "position_range", f"A position is from 0 to {MAX_POSITION}.")


def _variant_problems(pointer: str, variant: VariantDraft) -> Iterator[FieldProblem]:
    yield from _position(f"{pointer}/position", variant.position)
    yield from _text(f"{pointer}/name", variant.name, longest=MAX_VARIANT_NAME, needed=False)
    yield from _text(f"{pointer}/sku", variant.sku, longest=MAX_SKU)
    if not 0 <= variant.price_minor <= MAX_UNIT_PRICE_MINOR:
        detail = f"A price is from 0 to {MAX_UNIT_PRICE_MINOR} minor units."
        yield FieldProblem(f"{pointer}/price_minor", "price_range", detail)
    if len(variant.barcodes) > MAX_BARCODES:
        yield FieldProblem(f"{pointer}/barcodes", "too_many", f"At most {MAX_BARCODES} barcodes.")
    keys = [same_code(code) for code in variant.barcodes]
    for place, code in enumerate(variant.barcodes):
        yield from _barcode(f"{pointer}/barcodes/{place}", code)
        if same_code(code) in keys[:place]:
            yield FieldProblem(f"{pointer}/barcodes/{place}", "repeated", f"{code} is here twice.")


def _barcode(pointer: str, code: str) -> Iterator[FieldProblem]:
    try:
        clean = read_barcode(code)
    except BarcodeInvalid as error:
        yield FieldProblem(pointer, "barcode", f"{code}: {error}.")
    else:
        if clean != code:
            yield FieldProblem(pointer, "barcode", f"{code}: write it without spaces.")


def _text(
    pointer: str, value: str, *, longest: int, needed: bool = True, lines: bool = False
) -> Iterator[FieldProblem]:
    try:
        clean = read_text(value, longest=longest, needed=needed, keep_lines=lines)
    except CellInvalid as error:
        yield FieldProblem(pointer, "text", f"The text {error}.")
    else:
        if clean != value:
            yield FieldProblem(
                pointer, "text", "The text is not in its clean form (spaces, composed letters)."
            )


def _repeated(field: str, keys: Sequence[str]) -> Iterator[FieldProblem]:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield FieldProblem(f"/variants/{place}/{field}", "repeated", "Another variant here has the same.")


def cleaned(value: str, *, keep_lines: bool = False) -> str:
    """A text as it is stored: normal form C, runs of spaces as one. Raises `CellInvalid`."""
    return read_text(value, longest=MAX_DESCRIPTION, needed=False, keep_lines=keep_lines)
