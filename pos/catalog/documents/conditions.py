"""Conditions, selectors and rules of promotions: read as pricing reads them, written in one form. Pure.

What passes here can always be priced: nothing else decides what is right (`pos.pricing.reading`).
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from fynlo.core.errors import DomainError, FieldProblem
from pos.catalog.documents.shapes import Part
from pos.pricing.conditions import When
from pos.pricing.decimals import plain_decimal
from pos.pricing.promotion_rules import (
    AmountOff,
    Bundle,
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
from pos.pricing.reading import read_when

Document = dict[str, Any]
_LISTS = ("channels", "locations", "customer_groups", "order_types", "destinations", "coupons")
MAX_LIST = 500


def when_of(part: Part, name: str = "when") -> Document:
    """The conditions of `part`, canonical; each member that is wrong is a problem of its own."""
    value = part.raw(name, {})
    if not isinstance(value, dict):
        part.refuse(f"/{name}", "wrong_type", "An object is expected.")
        return {}
    before = len(part.problems)
    for member, given in value.items():
        read_or_refuse(part, read_when, {member: given}, f"/{name}")
        if isinstance(given, list) and len(given) > MAX_LIST:
            part.refuse(f"/{name}/{member}", "too_many", f"At most {MAX_LIST} are possible.")
    return when_document(read_when(value)) if len(part.problems) == before else {}


def read_or_refuse(part: Part, read: Callable[[Any, str], Any], value: Any, where: str) -> Any:
    """What `read` makes of `value`; None, and a problem of `part`, when it refuses."""
    try:
        return read(value, part.pointer + where)
    except DomainError as error:
        part.problems.extend(error.errors or (FieldProblem(part.pointer + where, error.code, error.detail),))
        return None


def when_document(when: When) -> Document:
    """Conditions in their one form: only what is given, lists in order and without repetitions."""
    made: Document = {}
    for name in ("starts_at", "ends_at"):
        if (moment := getattr(when, name)) is not None:
            made[name] = local_text(moment)
    if when.weekdays is not None:
        made["weekdays"] = sorted(set(when.weekdays))
    if when.times is not None:
        made["times"] = [[_clock(start), _clock(end)] for start, end in sorted(set(when.times))]
    for name in _LISTS:
        if (words := getattr(when, name)) is not None:
            made[name] = sorted(set(words))
    if when.exempt is not None:
        made["exempt"] = when.exempt
    if when.min_covers is not None:
        made["min_covers"] = when.min_covers
    return made


def local_text(moment: dt.datetime) -> str:
    """A wall-clock time as documents write it: with seconds only where there are some."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S" if moment.second else "%Y-%m-%dT%H:%M").rjust(16, "0")


def selector_document(selector: Selector) -> Document:
    """A selector in its one form: `all`, or what is named."""
    if selector.everything:
        return {"all": True}
    named = {
        "variants": selector.variants,
        "items": selector.items,
        "categories": selector.categories,
        "tags": selector.tags,
    }
    return {name: sorted(found) for name, found in named.items() if found}


def rule_document(rule: Rule) -> Document:
    """A promotion's rule in its one form."""
    if isinstance(rule, BuyGet | NForPrice | CheapestFree | Bundle):
        return _unit_rule(rule)
    match rule:
        case PercentOff():
            return _with("percent_off", rule.select, percent=plain_decimal(rule.percent))
        case AmountOff():
            return _with("amount_off", rule.select, amount_minor=rule.amount_minor)
        case FixedPrice():
            return _with("fixed_price", rule.select, price_minor=rule.price_minor)
        case Threshold():
            return _with("threshold", rule.select, minimum_minor=rule.minimum_minor, **_effect(rule))
        case Tiered():
            tiers = [_tier(tier) for tier in _by_start(rule.tiers)]
            return _with("tiered", rule.select, measure=rule.measure, tiers=tiers)


def _unit_rule(rule: BuyGet | NForPrice | CheapestFree | Bundle) -> Document:
    match rule:
        case NForPrice():
            return _with("n_for_price", rule.select, n=rule.n, price_minor=rule.price_minor)
        case CheapestFree():
            return _with("cheapest_free", rule.select, n=rule.n)
        case BuyGet():
            return {
                "kind": "buy_get",
                "buy": selector_document(rule.buy),
                "buy_quantity": rule.buy_quantity,
                "get": selector_document(rule.get) if rule.get else None,
                "get_quantity": rule.get_quantity,
                "percent": plain_decimal(rule.percent),
            }
        case Bundle():
            parts = [
                {"select": selector_document(part.select), "quantity": part.quantity} for part in rule.parts
            ]
            share = {"percent": plain_decimal(rule.percent)} if rule.percent is not None else None
            return {"kind": "bundle", "parts": parts, **(share or {"price_minor": rule.price_minor})}


def _with(kind: str, select: Selector, **members: Any) -> Document:
    return {"kind": kind, "select": selector_document(select), **members}


def _effect(of: Threshold | Tier) -> Document:
    if of.percent is not None:
        return {"percent": plain_decimal(of.percent)}
    return {"amount_minor": of.amount_minor}


def _tier(tier: Tier) -> Document:
    return {"from": plain_decimal(tier.start), **_effect(tier)}


def _by_start(tiers: Iterable[Tier]) -> list[Tier]:
    return sorted(tiers, key=lambda tier: tier.start)


def _clock(time: dt.time) -> str:
    return time.strftime("%H:%M")
