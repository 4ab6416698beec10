"""Promotions out of JSON: one reader per kind of rule."""

from fractions import Fraction
from typing import Any, Final

from fynlo.core.money import MAX_MINOR
from pos.pricing.book import Promotion
from pos.pricing.conditions import ALWAYS
from pos.pricing.decimals import SCALE
from pos.pricing.errors import InvalidValue, NumberOutOfRange, OneOfExpected
from pos.pricing.promotion_rules import (
    AmountOff,
    Bundle,
    BundlePart,
    BuyGet,
    CheapestFree,
    FixedPrice,
    NForPrice,
    PercentOff,
    Rule,
    Selector,
    Threshold,
    Tier,
    Tiered,
)
from pos.pricing.reading.conditions import read_when
from pos.pricing.reading.members import Members
from pos.pricing.reading.values import (
    amount,
    decimal,
    discount,
    flag,
    identifier,
    percent,
    positive_count,
    price,
    priority,
    short_text,
    text,
    word,
)

MAX_PARTS: Final = 20
MAX_TIERS: Final = 50
MAX_SELECTED: Final = 1_000
"""More would let one promotion make every large cart slow."""


def read_promotion(value: Any, pointer: str = "") -> Promotion:
    """A promotion with its conditions and its rule."""
    members = Members(value, pointer)
    promotion = Promotion(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        priority=members.optional("priority", priority, 0),
        group=members.nullable("group", text),
        exclusive=members.optional("exclusive", flag, default=False),
        when=members.optional("when", read_when, ALWAYS),
        cap_minor=members.nullable("cap_minor", discount),
        max_applications=members.nullable("max_applications", positive_count),
        excluded=members.nullable("excluded", read_selector),
        rule=members.required("rule", read_rule),
    )
    members.close()
    return promotion


def read_selector(value: Any, pointer: str = "") -> Selector:
    """Which lines: everything, or the union of what is named."""
    members = Members(value, pointer)
    selector = Selector(
        everything=members.optional("all", flag, default=False),
        variants=frozenset(members.many("variants", text)),
        items=frozenset(members.many("items", text)),
        categories=frozenset(members.many("categories", text)),
        tags=frozenset(members.many("tags", short_text)),
    )
    members.close()
    if selector == Selector():
        raise OneOfExpected("a selector says all, or names something", pointer=pointer)
    named = selector.variants, selector.items, selector.categories, selector.tags
    if sum(map(len, named)) > MAX_SELECTED:
        raise InvalidValue(f"a selector names at most {MAX_SELECTED} things in all", pointer=pointer)
    return selector


def read_rule(value: Any, pointer: str = "") -> Rule:
    """The rule of a promotion, by its `kind`."""
    members = Members(value, pointer)
    kind = members.required("kind", word(*_RULES))
    rule = _RULES[kind](members)
    members.close()
    return rule


def _percent_off(members: Members) -> Rule:
    return PercentOff(
        select=members.required("select", read_selector), percent=members.required("percent", percent)
    )


def _amount_off(members: Members) -> Rule:
    return AmountOff(
        select=members.required("select", read_selector),
        amount_minor=members.required("amount_minor", discount),
    )


def _fixed_price(members: Members) -> Rule:
    return FixedPrice(
        select=members.required("select", read_selector), price_minor=members.required("price_minor", price)
    )


def _buy_get(members: Members) -> Rule:
    return BuyGet(
        buy=members.required("buy", read_selector),
        buy_quantity=members.required("buy_quantity", positive_count),
        get=members.nullable("get", read_selector),
        get_quantity=members.required("get_quantity", positive_count),
        percent=members.optional("percent", percent, Fraction(1)),
    )


def _n_for_price(members: Members) -> Rule:
    return NForPrice(
        select=members.required("select", read_selector),
        n=members.required("n", positive_count),
        price_minor=members.required("price_minor", price),
    )


def _cheapest_free(members: Members) -> Rule:
    return CheapestFree(
        select=members.required("select", read_selector), n=members.required("n", positive_count)
    )


def _threshold(members: Members) -> Rule:
    members.one_of(("percent", "amount_minor"))
    return Threshold(
        select=members.required("select", read_selector),
        minimum_minor=members.required("minimum_minor", amount),
        percent=members.nullable("percent", percent),
        amount_minor=members.nullable("amount_minor", discount),
    )


def _tiered(members: Members) -> Rule:
    measure = members.required("measure", word("quantity", "amount"))
    rule = Tiered(
        select=members.required("select", read_selector),
        measure="quantity" if measure == "quantity" else "amount",
        tiers=members.many("tiers", _tier),
    )
    if not 1 <= len(rule.tiers) <= MAX_TIERS:
        raise InvalidValue(
            f"there is at least one tier, and at most {MAX_TIERS}", pointer=members.at("tiers")
        )
    starts: set[Fraction] = set()
    for place, tier in enumerate(rule.tiers):
        if tier.start in starts:
            at = f"{members.at('tiers')}/{place}/from"
            raise InvalidValue("two tiers cannot begin at the same place", pointer=at)
        starts.add(tier.start)
    return rule


def _start(value: Any, pointer: str) -> Fraction:
    """Where a tier begins, a quantity or an amount: above 0, six decimal places."""
    number = decimal(value, pointer)
    if not 0 < number <= MAX_MINOR or SCALE % number.denominator:
        raise NumberOutOfRange("a tier begins above 0, with at most six decimal places", pointer=pointer)
    return number


def _tier(value: Any, pointer: str) -> Tier:
    members = Members(value, pointer)
    members.one_of(("percent", "amount_minor"))
    tier = Tier(
        start=members.required("from", _start),
        percent=members.nullable("percent", percent),
        amount_minor=members.nullable("amount_minor", discount),
    )
    members.close()
    return tier


def _bundle(members: Members) -> Rule:
    members.one_of(("price_minor", "percent"))
    rule = Bundle(
        parts=members.many("parts", _bundle_part),
        price_minor=members.nullable("price_minor", price),
        percent=members.nullable("percent", percent),
    )
    if not 1 <= len(rule.parts) <= MAX_PARTS:
        raise InvalidValue(
            f"there is at least one part, and at most {MAX_PARTS}", pointer=members.at("parts")
        )
    return rule


def _bundle_part(value: Any, pointer: str) -> BundlePart:
    members = Members(value, pointer)
    part = BundlePart(
        select=members.required("select", read_selector),
        quantity=members.optional("quantity", positive_count, 1),
    )
    members.close()
    return part


_RULES: Final = {
    "percent_off": _percent_off,
    "amount_off": _amount_off,
    "fixed_price": _fixed_price,
    "buy_get": _buy_get,
    "n_for_price": _n_for_price,
    "cheapest_free": _cheapest_free,
    "threshold": _threshold,
    "tiered": _tiered,
    "bundle": _bundle,
}
