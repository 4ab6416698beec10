"""Running sums of what a register sold: flat, for ever, raised with each receipt. Pure.

A closing is the difference of two of them, however many receipts lie between. A sum is a JSON object of whole
numbers; its keys say what is counted, and `/` and what of it: `sales/net_minor`, `tender/amount_minor/cash`,
`tax/net_minor/["standard", "VAT", "0.19", true]`, `flag/clock_skew`, `flagged`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

Sums = Mapping[str, int]

SALES: Final = (
    "count",
    "net_minor",
    "tax_minor",
    "total_minor",
    "discount_minor",
    "service_charge_minor",
    "tip_minor",
)
FLAGGED: Final = "flagged"


def between(*, now: Sums, before: Sums) -> dict[str, int]:
    """What came along since `before`; what stands still is left out."""
    grown = {key: count - before.get(key, 0) for key, count in now.items()}
    return {key: count for key, count in grown.items() if count}


def sales_in(sums: Sums) -> dict[str, int]:
    """Receipts, and their amounts."""
    return {name: sums.get(f"sales/{name}", 0) for name in SALES}


def taxes_in(sums: Sums) -> list[dict[str, Any]]:
    """What sales owe, by tax, name and rate."""
    rows: dict[str, dict[str, Any]] = {}
    for key, amount in sums.items():
        what, _, rest = key.partition("/")
        if what == "tax":
            name, _, tax = rest.partition("/")
            code, called, rate, inclusive = json.loads(tax)
            empty = {"code": code, "name": called, "rate": rate, "inclusive": inclusive}
            rows.setdefault(tax, {**empty, "net_minor": 0, "tax_minor": 0})[name] = amount
    return list(rows.values())


def tenders_in(sums: Sums) -> dict[str, dict[str, int]]:
    """By the code of a way to pay: how many payments, what of them paid, and what rounding gave."""
    found: dict[str, dict[str, int]] = {}
    for key, amount in sums.items():
        what, _, rest = key.partition("/")
        if what == "tender":
            name, _, code = rest.partition("/")
            empty = {"count": 0, "amount_minor": 0, "rounding_minor": 0}
            found.setdefault(code, empty)[name] = amount
    return found


def flags_in(sums: Sums) -> dict[str, int]:
    """How often each flag stands on a receipt."""
    return {key.removeprefix("flag/"): count for key, count in sums.items() if key.startswith("flag/")}


def tax_key(*, code: str, name: str, rate: str, is_inclusive: bool) -> str:
    """A tax as keys name it."""
    return json.dumps([code, name, rate, is_inclusive], ensure_ascii=False)
