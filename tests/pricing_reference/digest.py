"""The digest of a result, written after its description alone: text, one JSON array per line, then SHA-256."""

import hashlib
from typing import Any

from tests.pricing_reference.book import Json, as_text, content_of


def digest(cart: Json, result: Json) -> str:
    """64 hexadecimal characters that say whether two engines came to the same result."""
    return hashlib.sha256(digest_text(cart, result).encode()).hexdigest()


def digest_text(cart: Json, result: Json) -> str:
    """The canonical text: lines, discounts and charges sorted, everything else as it stands in the result."""
    records = [
        as_text(["fynlo-pricing", result["engine"], result["currency"], result["policy"]]),
        *sorted(
            line_record(written, line) for written, line in zip(cart["lines"], result["lines"], strict=True)
        ),
        *sorted(map(discount_record, result["discounts"])),
        *sorted(map(charge_record, result["service_charges"])),
        *(as_text(["tax", *tax]) for tax in taxes_of(result["taxes"])),
        *(as_text(["sales", row["tax_class"], row["net_minor"]]) for row in result["sales"]),
        as_text(
            [
                "total",
                result["subtotal_minor"],
                result["tax_minor"],
                result["total_minor"],
                result["tip_minor"],
                result["payable_minor"],
            ]
        ),
    ]
    return "".join(f"{record}\n" for record in records)


def line_record(written: Json, line: Json) -> str:
    """What a line is, and what it came to."""
    names = ["list_price_minor", "unit_price_minor", "price_list_id", "modifiers_minor", "base_minor"]
    names += ["discount_minor", "net_minor", "tax_minor", "tax_class"]
    parts = sorted((part_record(part) for part in line["parts"]), key=as_text)
    return as_text(
        ["line", content_of(written), [*(line[name] for name in names), taxes_of(line["taxes"]), parts]]
    )


def part_record(part: Json) -> list[Any]:
    """A component of a combo."""
    names = ["slot_id", "variant_id", "base_minor", "discount_minor", "net_minor", "tax_minor", "tax_class"]
    return [*(part[name] for name in names), taxes_of(part["taxes"])]


def discount_record(discount: Json) -> str:
    """A discount; who gave one by hand is nobody's business here."""
    promotion_id = discount["id"] if discount["kind"] == "promotion" else None
    return as_text(["discount", discount["kind"], promotion_id, discount["amount_minor"]])


def charge_record(charge: Json) -> str:
    """A service charge."""
    return as_text(
        ["charge", *(charge[name] for name in ("id", "phase", "amount_minor", "net_minor", "tax_minor"))]
    )


def taxes_of(rows: list[Json]) -> list[list[Any]]:
    """Taxes without their names."""
    return [
        [
            row["code"],
            row["per_unit_minor"] if "per_unit_minor" in row else row["rate"],
            row["inclusive"],
            row["net_minor"],
            row["tax_minor"],
        ]
        for row in rows
    ]
