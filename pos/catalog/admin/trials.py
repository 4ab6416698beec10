"""Trying codes in the back office: what is typed, line by line, and what a till would make of each."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from fynlo.core.money import Money, format_money
from fynlo.core.tenancy import current_tenant
from pos.catalog.barcode_patterns import (
    CodeUnreadable,
    CompiledPattern,
    PatternInvalid,
    compile_pattern,
    read_code,
)
from pos.catalog.gs1 import MAX_LENGTH, SEPARATOR, read_gs1
from pos.catalog.models import BarcodePattern
from pos.catalog.queries.scans import Scan, read_scan, try_pattern
from pos.catalog.wall_clock import wall_clock

MAX_CODES: Final = 20
SHOWN_SEPARATORS: Final = ("␝", "<GS>")
READ_BY: Final = {"barcode": "its barcode", "gs1": "GS1", "pattern": "pattern", "": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was asked: codes, and either a pattern that is not saved yet, or everything a till knows (`""`)."""

    codes: tuple[str, ...]
    pattern: str
    is_cut: bool

    @property
    def text(self) -> str:
        """The codes as they stand in the field."""
        return "\n".join(self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A code and what it means, in words."""

    code: str
    read_by: str = ""
    article: str = ""
    name: str = ""
    sku: str = ""
    weight: str = ""
    quantity: str = ""
    price: str = ""
    lot: str = ""
    expiry: str = ""
    problem: str = ""


def read_trial(data: QueryDict) -> Trial:
    """What the fields `codes`, `by` and `pattern` of a form say; at most twenty codes."""
    lines = [line.strip() for line in data.get("codes", "").splitlines()]
    codes = [line for line in lines if line]
    pattern = data.get("pattern", "").strip() if data.get("by", "pattern") == "pattern" else ""
    return Trial(codes=tuple(codes[:MAX_CODES]), pattern=pattern, is_cut=len(codes) > MAX_CODES)


def pattern_problem(pattern: str) -> str:
    """Why a pattern cannot be used, or nothing."""
    try:
        compile_pattern(pattern)
    except PatternInvalid as error:
        return f"The pattern cannot be used: {error}."
    return ""


def try_codes(trial: Trial) -> list[Tried]:
    """What each code means; at most three statements for each."""
    currency = current_tenant().currency
    if trial.pattern and pattern_problem(trial.pattern):
        return []
    patterns = _patterns() if trial.codes and not trial.pattern else {}
    compiled = compile_pattern(trial.pattern) if trial.pattern else None
    tried = []
    for code in trial.codes:
        sent = _sent(code)
        if len(sent) > MAX_LENGTH or not sent.replace(SEPARATOR, "").isprintable():
            problem = f"No scanner sends that: up to {MAX_LENGTH} printable characters."
            tried.append(Tried(code=code, problem=problem))
        elif compiled is not None:
            [scan] = try_pattern(pattern=compiled, codes=[sent], currency=currency, at=wall_clock())
            tried.append(_told(code, scan, compiled))
        else:
            scan = read_scan(code=sent, currency=currency, at=wall_clock())
            tried.append(_told(code, scan, patterns.get(scan.pattern)))
    return tried


def _sent(code: str) -> str:
    """The code as a scanner sends it, with the separator that people write in signs."""
    for sign in SHOWN_SEPARATORS:
        code = code.replace(sign, SEPARATOR)
    return code


def _patterns() -> dict[str, CompiledPattern]:
    """The active patterns by name."""
    rows = BarcodePattern.objects.filter(is_active=True).values_list("name", "pattern")
    return {name: compile_pattern(pattern) for name, pattern in rows}


def _weight(scan: Scan, pattern: CompiledPattern | None) -> str:
    """The weight that the code itself states, whoever its article may be."""
    currency, plain = current_tenant().currency, scan.code.replace(" ", "")
    try:
        if scan.read_by == "gs1":
            weight, unit = read_gs1(code=plain, currency=currency).weight, "kg"
        elif scan.read_by == "pattern" and pattern is not None:
            reading = read_code(pattern=pattern, code=plain, currency=currency)
            weight, unit = (reading.weight, reading.weight_unit) if reading else (None, "")
        else:
            return ""
    except CodeUnreadable:
        return ""
    return "" if weight is None else f"{weight.normalize():f} {unit}"


def _told(code: str, scan: Scan, pattern: CompiledPattern | None) -> Tried:
    currency = current_tenant().currency
    variant, expiry = scan.variant, scan.use_by or scan.best_before
    quantity, price = "", ""
    if scan.quantity is not None and variant is not None:
        quantity = f"{scan.quantity.normalize():f} {variant.unit}"
    if scan.amount_minor is not None:
        price = f"{format_money(Money(scan.amount_minor, currency))} {currency}"
    name = ""
    if variant is not None:
        name = ", ".join(filter(None, (variant.item_name, variant.variant_name)))
    problem = scan.problem
    if variant is not None and not variant.is_active and not problem:
        problem = "This article is not sold any more."
    return Tried(
        code=code,
        read_by=scan.pattern or READ_BY[scan.read_by],
        article=scan.article,
        name=name,
        sku=variant.sku if variant else "",
        weight=_weight(scan, pattern),
        quantity=quantity,
        price=price,
        lot=" ".join(filter(None, (scan.lot, scan.serial))),
        expiry="" if expiry is None else expiry.isoformat(),
        problem=problem,
    )
