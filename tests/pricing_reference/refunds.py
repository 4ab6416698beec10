"""Giving back all or some of a priced cart, from its result document."""

from fractions import Fraction

from tests.pricing_reference.book import Json
from tests.pricing_reference.numbers import nearest


def refund(
    result: Json, quantities: Json, before: Json | None = None, *, charges: bool = False, tip: bool = False
) -> Json:
    """The negative of what is given back for some quantities when `before` was given back already."""
    lines = [
        line_refund(line, Fraction((before or {}).get(line["id"], 0)), Fraction(quantities[line["id"]]))
        for line in result["lines"]
        if line["id"] in quantities
    ]
    given_charges = result["service_charges"] if charges else []
    total = sum(line["total_minor"] for line in lines) - sum(one["total_minor"] for one in given_charges)
    tax = sum(line["tax_minor"] for line in lines) - sum(one["tax_minor"] for one in given_charges)
    given_tip = -result["tip_minor"] if tip else 0
    return {
        "lines": lines,
        "subtotal_minor": total - tax,
        "tax_minor": tax,
        "total_minor": total,
        "tip_minor": given_tip,
        "payable_minor": total + given_tip,
    }


def line_refund(line: Json, before: Fraction, quantity: Fraction) -> Json:
    """One line: what is given back after this step less what was given back before it."""
    whole = Fraction(line["quantity"])
    if before + quantity > whole:
        raise ValueError(f"{before} + {quantity} of {whole}")

    def step(amount: int) -> int:
        after = nearest(amount * (before + quantity) / whole, "half_up")
        return nearest(amount * before / whole, "half_up") - after

    total = step(line["total_minor"])
    taxes = [{"code": row["code"], "tax_minor": step(row["tax_minor"])} for row in line["taxes"]]
    tax = sum(row["tax_minor"] for row in taxes)
    return {
        "id": line["id"],
        "net_minor": total - tax,
        "tax_minor": tax,
        "total_minor": total,
        "taxes": taxes,
    }
