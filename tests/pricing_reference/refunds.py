"""Giving back all or some of a priced cart, from its result document."""

from fractions import Fraction

from tests.pricing_reference.book import Json
from tests.pricing_reference.numbers import nearest

TERMS = ("code", "rate", "per_unit_minor", "inclusive")


def refund(
    result: Json,
    quantities: Json,
    before: Json | None = None,
    *,
    components: Json | None = None,
    components_before: Json | None = None,
    charges: bool = False,
    tip: bool = False,
) -> Json:
    """The negative of what is given back for some quantities when `before` was given back already."""
    alone, alone_before = components or {}, components_before or {}
    lines = []
    for line in result["lines"]:
        name = line["id"]
        if name in quantities or alone.get(name):
            old = fractions_of((before or {}).get(name, 0), alone_before.get(name, {}))
            new = fractions_of(quantities.get(name, 0), alone.get(name, {}))
            lines.append(line_refund(line, old, new))
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


def fractions_of(units: object, slots: Json) -> tuple[Fraction, dict[str, Fraction]]:
    """Whole units, and units of components by slot."""
    return Fraction(str(units)), {slot: Fraction(str(count)) for slot, count in slots.items()}


def line_refund(
    line: Json, before: tuple[Fraction, dict[str, Fraction]], now: tuple[Fraction, dict[str, Fraction]]
) -> Json:
    """One line: what is given back after this step less what was given back before it."""
    names = sorted({part["slot_id"] for part in line["parts"]})
    first = before[0], {name: before[1].get(name, Fraction(0)) for name in names}
    last = before[0] + now[0], {name: first[1][name] + now[1].get(name, Fraction(0)) for name in names}
    if any(last[0] + alone > Fraction(line["quantity"]) for alone in (Fraction(0), *last[1].values())):
        raise ValueError(f"{last} of {line['quantity']}")
    total = back(line, first, "total_minor", None) - back(line, last, "total_minor", None)
    taxes = []
    for row in line["taxes"]:
        amounts = {
            member: back(line, first, member, row) - back(line, last, member, row)
            for member in ("net_minor", "tax_minor")
        }
        taxes.append({**{term: row[term] for term in TERMS if term in row}, **amounts})
    tax = sum(row["tax_minor"] for row in taxes)
    return {
        "id": line["id"],
        "net_minor": total - tax,
        "tax_minor": tax,
        "total_minor": total,
        "taxes": taxes,
    }


def back(line: Json, given: tuple[Fraction, dict[str, Fraction]], member: str, row: Json | None) -> int:
    """What has been given back of one number of a line: of its total, or of one of its taxes."""
    whole = Fraction(line["quantity"])
    units, alone = given
    amount = number_of(line, member, row)
    if all(units + count == whole for count in alone.values()) and (alone or units == whole):
        return amount
    rounded = nearest(amount * units / whole, "half_up")
    for name, count in alone.items():
        inside = sum(number_of(part, member, row) for part in line["parts"] if part["slot_id"] == name)
        rounded += nearest(inside * count / whole, "half_up")
    return min(rounded, amount)


def number_of(priced: Json, member: str, row: Json | None) -> int:
    """A number of a line or part, or of its tax that is the same tax as `row`."""
    if row is None:
        return int(priced[member])
    return sum(
        int(one[member]) for one in priced["taxes"] if all(one.get(term) == row.get(term) for term in TERMS)
    )
