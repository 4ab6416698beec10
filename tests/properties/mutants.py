"""Mistakes to build into the engine: each stands in for one of its functions and calls the right one to go wrong.

`test_pricing_mutants.py` says which of them each property, the reference and the vectors must notice.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any, NamedTuple

from pos.pricing import (
    arithmetic,
    cash,
    combos,
    conditions,
    discounts,
    engine,
    explaining,
    lines,
    modifiers,
    refund_steps,
    refunds,
    splitting,
    tax_rounding,
    tax_rules,
    taxes,
)
from pos.pricing.promotions import applying, buy_get, groups


class Mutant(NamedTuple):
    """A wrong function in the place of a right one."""

    name: str
    module: Any
    function: str
    wrong: Any


def wrong(name: str, module: Any, function: str) -> Any:
    """Decorator: the function below takes the right one first, and becomes a mutant of it."""
    right = getattr(module, function)

    def make(body: Any) -> Mutant:
        return Mutant(name, module, function, lambda *args, **named: body(right, *args, **named))

    return make


@wrong("the remainder of a shared amount is dropped", discounts, "share")
def remainder_dropped(right: Any, amount: int, weights: Any) -> list[int]:
    return [amount * weight // (sum(weights) or 1) for weight in weights]


@wrong("the remainder of a promotion is dropped", applying, "largest_remainder")
def promotion_remainder_dropped(right: Any, whole: int, numerators: Any, denominator: int) -> list[int]:
    return [part // denominator for part in numerators]


@wrong("the record of a discount is a unit short", discounts.Given, "add")
def record_a_unit_short(right: Any, given: Any, line: Any, amount: int) -> None:
    right(given, line, max(0, amount - 1))


@wrong("the last line's share of a discount is not told", discounts.Given, "priced")
def share_not_told(right: Any, given: Any, line_ids: list[str]) -> Any:
    told = right(given, line_ids)
    return replace(told, allocations=told.allocations[:-1])


@wrong("contained taxes may exceed the amount", tax_rounding, "_keep_net_above_zero")
def net_below_zero(right: Any, part: Any) -> None:
    return None


@wrong("a discount by hand is a unit short", discounts, "_amount")
def discount_a_unit_short(right: Any, *args: Any, **named: Any) -> int:
    return max(0, right(*args, **named) - 1)


@wrong("what is free is taxed like what costs a unit", taxes, "exact_taxes")
def deposit_on_free_goods(right: Any, *, rule: Any, amount: int, quantity: int) -> Any:
    return right(rule=rule, amount=amount or 1, quantity=quantity)


@wrong("the tip is taxed", engine, "price_cart")
def tip_is_taxed(right: Any, *, cart: Any, context: Any, book: Any) -> Any:
    priced = right(cart=cart, context=context, book=book)
    return replace(priced, tax_minor=priced.tax_minor + cart.tip_minor // 10)


@wrong("the tip is part of what after-tax charges are taken of", engine, "price_cart")
def tip_is_a_line(right: Any, *, cart: Any, context: Any, book: Any) -> Any:
    first = cart.lines[0]
    amount = (first.amount_minor or 0) + cart.tip_minor
    tipped = replace(first, amount_minor=amount) if cart.tip_minor else first
    return right(cart=replace(cart, lines=(tipped, *cart.lines[1:])), context=context, book=book)


PLACES = count(10**6)


@wrong("ties go by the place of the line", lines, "content_key")
def ties_by_place(right: Any, line: Any) -> str:
    return str(next(PLACES))


@wrong("the digest knows which line came first", engine, "price_cart")
def digest_by_place(right: Any, **documents: Any) -> Any:
    priced = right(**documents)
    return replace(priced, digest=f"{priced.lines[0].line.id} {priced.digest}")


@wrong("more than two pieces get half a price", lines, "_extended")
def bulk_price_from_nowhere(
    right: Any, line: Any, quantity: int, unit_price: int, modifiers: int, round_to_minor: Any
) -> int:
    price = unit_price // 2 if line.quantity > 2 else unit_price
    amount: int = right(line, quantity, price, modifiers, round_to_minor)
    return amount


@wrong("contained tax is taken of the gross price", taxes, "exact_taxes")
def contained_tax_of_the_gross_price(right: Any, *, rule: Any, amount: int, quantity: int) -> Any:
    return right(rule=replace(rule, inclusive=False), amount=amount, quantity=quantity)


@wrong("cash goes up at a half on both sides of zero", cash, "half_up")
def cash_always_up(right: Any, numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


@wrong("a refunded charge keeps its tax", refunds, "_charge")
def charge_keeps_its_tax(right: Any, charge: Any) -> Any:
    return replace(right(charge), tax_minor=0)


@wrong("each step of a refund is rounded on its own", refunds, "_line")
def refund_forgets_the_steps_before(right: Any, line: Any, now: Any, before: Any) -> Any:
    return right(line, now, replace(before, units=0, slots={}))


@wrong("each step of a component is rounded on its own", refunds, "_line")
def component_forgets_the_steps_before(right: Any, line: Any, now: Any, before: Any) -> Any:
    return right(line, now, replace(before, slots={}))


@wrong("the last component leaves the cents that are over", refund_steps, "given_back")
def last_component_leaves_cents(right: Any, *, slots: Any, **named: Any) -> int:
    back: int = right(slots={*slots, "one that nothing is given back of"} if slots else slots, **named)
    return back


@wrong("refunds are rounded down", refund_steps, "half_up")
def refunds_rounded_down(right: Any, numerator: int, denominator: int) -> int:
    return numerator // denominator


@wrong("cents left over by a split are dropped", splitting, "share")
def split_drops_cents(right: Any, amount: int, weights: Any) -> list[int]:
    return [amount * weight // (sum(weights) or 1) for weight in weights]


@wrong("an explanation leaves its last step out", explaining, "explain")
def explanation_without_last_steps(right: Any, priced: Any) -> Any:
    told = right(priced)
    return {**told, "lines": [{**line, "steps": line["steps"][:-1]} for line in told["lines"]]}


@wrong("half even is half up", engine, "rounding")
def half_even_is_half_up(right: Any, mode: Any) -> Any:
    return arithmetic.half_up


@wrong("half up is half even", engine, "rounding")
def half_up_is_half_even(right: Any, mode: Any) -> Any:
    return arithmetic.half_even


@wrong("taxes are shared by rounding down", tax_rounding, "largest_remainder")
def tax_remainder_to_the_first(right: Any, whole: int, numerators: Any, denominator: int) -> list[int]:
    parts = [part // denominator for part in numerators]
    return [parts[0] + whole - sum(parts), *parts[1:]]


@wrong("discounts by hand are rounded down", discounts, "_amount")
def discounts_rounded_down(right: Any, discount: Any, left: int, round_to_minor: Any) -> int:
    amount: int = right(discount, left, lambda numerator, denominator: numerator // denominator)
    return amount


@wrong("a percentage off the order is of one unit more", discounts, "_amount")
def discount_base_off_by_one(right: Any, discount: Any, left: int, round_to_minor: Any) -> int:
    return min(left, right(discount, left + 1, round_to_minor))


@wrong("promotions apply in the order of falling priority", engine, "give_promotions")
def promotions_reversed(right: Any, *, lines: Any, context: Any, book: Any, round_to_minor: Any) -> Any:
    turned = tuple(replace(one, priority=-one.priority) for one in book.promotions)
    turned_book = replace(book, promotions=tuple(sorted(turned, key=lambda one: (one.priority, one.id))))
    return right(lines=lines, context=context, book=turned_book, round_to_minor=round_to_minor)


@wrong("compound taxes are not compound", tax_rules, "taxes_on_base")
def compound_ignored(right: Any, components: Any) -> Any:
    return right(tuple(replace(one, compound=False) for one in components))


@wrong("a time window holds at its end as well", conditions, "_in_window")
def window_end_inclusive(right: Any, window: tuple[time, time], at: datetime, weekdays: Any) -> bool:
    return right(window, at, weekdays) or right(window, at - timedelta(seconds=1), weekdays)


@wrong("after midnight a window belongs to the new day", conditions, "_in_window")
def window_on_the_wrong_day(right: Any, window: tuple[time, time], at: datetime, weekdays: Any) -> bool:
    return right(window, at, None) and (weekdays is None or at.isoweekday() in weekdays)


@wrong("a minimum quantity has to be exceeded", lines, "listed_price")
def minimum_has_to_be_exceeded(right: Any, *, quantity: int, **named: Any) -> Any:
    return right(quantity=quantity - 1, **named)


@wrong("a scheduled price begins a second late", lines, "list_price")
def scheduled_price_late(right: Any, *, variant: Any, at: datetime) -> int:
    price: int = right(variant=variant, at=at - timedelta(seconds=1))
    return price


@wrong("the cap of a promotion is forgotten", applying, "_give")
def cap_forgotten(right: Any, promotion: Any, offer: Any, round_to_minor: Any) -> Any:
    return right(replace(promotion, cap_minor=None), offer, round_to_minor)


@wrong("an exclusive promotion joins others", applying, "open_lines")
def exclusive_joins_others(right: Any, *, promotion: Any, **named: Any) -> Any:
    return right(promotion=replace(promotion, exclusive=False), **named)


@wrong("promotions of one group stack", applying, "open_lines")
def groups_stack(right: Any, *, promotion: Any, **named: Any) -> Any:
    return right(promotion=replace(promotion, group=None), **named)


@wrong("excluded goods get the promotion", applying, "open_lines")
def excluded_goods_get_it(right: Any, *, promotion: Any, **named: Any) -> Any:
    return right(promotion=replace(promotion, excluded=None), **named)


@wrong("a unit is used by two promotions", applying, "mark")
def units_used_twice(right: Any, *, offer: Any, **named: Any) -> None:
    right(offer=replace(offer, used={}), **named)


@wrong("the dearest is free", groups, "dear_to_cheap")
def dearest_is_free(right: Any, *args: Any, **named: Any) -> Any:
    return right(*args, **named)[::-1]


@wrong("the cheapest are bought, the dearest got", buy_get, "dear_to_cheap")
def dearest_are_got(right: Any, *args: Any, **named: Any) -> Any:
    return right(*args, **named)[::-1]


@wrong("a waived charge is charged", engine, "charges_of")
def waiving_ignored(right: Any, *, waived: Any, **named: Any) -> Any:
    return right(waived=frozenset(), **named)


@wrong("service charges are not taxed", engine, "tax_charges")
def charges_untaxed(right: Any, *, charges: Any, lines: Any, taxation: Any) -> None:
    return None


@wrong("upcharges of a combo are forgotten", combos, "_upcharge")
def upcharges_forgotten(right: Any, *args: Any) -> int:
    return 0


@wrong("a modifier costs the same everywhere", modifiers, "modifier_price")
def modifier_price_everywhere(right: Any, *, modifier: Any, item_id: str, location_id: Any) -> int:
    price: int = right(modifier=modifier, item_id=item_id, location_id=None)
    return price


@wrong("a line's own order type is ignored", engine, "price_cart")
def own_order_type_ignored(right: Any, *, cart: Any, context: Any, book: Any) -> Any:
    plain = tuple(replace(line, order_type=None) for line in cart.lines)
    return right(cart=replace(cart, lines=plain), context=context, book=book)


@wrong("exempt customers pay the gross price", engine, "price_cart")
def contained_tax_kept(right: Any, *, cart: Any, context: Any, book: Any) -> Any:
    classes = tuple(
        replace(one, rules=tuple(replace(rule, net_of_contained=False) for rule in one.rules))
        for one in book.tax_classes
    )
    return right(cart=cart, context=context, book=replace(book, tax_classes=classes))
