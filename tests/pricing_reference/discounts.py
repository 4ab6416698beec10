"""Steps 5 and 7: discounts written on a line or on the order, and taking any amount off parts."""

from fractions import Fraction

from tests.pricing_reference.book import Json, Line, Part
from tests.pricing_reference.numbers import nearest, shared_by_weight


def line_discounts(lines: list[Line], mode: str) -> list[Json]:
    """Step 5: each line's own discounts, in the order written."""
    entries = []
    for line in lines:
        for discount in line.cart.get("discounts", []):
            entries.append(written_discount("line", discount, line.parts, lines, mode))
        line.after_line_discounts = line.left
    return entries


def order_discounts(lines: list[Line], discounts: list[Json], mode: str) -> list[Json]:
    """Step 7: the order's discounts, in the order written, each on what remains of all lines."""
    everything = [part for line in lines for part in line.parts]
    return [written_discount("order", discount, everything, lines, mode) for discount in discounts]


def written_discount(kind: str, discount: Json, parts: list[Part], lines: list[Line], mode: str) -> Json:
    """Take one discount off these parts; one that comes to nothing is told all the same."""
    remaining = sum(part.left for part in parts)
    if discount.get("percent") is not None:
        amount = nearest(remaining * Fraction(discount["percent"]), mode)
    else:
        amount = min(discount["amount_minor"], remaining)
    before = {line.id: line.left for line in lines}
    take_off(parts, amount)
    return entry_of(kind, discount, before, lines)


def take_off(parts: list[Part], amount: int) -> None:
    """Take an amount off parts in proportion to what remains of each."""
    if amount == 0:
        return
    orders = [(part.order, place) for place, part in enumerate(parts)]
    shares = shared_by_weight(amount, [Fraction(part.left) for part in parts], orders)
    for part, share in zip(parts, shares, strict=True):
        part.left -= share
        if part.left < 0:
            raise AssertionError(f"more taken off {part} than there was")


def entry_of(kind: str, discount: Json, before: dict[str, int], lines: list[Line]) -> Json:
    """What the result says of a discount: its amount and how it falls on the lines, in the cart's order."""
    allocations = [
        {"line_id": line.id, "amount_minor": before[line.id] - line.left}
        for line in lines
        if before[line.id] > line.left
    ]
    return {
        "kind": kind,
        "id": discount["id"],
        "name": discount.get("name", ""),
        "amount_minor": sum(before[line.id] - line.left for line in lines),
        "allocations": allocations,
    }
