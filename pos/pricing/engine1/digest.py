"""The fingerprint of a priced cart: the same for till and server, whatever the order of the lines.

Canonical text, UTF-8, one record per line, each record a JSON array of strings and numbers without spaces:

    ["fynlo-pricing","1","GBP","per_line half_up"]
    ["line","<variant id>","0.335",1299,"standard","0.2",true,<net>,<tax>,<gross>]     (sorted)
    ["tax","standard","0.2",true,<net>,<tax>,<gross>]                                  (sorted)
    ["total",<subtotal>,<tax>,<total>]

Decimals are plain, without exponent or trailing zeros. Names are left out: a translated or renamed product
is still the same sum.
"""

import hashlib
import json
from decimal import Decimal
from fractions import Fraction

from pos.pricing.engine1.types import PricedLine, RoundingPolicy, TaxTotal

Record = tuple[str | int | bool, ...]


def canonical_digest(
    *,
    engine_version: str,
    currency: str,
    policy: RoundingPolicy,
    lines: tuple[PricedLine, ...],
    taxes: tuple[TaxTotal, ...],
    totals: tuple[int, int, int],
) -> str:
    """SHA-256, in hexadecimal, of the canonical text of a result. `totals` are subtotal, tax and total."""
    records: list[Record] = [
        ("fynlo-pricing", engine_version, currency, policy.code),
        *sorted(_line_record(line) for line in lines),
        *sorted(_tax_record(tax) for tax in taxes),
        ("total", *totals),
    ]
    text = "".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n" for record in records)
    return hashlib.sha256(text.encode()).hexdigest()


def plain_decimal(value: Decimal | Fraction | int) -> str:
    """A number of at most six decimal places as text: `0.335`, `2`, `1000000`."""
    millionths = Fraction(value) * 10**6
    whole, part = divmod(millionths.numerator, 10**6)
    return f"{whole}.{part:06}".rstrip("0").rstrip(".")


def _line_record(priced: PricedLine) -> Record:
    line = priced.line
    return (
        "line",
        str(line.variant_id),
        plain_decimal(line.quantity),
        line.unit_price_minor,
        line.tax_class.code,
        plain_decimal(line.tax_class.rate),
        line.tax_class.inclusive,
        priced.net_minor,
        priced.tax_minor,
        priced.gross_minor,
    )


def _tax_record(tax: TaxTotal) -> Record:
    tax_class = tax.tax_class
    rate = plain_decimal(tax_class.rate)
    amounts = (tax.net_minor, tax.tax_minor, tax.gross_minor)
    return ("tax", tax_class.code, rate, tax_class.inclusive, *amounts)
