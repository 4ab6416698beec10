"""Steps 1 and 2: the list price of a variant now, and what price lists make of it."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pos.pricing.arithmetic import Rounding
from pos.pricing.book import BookIndex, Item, PriceChange, PriceList, Variant
from pos.pricing.decimals import SCALE


def list_price(*, variant: Variant, at: dt.datetime) -> int:
    """The variant's price, or that of its latest scheduled price that has begun."""
    if not variant.scheduled_prices:
        return variant.price_minor
    begun = [scheduled for scheduled in variant.scheduled_prices if scheduled.starts_at <= at]
    if not begun:
        return variant.price_minor
    latest = max(begun, key=lambda scheduled: scheduled.starts_at)
    return [scheduled for scheduled in begun if scheduled.starts_at == latest.starts_at][-1].price_minor


def listed_price(
    *,
    price_minor: int,
    item: Item,
    variant_id: str,
    quantity: int,
    lists: Sequence[PriceList],
    index: BookIndex,
    round_to_minor: Rounding,
) -> tuple[int, str | None]:
    """The price after the first of `lists` with a matching entry, and that list's id (None: no list has one).

    `quantity` is how much of the variant the whole cart holds, in millionths.
    """
    for price_list in lists:
        for kind in _kinds(price_list.id, item, variant_id, index):
            reached = [change for change in kind if quantity >= change.min_quantity * SCALE]
            if reached:
                change = max(reached, key=lambda entry: entry.min_quantity)
                return _changed(price_minor, change, round_to_minor), price_list.id
    return price_minor, None


def _kinds(list_id: str, item: Item, variant_id: str, index: BookIndex) -> Iterator[Sequence[PriceChange]]:
    """Entries from the most specific kind on: the variant, the item, its categories upwards, everything."""
    own = [entry for entry in item.list_prices if entry.price_list_id == list_id]
    yield [entry.change for entry in own if entry.variant_id == variant_id]
    yield [entry.change for entry in own if entry.variant_id is None]
    by_category = index.category_prices[list_id]
    if by_category:
        for category_id in index.lineage(item.category_id):
            yield by_category.get(category_id, ())
        yield by_category.get(None, ())


def _changed(price_minor: int, change: PriceChange, round_to_minor: Rounding) -> int:
    if change.price_minor is not None:
        return change.price_minor
    if change.percent_off is not None:
        numerator, denominator = change.percent_off.as_integer_ratio()
        return round_to_minor(price_minor * (denominator - numerator), denominator)
    return max(0, price_minor - (change.amount_off_minor or 0))
