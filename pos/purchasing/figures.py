"""The figures behind a suggestion, each with a code, its value and a sentence. Pure."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from fynlo.core.money import round_half_up
from pos.purchasing.reorder_values import Figure, Forecast, Policy, Position, Suggestion, Target, Terms

_SHOWN: Final = 1000
"""Sentences and values show three decimals; the computation has all of them."""


def explained(
    *,
    suggestion: Suggestion,
    forecast: Forecast,
    position: Position,
    target: Target,
    terms: Terms,
    policy: Policy,
) -> tuple[Figure, ...]:
    """Every figure used, in the order of the computation."""
    return (
        *_demand(forecast, terms, policy),
        *_levels(suggestion, forecast, target, terms, policy),
        *_stock(suggestion, position),
        *_order(suggestion, target, terms),
    )


def number(value: Fraction | Decimal | int) -> str:
    """At most three decimals, half up, without trailing zeros: `2.5`, `0.333`."""
    thousandths = round_half_up(Fraction(value) * _SHOWN)
    plain = (Decimal(thousandths) / _SHOWN).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    text = f"{plain:f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def _demand(forecast: Forecast, terms: Terms, policy: Policy) -> Iterator[Figure]:
    pace, times = forecast.velocity, forecast.season
    left_out = f"; {pace.days_without} without stock left out" if pace.days_without else ""
    yield _figure(
        "velocity",
        pace.per_day,
        f"{number(pace.units)} sold on {pace.days} days with stock: {number(pace.per_day)} a day{left_out}.",
    )
    yield _figure("season", times.factor, _season(forecast))
    if forecast.has_week:
        yield _figure(
            "weekdays",
            terms.lead_time_days + policy.review_days,
            "A short time: each day counts by what its weekday sells over an average day.",
        )
    yield _figure(
        "lead_demand",
        forecast.lead,
        f"{number(forecast.lead)} will be sold in the {terms.lead_time_days} days until a delivery.",
    )
    yield _figure(
        "cover_demand",
        forecast.cover,
        f"{number(forecast.cover)} will be sold in the {terms.lead_time_days} + {policy.review_days} days "
        "until the delivery after it.",
    )


def _season(forecast: Forecast) -> str:
    times = forecast.season
    if times.coming == times.window == 1:
        return f"No season: {times.weeks_known} weeks of last year are known, or they were alike."
    return (
        f"Last year the coming weeks sold {number(times.coming)} of an average week, those of the window "
        f"{number(times.window)} (little data counts little): times {number(times.factor)}."
    )


def _levels(
    suggestion: Suggestion, forecast: Forecast, target: Target, terms: Terms, policy: Policy
) -> Iterator[Figure]:
    safety, point, up_to = suggestion.safety_stock, suggestion.reorder_point, suggestion.order_up_to
    deviation = number(forecast.deviation)
    yield _figure(
        "safety_stock",
        safety,
        f"Safety stock {number(safety)}, as set."
        if target.safety_stock is not None
        else f"Safety stock {number(safety)}: days stray by {deviation}, the lead time of {terms.lead_time_days} "
        f"days by {number(terms.lead_deviation_days)}; {number(policy.service_level * 100)} % of cycles without "
        "a gap.",
    )
    yield _figure(
        "reorder_point",
        point,
        f"Reorder point {number(point)}, as set."
        if target.reorder_point is not None
        else f"Reorder point {number(point)}: {number(forecast.lead)} + {number(safety)}.",
    )
    yield _figure("order_up_to", up_to, f"Filled up to {number(up_to)}{_why_up_to(target)}.")


def _why_up_to(target: Target) -> str:
    if target.par is not None:
        return ", the par level"
    if target.maximum is not None:
        return ", the most there may be"
    return ": the sales until the delivery after the next and the safety stock, or the reorder point"


def _stock(suggestion: Suggestion, position: Position) -> Iterator[Figure]:
    yield _figure(
        "position",
        suggestion.position,
        f"{number(position.on_hand)} on hand - {number(position.reserved)} reserved + "
        f"{number(position.in_transit)} in transit + {number(position.on_order)} on order = "
        f"{number(suggestion.position)}.",
    )


def _order(suggestion: Suggestion, target: Target, terms: Terms) -> Iterator[Figure]:
    if not suggestion.is_due:
        yield _figure("needed", 0, "Above the reorder point, or full already: nothing to order.")
        return
    yield _figure(
        "needed",
        suggestion.needed,
        f"At or below the reorder point: {number(suggestion.order_up_to)} - {number(suggestion.position)} = "
        f"{number(suggestion.needed)} needed.",
    )
    minimum = f" (at least {number(terms.minimum)})" if terms.minimum else ""
    yield _figure(
        "packs",
        suggestion.packs,
        f"In packs{minimum}: {suggestion.packs} x {number(terms.pack_size)} = {number(suggestion.quantity)}.",
    )
    after = suggestion.position + suggestion.quantity
    if target.maximum is not None and after > target.maximum:
        over = after - target.maximum
        yield _figure("over_maximum", over, f"Whole packs and the minimum lead {number(over)} over the most.")


def _figure(code: str, value: Fraction | Decimal | int, text: str) -> Figure:
    return Figure(code=code, value=number(value), text=text)
