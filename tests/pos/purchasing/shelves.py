"""Shelves with a history: what came and was sold on which day."""

import datetime as dt
from decimal import Decimal
from typing import Any

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.purchasing.queries.suggestions import Suggested, stocked_variants, suggestions
from pos.purchasing.reorder_values import Policy
from tests.factories import Shop

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
"""A Monday at noon."""


def moved(
    shop: Shop, name: str, kind: str, quantity: str, *, days_ago: int, at: dt.datetime = AT, **said: Any
) -> None:
    """Something came or went so many days ago."""
    when = at - dt.timedelta(days=days_ago)
    cause = Cause(
        kind=kind,
        location_id=said.pop("location_id", shop.location.id),
        at=when,
        business_date=when.date(),
        recorded_at=when,
    )
    with tenant_context(shop.tenant), unit_of_work():
        record_movements(
            cause=cause, changes=[StockChange(variant_id=shop.variants[name].id, quantity=Decimal(quantity))]
        )


def traded(shop: Shop, name: str, *, left: int, a_day: int = 2, days: int = 60, at: dt.datetime = AT) -> None:
    """`a_day` sold on each of the last `days`, of what was there at first; `left` are left."""
    moved(shop, name, "opening", str(left + a_day * days), days_ago=days, at=at)
    for day in range(days, 0, -1):
        moved(shop, name, "sale", str(-a_day), days_ago=day, at=at)


def suggested(shop: Shop, name: str, *, policy: Policy | None = None, **said: Any) -> Suggested:
    """What is suggested for a variant at noon of that Monday."""
    with tenant_context(shop.tenant):
        variants = list(stocked_variants(location_id=shop.location.id).filter(pk=shop.variants[name].id))
        (made,) = suggestions(
            variants=variants, location=shop.location, at=AT, policy=policy or Policy(), **said
        )
        return made
