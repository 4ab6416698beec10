"""What a label of a variant says: from the catalogue as it is now, in two statements."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.errors import FieldProblem
from pos.catalog.barcodes import BarcodeInvalid, same_code
from pos.catalog.models import Barcode, Variant
from pos.catalog.scheduled import price_at
from pos.labels.content import (
    BARCODE,
    NAME,
    PRICE,
    SKU,
    UNIT_PRICE,
    VARIANT,
    Copies,
    LabelContent,
    detail_texts,
    price_text,
    unit_price_text,
)
from pos.labels.drafts import LabelDraft, PrintDraft
from pos.labels.errors import LabelRefused
from pos.labels.symbols.choosing import AUTO, GS1_128, NONE, Code, code_for, symbol_for
from pos.labels.symbols.gs1_strings import Gs1Impossible, element_strings

_GTIN_LENGTHS = (8, 12, 13, 14)


def label_contents(*, draft: PrintDraft, at: dt.datetime, currency: str, language: str) -> list[Copies]:
    """The labels of a draft; prices are list prices at `at`, the wall clock of the shop.

    Raises `LabelRefused` with a pointer for every variant or barcode that does not exist, and every code that
    the symbol cannot carry.
    """
    reader = _Reader(draft, at, currency, language)
    problems: list[FieldProblem] = []
    made: list[Copies] = []
    for place, label in enumerate(draft.labels):
        try:
            made.append(Copies(content=reader.content(label), count=label.copies))
        except _Refused as refused:
            problems.append(FieldProblem(f"/labels/{place}{refused.member}", refused.code, refused.detail))
    if problems:
        raise LabelRefused(problems[0].detail, errors=problems)
    return made


class _Refused(Exception):
    """Why one label cannot be made."""

    def __init__(self, member: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.member, self.code, self.detail = member, code, detail


class _Reader:
    """The catalogue's rows that a draft needs."""

    def __init__(self, draft: PrintDraft, at: dt.datetime, currency: str, language: str) -> None:
        self.draft, self.at, self.currency, self.language = draft, at, currency, language
        wanted = {label.variant_id for label in draft.labels}
        self.variants: Mapping[UUID, Any] = Variant.objects.select_related("item").in_bulk(wanted)
        self.barcodes: dict[UUID, list[Barcode]] = {}
        for barcode in Barcode.objects.filter(variant_id__in=wanted).order_by("code"):
            self.barcodes.setdefault(barcode.variant_id, []).append(barcode)

    def content(self, label: LabelDraft) -> LabelContent:
        variant = self.variants.get(label.variant_id)
        if variant is None:
            raise _Refused("/variant_id", "unknown_variant", "There is no such variant.")
        barcode = self.barcode(label)
        minor = price_at(price_minor=variant.price_minor, scheduled=variant.scheduled_prices, at=self.at)
        fields, item = self.draft.fields, variant.item
        is_pack = barcode is not None and barcode.multiplier != 1
        is_open = item.has_open_price or is_pack  # what a case costs is the till's to say
        return LabelContent(
            name=item.name if NAME in fields else "",
            variant=_variant_text(variant.name, barcode) if VARIANT in fields else "",
            price=self.price(minor, item.unit) if PRICE in fields and not is_open else "",
            unit_price=self.unit_price(minor, item) if UNIT_PRICE in fields and not is_open else "",
            sku=variant.sku if SKU in fields else "",
            details=detail_texts(
                language=self.language, lot=label.lot, use_by=label.use_by, best_before=label.best_before
            ),
            code=self.code(label, barcode) if BARCODE in fields else None,
        )

    def price(self, minor: int, unit: str) -> str:
        shown = price_text(minor=minor, currency=self.currency, language=self.language)
        return shown if unit == "each" else f"{shown}/{unit}"

    def unit_price(self, minor: int, item: Any) -> str:
        """Empty where it is the price itself."""
        text = unit_price_text(
            minor=minor, unit=item.unit, units=item.units, currency=self.currency, language=self.language
        )
        return "" if text == self.price(minor, item.unit) else text

    def barcode(self, label: LabelDraft) -> Barcode | None:
        """The one that was asked for; else the first of a single unit, a GTIN before others; else the first."""
        known = self.barcodes.get(label.variant_id, [])
        if label.barcode is not None:
            wanted = same_code(label.barcode.replace(" ", ""))
            found = next((each for each in known if same_code(each.code) == wanted), None)
            if found is None:
                raise _Refused("/barcode", "unknown_barcode", "The variant has no such barcode.")
            return found
        return min(
            known, key=lambda each: (each.multiplier != 1, not _is_gtin(each.code), each.code), default=None
        )

    def code(self, label: LabelDraft, barcode: Barcode | None) -> Code | None:
        symbol = self.draft.symbol
        if symbol == NONE:
            return None
        if barcode is None:
            if symbol == AUTO and not label.lot:
                return None
            raise _Refused("/variant_id", "no_barcode", "The variant has no barcode to print.")
        has_details = bool(label.lot or label.use_by or label.best_before)
        if symbol == AUTO:
            symbol = GS1_128 if has_details and _is_gtin(barcode.code) else symbol_for(barcode.code)
        return _code(symbol, barcode.code, label)


def _code(symbol: str, code: str, label: LabelDraft) -> Code:
    try:
        if symbol != GS1_128:
            return code_for(symbol=symbol, code=code)
        if not _is_gtin(code):
            raise _Refused(
                "/barcode", "no_gtin", "GS1-128 names the article by a GTIN of 8, 12, 13 or 14 digits."
            )
        data, text = element_strings(
            gtin=code, lot=label.lot, use_by=label.use_by, best_before=label.best_before
        )
    except BarcodeInvalid as error:
        raise _Refused("/barcode", "barcode_invalid", f"This symbol cannot carry {code}: {error}.") from error
    except Gs1Impossible as error:
        raise _Refused("/lot", "lot_invalid", f"GS1-128 cannot carry this: {error}.") from error
    return Code(symbol=symbol, data=data, text=text)


def _is_gtin(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) in _GTIN_LENGTHS


def _variant_text(name: str, barcode: Barcode | None) -> str:
    """The variant, and what a code of more than one unit stands for: `Large, 24 x`."""
    if barcode is None or barcode.multiplier == Decimal(1):
        return name
    pack = f"{barcode.multiplier.normalize():f} x"
    return f"{name}, {pack}" if name else pack
