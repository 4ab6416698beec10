"""One promotion after the other: conditions, lines, rule, cap, rounding, sharing."""

from collections.abc import Iterator
from fractions import Fraction

from pos.pricing.arithmetic import Rounding, largest_remainder
from pos.pricing.book import Book, BookIndex, Promotion
from pos.pricing.conditions import holds
from pos.pricing.decimals import SCALE
from pos.pricing.discounts import Given
from pos.pricing.promotion_rules import (
    AmountOff,
    Bundle,
    BuyGet,
    CheapestFree,
    FixedPrice,
    NForPrice,
    PercentOff,
    SelectRule,
    Threshold,
    Tiered,
)
from pos.pricing.promotions.amount_rules import amount_off, fixed_price, percent_off, threshold, tiered
from pos.pricing.promotions.bundles import bundle
from pos.pricing.promotions.buy_get import buy_get
from pos.pricing.promotions.groups import cheapest_free, n_for_price
from pos.pricing.promotions.offers import Offer
from pos.pricing.promotions.selecting import selected
from pos.pricing.promotions.stacking import mark, open_lines
from pos.pricing.types import Context
from pos.pricing.working import Line


def give_promotions(
    *, lines: list[Line], context: Context, book: Book, round_to_minor: Rounding
) -> Iterator[Given]:
    """Every promotion that gives something, applied; `lines` are in canonical order."""
    valued = False
    for promotion in book.index.promotions:
        if not holds(when=promotion.when, context=context):
            continue
        if not valued:
            _value_units(lines)
            valued = True
        open_ = open_lines(promotion=promotion, lines=lines, index=book.index)
        offer = _offer(promotion, open_, book.index) if open_ else None
        if offer is not None:
            given = _give(promotion, offer, round_to_minor)
            if given is not None:
                yield given


def _value_units(lines: list[Line]) -> None:
    """What one unit of each line is worth, before the first promotion."""
    for line in lines:
        if line.free_units:
            line.value = Fraction(line.left, line.quantity // SCALE)


def _offer(promotion: Promotion, lines: list[Line], index: BookIndex) -> Offer | None:
    """What the promotion's rule would take off `lines`; None when it does not come about."""
    rule, most = promotion.rule, promotion.max_applications
    offer: Offer | None
    match rule:
        case BuyGet():
            offer = buy_get(rule=rule, lines=lines, index=index, most=most)
        case Bundle():
            offer = bundle(rule=rule, lines=lines, index=index, most=most)
        case _:
            chosen = selected(selector=rule.select, lines=lines, index=index)
            offer = _offer_on(rule, chosen, most) if chosen else None
    return offer


def _offer_on(rule: SelectRule, lines: list[Line], most: int | None) -> Offer | None:
    offer: Offer | None
    match rule:
        case PercentOff():
            offer = percent_off(lines=lines, percent=rule.percent)
        case AmountOff():
            offer = amount_off(lines=lines, amount_minor=rule.amount_minor)
        case FixedPrice():
            offer = fixed_price(lines=lines, price_minor=rule.price_minor)
        case Threshold():
            offer = threshold(rule=rule, lines=lines)
        case Tiered():
            offer = tiered(rule=rule, lines=lines)
        case NForPrice():
            offer = n_for_price(rule=rule, lines=lines, most=most)
        case CheapestFree():
            offer = cheapest_free(rule=rule, lines=lines, most=most)
    return offer


def _give(promotion: Promotion, offer: Offer, round_to_minor: Rounding) -> Given | None:
    """Cap, round and share the offer; None when it comes to nothing, and then no unit is used either."""
    offer.limited()
    numerators, denominator = offer.numerators, offer.denominator
    total, cap = sum(numerators), promotion.cap_minor
    if cap is not None and total > cap * denominator:
        numerators, denominator, whole = [numerator * cap for numerator in numerators], total, cap
    else:
        whole = round_to_minor(total, denominator)
    if not whole:
        return None
    amounts = largest_remainder(whole, numerators, denominator)
    mark(promotion=promotion, offer=offer, amounts=amounts)
    given = Given("promotion", promotion.id, promotion.name)
    for line, amount in zip(offer.lines, amounts, strict=True):
        if amount:
            line.take_off(amount)
            given.add(line, amount)
    return given
