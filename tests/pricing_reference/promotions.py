"""Step 6: promotions, each on what the ones before have left."""

from fractions import Fraction

from tests.pricing_reference.book import Json, Line, category_path, in_order
from tests.pricing_reference.conditions import holds
from tests.pricing_reference.discounts import entry_of, take_off
from tests.pricing_reference.numbers import largest_remainder, nearest
from tests.pricing_reference.unit_rules import UNIT_RULES, Unit, units_of

Exact = dict[str, Fraction]
"""Line id → the exact discount on it."""


def promotions(book: Json, lines: list[Line], context: Json) -> list[Json]:
    """All promotions whose condition holds; the entries of those that gave something."""
    return [
        entry
        for promotion in in_order(book["promotions"])
        if holds(promotion["when"], context)
        for entry in apply(book, promotion, lines, context["rounding"]["mode"])
    ]


def apply(book: Json, promotion: Json, lines: list[Line], mode: str) -> list[Json]:
    """One promotion: exact discounts, limits, cap, rounding, sharing; then remember what it touched."""
    open_lines = [line for line in lines if is_open(book, promotion, line)]
    rule = promotion["rule"]
    used: list[Unit] = []
    if rule["kind"] in UNIT_RULES:
        exact, used = unit_discounts(book, promotion, open_lines)
    else:
        exact = AMOUNT_RULES[rule["kind"]](
            rule, [one for one in open_lines if selects(book, rule["select"], one)]
        )
    exact = capped(limited(exact, lines), promotion.get("cap_minor"))
    whole = nearest(sum(exact.values(), Fraction(0)), mode)
    if whole == 0:
        return []
    before = {line.id: line.left for line in lines}
    with_discount = [line for line in lines if exact.get(line.id, 0) > 0]
    shares = largest_remainder(
        whole, [exact[line.id] for line in with_discount], [line.order for line in with_discount]
    )
    for line, share in zip(with_discount, shares, strict=True):
        take_off(line.parts, share)
    for unit in used:
        unit.line.used_units += 1
    for line in lines:
        if line.left < before[line.id] or any(unit.line is line for unit in used):
            line.touched_by.append(promotion)
    return [entry_of("promotion", promotion, before, lines)]


def is_open(book: Json, promotion: Json, line: Line) -> bool:
    """May this promotion see this line at all?"""
    if line.left <= 0:
        return False
    if promotion.get("excluded") is not None and selects(book, promotion["excluded"], line):
        return False
    if any(other.get("exclusive") for other in line.touched_by):
        return False
    if promotion.get("exclusive") and line.touched_by:
        return False
    group = promotion.get("group")
    return group is None or all(other.get("group") != group for other in line.touched_by)


def selects(book: Json, selector: Json, line: Line) -> bool:
    """Is the line's own variant one of those the selector means?"""
    return bool(
        selector.get("all")
        or line.cart["variant_id"] in selector.get("variants", [])
        or line.item["id"] in selector.get("items", [])
        or set(category_path(book, line.item.get("category_id"))) & set(selector.get("categories", []))
        or set(line.item.get("tags", [])) & set(selector.get("tags", []))
    )


def limited(exact: Exact, lines: list[Line]) -> Exact:
    """No line gives more than what remains of it."""
    return {line.id: min(exact[line.id], Fraction(line.left)) for line in lines if line.id in exact}


def capped(exact: Exact, cap: int | None) -> Exact:
    """The whole discount at most the cap, every line's in proportion."""
    whole = sum(exact.values(), Fraction(0))
    if cap is None or whole <= cap:
        return exact
    return {line_id: amount * cap / whole for line_id, amount in exact.items()}


def unit_discounts(book: Json, promotion: Json, lines: list[Line]) -> tuple[Exact, list[Unit]]:
    """Expand the lines unit by unit, let the rule pick, and add the units' discounts up again by line."""
    rule = promotion["rule"]
    units = units_of(lines)

    def pool(selector: Json) -> list[Unit]:
        return [unit for unit in units if selects(book, selector, unit.line)]

    used = UNIT_RULES[rule["kind"]](rule, pool, promotion.get("max_applications"))
    exact: Exact = {}
    for unit, discount in used:
        exact[unit.line.id] = exact.get(unit.line.id, Fraction(0)) + discount
    return exact, [unit for unit, _ in used]


def percent_off(rule: Json, lines: list[Line]) -> Exact:
    """A percentage of what remains."""
    return {line.id: line.left * Fraction(rule["percent"]) for line in lines}


def amount_off(rule: Json, lines: list[Line]) -> Exact:
    """So much off each unit."""
    return {line.id: rule["amount_minor"] * line.quantity for line in lines}


def fixed_price(rule: Json, lines: list[Line]) -> Exact:
    """Each unit for so much, if that is less."""
    return {line.id: max(Fraction(0), line.left - rule["price_minor"] * line.quantity) for line in lines}


def threshold(rule: Json, lines: list[Line]) -> Exact:
    """From a total of so much."""
    total = sum(line.left for line in lines)
    return off_the_whole(rule, lines) if total >= rule["minimum_minor"] else {}


def tiered(rule: Json, lines: list[Line]) -> Exact:
    """The more, the more off: the highest tier that is reached."""
    if rule["measure"] == "quantity":
        measure = sum((line.quantity for line in lines), Fraction(0))
    else:
        measure = Fraction(sum(line.left for line in lines))
    reached = [tier for tier in rule["tiers"] if Fraction(tier["from"]) <= measure]
    return off_the_whole(max(reached, key=lambda tier: Fraction(tier["from"])), lines) if reached else {}


def off_the_whole(offer: Json, lines: list[Line]) -> Exact:
    """A percentage of each line, or one amount over all of them in proportion to what remains."""
    if offer.get("percent") is not None:
        return percent_off(offer, lines)
    total = sum(line.left for line in lines)
    amount = min(offer["amount_minor"], total)
    return {line.id: Fraction(amount * line.left, total) for line in lines}


AMOUNT_RULES = {
    "percent_off": percent_off,
    "amount_off": amount_off,
    "fixed_price": fixed_price,
    "threshold": threshold,
    "tiered": tiered,
}
