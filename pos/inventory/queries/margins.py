"""What is left of the price of each dish at a location: list price, taxes, recipe and costs of the moment."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from pos.catalog.documents.tax_rules import simple_rules
from pos.catalog.models import TaxClass, Variant
from pos.catalog.scheduled import price_at
from pos.inventory.explosion import FlatNeeds, Need
from pos.inventory.margins import DishCost, Margin, dish_cost, net_price
from pos.inventory.models import Recipe
from pos.inventory.queries.costs import unit_costs
from pos.inventory.queries.flat_needs import batch_needs
from pos.inventory.queries.recipes import goods_name
from pos.pricing.reading.taxes import read_tax_class
from pos.pricing.tax_rules import TaxRule
from pos.registers.models import Location

WITH, WITHOUT, ANY = RECIPES = ("with", "without", "any")
MOST_LOOKED_AT: Final = 5000
RECIPE, STOCK = "recipe", "stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginFilter:
    """Which dishes: with a recipe or without, what they are called, what is left of them in per cent."""

    recipe: str = WITH
    category_id: UUID | None = None
    text: str | None = None
    margin_below: Decimal | None = None
    food_cost_above: Decimal | None = None
    is_known: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DishMargin:
    """A dish with what is left of its price. `source` says whether the recipe or the shelf says what it costs."""

    variant_id: UUID
    sku: str
    name: str
    unit: str
    category_id: UUID
    price_minor: int
    margin: Margin
    source: str
    unknown: tuple[UUID, ...]


def dish_margins(
    *, location: Location, at: dt.datetime, wanted: MarginFilter | None = None
) -> list[DishMargin]:
    """The dishes of which least is left first, those of unknown cost last; four statements.

    Of at most `MOST_LOOKED_AT` goods. What is made in batches costs what it costs on the shelf, as far as that is
    known. Taxes are those of the default rule of its class.
    """
    wanted = wanted or MarginFilter()
    variants = list(_variants(wanted)[:MOST_LOOKED_AT])
    needs = batch_needs(variant_ids=[row.pk for row in variants], at=at)
    asked = {need.ingredient for row in variants for need in needs.of_dish(row.pk)}
    costs = unit_costs(asked | {row.pk for row in variants}, location.pk)
    clock = at.astimezone(ZoneInfo(location.time_zone)).replace(tzinfo=None)
    rules = _Rules()
    found = (
        _margin(row, _cost(row.pk, needs, costs), clock, rules.of(row.item.tax_class)) for row in variants
    )
    return sorted(_fitting(found, wanted), key=_order)


@dataclass(slots=True)
class _Costed:
    """What a dish costs, and who says so."""

    cost: DishCost
    source: str


class _Rules:
    """Default rules of tax classes, each read once."""

    def __init__(self) -> None:
        self._known: dict[UUID, TaxRule] = {}

    def of(self, row: TaxClass) -> TaxRule:
        """The rule that holds when no other does."""
        if row.pk not in self._known:
            rules = row.rules or simple_rules(
                code=row.code, name=row.name, rate=row.rate, inclusive=row.is_inclusive
            )
            self._known[row.pk] = read_tax_class({"code": row.code, "rules": rules}).rules[-1]
        return self._known[row.pk]


def _variants(wanted: MarginFilter) -> Any:
    found = Variant.objects.select_related("item__tax_class").filter(is_active=True, item__is_active=True)
    has_recipe = Exists(Recipe.objects.filter(variant=OuterRef("pk")))
    if wanted.recipe != ANY:
        found = found.filter(has_recipe if wanted.recipe == WITH else ~has_recipe)
    if wanted.category_id is not None:
        found = found.filter(item__category_id=wanted.category_id)
    if wanted.text:
        found = found.filter(Q(item__name__icontains=wanted.text) | Q(sku__icontains=wanted.text))
    return found.order_by("id")


def _cost(variant_id: UUID, needs: FlatNeeds, costs: dict[UUID, Decimal]) -> _Costed:
    made_of: Sequence[Need] = needs.of_dish(variant_id)
    in_batches = any(need.effect == "batch" for need in made_of)
    if in_batches and variant_id in costs:
        return _Costed(DishCost(exact=Fraction(costs[variant_id])), STOCK)
    source = RECIPE if variant_id in needs.by_owner else STOCK
    return _Costed(dish_cost(needs=made_of, unit_costs=costs), source)


def _margin(row: Variant, costed: _Costed, clock: dt.datetime, rule: TaxRule) -> DishMargin:
    price = price_at(price_minor=row.price_minor, scheduled=row.scheduled_prices, at=clock)
    return DishMargin(
        variant_id=row.pk,
        sku=row.sku,
        name=goods_name(row),
        unit=row.item.unit,
        category_id=row.item.category_id,
        price_minor=price,
        margin=Margin(net=net_price(price_minor=price, rule=rule), cost=costed.cost.exact),
        source=costed.source,
        unknown=costed.cost.unknown,
    )


def _fitting(found: Iterator[DishMargin], wanted: MarginFilter) -> Iterator[DishMargin]:
    for row in found:
        percent, food = row.margin.percent, row.margin.food_cost_percent
        if wanted.is_known is not None and wanted.is_known != (row.margin.cost is not None):
            continue
        if wanted.margin_below is not None and (percent is None or percent >= wanted.margin_below):
            continue
        if wanted.food_cost_above is not None and (food is None or food <= wanted.food_cost_above):
            continue
        yield row


def _order(row: DishMargin) -> tuple[bool, Decimal, str, UUID]:
    percent = row.margin.percent
    return percent is None, percent or Decimal(0), row.name, row.variant_id
