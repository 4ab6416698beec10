"""Buy some, get others cheaper."""

from collections import Counter

from pos.pricing.book import BookIndex
from pos.pricing.promotion_rules import BuyGet
from pos.pricing.promotions.offers import Offer, unit_offer
from pos.pricing.promotions.selecting import selected
from pos.pricing.promotions.units import at_most, between, dear_to_cheap, size
from pos.pricing.working import Line


def buy_get(*, rule: BuyGet, lines: list[Line], index: BookIndex, most: int | None) -> Offer | None:
    """The cheapest units of a pool get cheaper, the dearest ones are what was bought for it."""
    buy = selected(selector=rule.buy, lines=lines, index=index)
    if rule.get is None:
        bought, got = _from_one_pool(rule, buy, most)
    else:
        bought, got = _from_two_pools(rule, buy, selected(selector=rule.get, lines=lines, index=index), most)
    if not got:
        return None
    exact = {line: line.value * count * rule.percent for line, count in got.items()}
    return unit_offer(lines=lines, exact=exact, used=dict(Counter(bought) + Counter(got)))


def _from_one_pool(
    rule: BuyGet, lines: list[Line], most: int | None
) -> tuple[dict[Line, int], dict[Line, int]]:
    runs = dear_to_cheap(lines)
    units = size(runs)
    times = at_most(units // (rule.buy_quantity + rule.get_quantity), most)
    return (
        between(runs, 0, times * rule.buy_quantity),
        between(runs, units - times * rule.get_quantity, units),
    )


def _from_two_pools(
    rule: BuyGet, buy: list[Line], get: list[Line], most: int | None
) -> tuple[dict[Line, int], dict[Line, int]]:
    """What is in both pools is bought only when what is in the first alone does not do."""
    in_both = [line for line in buy if line in set(get)]
    only_buy = [line for line in buy if line not in set(get)]
    buyable = [*dear_to_cheap(only_buy), *dear_to_cheap(in_both)]
    gettable, apart = size(dear_to_cheap(get)), size(dear_to_cheap(only_buy))
    times = at_most(
        min(
            size(buyable) // rule.buy_quantity,
            gettable // rule.get_quantity,
            (apart + gettable) // (rule.buy_quantity + rule.get_quantity),
        ),
        most,
    )
    bought = between(buyable, 0, times * rule.buy_quantity)
    left = dear_to_cheap(get, taken=bought)
    return bought, between(left, size(left) - times * rule.get_quantity, size(left))
