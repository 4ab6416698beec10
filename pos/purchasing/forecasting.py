"""When to order what, how much, and why: reorder point, safety stock, order-up-to level, packs. Pure.

Every suggestion carries the figures it was made of, so that nobody has to believe it. Source of the formulas:
continuous review with normal demand (Silver, Pyke and Thomas, Inventory and Production Management, 4th ed.,
chapter 6); worked figures in `docs/algorithms/reorder.md`.
"""

import datetime as dt
from dataclasses import replace
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from statistics import NormalDist
from typing import Final

from pos.purchasing.demand import (
    SHORT_COVER_DAYS,
    WEEK,
    DemandHistory,
    deviation,
    expected,
    season,
    velocity,
    weekday_indexes,
)
from pos.purchasing.figures import explained
from pos.purchasing.reorder_values import (
    SERVICE_LEVELS,
    Forecast,
    Policy,
    Position,
    Suggestion,
    Target,
    Terms,
)

_EVEN: Final = (Fraction(1),) * WEEK
_MILLIONTH: Final = Decimal("0.000001")
_CONTEXT: Final = Context(prec=60)


def suggest(
    *,
    today: dt.date,
    history: DemandHistory,
    position: Position,
    target: Target,
    terms: Terms,
    policy: Policy,
) -> Suggestion:
    """What to order today. Raises ValueError for terms or a policy that nothing can be computed from."""
    _check(terms, policy)
    forecast = foresee(today=today, history=history, terms=terms, policy=policy)
    safety = target.safety_stock
    if safety is None:
        safety = safety_stock(forecast=forecast, terms=terms, policy=policy)
    point = target.reorder_point
    if point is None:
        point = rounded_up(forecast.lead + Fraction(safety))
    up_to = _order_up_to(target, forecast, safety, point)
    total = position.total
    is_due = total <= point and total < up_to
    needed = up_to - total if is_due else Decimal(0)
    packs = packs_for(needed=needed, terms=terms, room=_room(target, total)) if is_due else 0
    suggestion = Suggestion(
        velocity=forecast.velocity.per_day,
        lead_demand=forecast.lead,
        cover_demand=forecast.cover,
        safety_stock=safety,
        reorder_point=point,
        order_up_to=up_to,
        position=total,
        is_due=is_due,
        needed=needed,
        packs=packs,
        quantity=packs * terms.pack_size,
        explanation=(),
    )
    figures = explained(
        suggestion=suggestion, forecast=forecast, position=position, target=target, terms=terms, policy=policy
    )
    return replace(suggestion, explanation=figures)


def foresee(*, today: dt.date, history: DemandHistory, terms: Terms, policy: Policy) -> Forecast:
    """Demand of the lead time and of the cover (lead time and review), from today on."""
    cover_days = terms.lead_time_days + policy.review_days
    pace, times = velocity(days=history.days), season(history=history, cover_days=cover_days)
    has_week = cover_days <= SHORT_COVER_DAYS
    indexes = weekday_indexes(days=history.days) if has_week else _EVEN
    per_day = pace.per_day * times.factor
    return Forecast(
        velocity=pace,
        deviation=deviation(days=history.days, per_day=pace.per_day, indexes=indexes),
        season=times,
        has_week=has_week,
        lead=expected(per_day=per_day, indexes=indexes, first=today, days=terms.lead_time_days),
        cover=expected(per_day=per_day, indexes=indexes, first=today, days=cover_days),
    )


def safety_stock(*, forecast: Forecast, terms: Terms, policy: Policy) -> Decimal:
    """z x sqrt(lead time x deviation^2 + velocity^2 x lead deviation^2), rounded up to six places."""
    per_day = _decimal(forecast.velocity.per_day * forecast.season.factor)
    of_days = _CONTEXT.multiply(Decimal(max(terms.lead_time_days, 1)), _CONTEXT.power(forecast.deviation, 2))
    of_lead = _CONTEXT.power(_CONTEXT.multiply(per_day, terms.lead_deviation_days), 2)
    root = _CONTEXT.sqrt(_CONTEXT.add(of_days, of_lead))
    return rounded_up(Fraction(_CONTEXT.multiply(root, z_value(service_level=policy.service_level))))


def z_value(*, service_level: Decimal) -> Decimal:
    """How many deviations cover `service_level` of a normal distribution, to four places: 1.6449 for 0.95."""
    return Decimal(str(round(NormalDist().inv_cdf(float(service_level)), 4)))


def packs_for(*, needed: Decimal, terms: Terms, room: Decimal | None) -> int:
    """Whole packs for `needed` units and at least the minimum; no more than fit into `room`, but at least one.

    The supplier's minimum wins over the room: less is not sold.
    """
    size = Fraction(terms.pack_size)
    packs = max(1, -(-Fraction(needed) // size))
    if room is not None:
        packs = max(1, min(packs, Fraction(room) // size))
    return int(max(packs, -(-Fraction(terms.minimum) // size)))


def rounded_up(value: Fraction) -> Decimal:
    """To six places, away from nothing: stock that is a hair short is short."""
    return _decimal(value).quantize(_MILLIONTH, rounding=ROUND_CEILING, context=_CONTEXT).normalize(_CONTEXT)


def _order_up_to(target: Target, forecast: Forecast, safety: Decimal, point: Decimal) -> Decimal:
    if target.par is not None:
        return target.par
    if target.maximum is not None:
        return target.maximum
    return max(point, rounded_up(forecast.cover + Fraction(safety)))


def _room(target: Target, total: Decimal) -> Decimal | None:
    return None if target.maximum is None else max(Decimal(0), target.maximum - total)


def _check(terms: Terms, policy: Policy) -> None:
    least, most = SERVICE_LEVELS
    if not least <= policy.service_level <= most:
        raise ValueError(f"a service level is {least} to {most}")
    if terms.pack_size <= 0 or terms.minimum < 0 or terms.lead_time_days < 0 or policy.review_days < 1:
        raise ValueError("packs are above 0, minimum and lead time not below 0, a review at least a day")


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
