"""A sale of five dishes with eight ingredients each, beside the floor of its own statements.

The same measurement as `order.py`, of a sale that takes forty ingredients off twenty-four shelves: every till sells
the same five dishes, so every sale wants levels that all others want, the worst case of locks. Floor and
application are measured in turns; deadlocks are counted by the server, and at the end every level must be the sum
of its movements.
"""

import argparse
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.order import in_turns, manage, variants
from fynlo.embedded.services import Services

DISHES = 5
INGREDIENTS_EACH = 8
SHELVES = 24
STOCKED = Decimal(1_000_000_000)
UNIT_COST = Decimal("0.215")
"""Grams of each ingredient, and what one costs in cents."""


def kitchen() -> list[str]:
    """Recipes for five dishes of the café, written as a person does; the dishes' keys."""
    from fynlo.core import clock
    from fynlo.core.actors import SYSTEM
    from fynlo.core.ids import new_id
    from fynlo.core.tenancy import registry, tenant_context
    from pos.catalog.models import Category, Item, TaxClass, Variant
    from pos.inventory.services.recipes import RecipeDraft, RecipeLineDraft, save_recipe

    dishes = variants(DISHES)
    with tenant_context(registry.tenant_by_schema("t_cafe")):
        category, tax = Category.objects.first(), TaxClass.objects.first()
        goods = []
        for number in range(SHELVES):
            item = Item(id=new_id(), category=category, tax_class=tax, name=f"Shelf {number}", unit="g")
            item.save(force_insert=True)
            goods.append(Variant(item=item, sku=f"SHELF-{number}", price_minor=1))
        Variant.objects.bulk_create(goods)
        stocked(goods)
        for number, dish in enumerate(dishes):
            chosen = [goods[(number * 5 + place * 3) % SHELVES] for place in range(INGREDIENTS_EACH)]
            lines = tuple(
                RecipeLineDraft(variant_id=each.pk, quantity=Decimal("12.5") + place)
                for place, each in enumerate(chosen)
            )
            save_recipe(owner_id=UUID(dish), draft=RecipeDraft(lines=lines), actor=SYSTEM, at=clock.now())
    return dishes


def stocked(goods: list[Any]) -> None:
    """Enough of every ingredient, at a cost."""
    from fynlo.core import clock
    from fynlo.events.log import unit_of_work
    from pos.inventory.services.movements import StockChange
    from pos.inventory.services.opening import record_opening
    from pos.models import Location

    place, at = Location.objects.order_by("code").first(), clock.now()
    changes = [
        StockChange(variant_id=each.pk, quantity=STOCKED, value_minor=STOCKED * UNIT_COST) for each in goods
    ]
    with unit_of_work():
        record_opening(
            location_id=place.pk, changes=changes, employee_id=None, at=at, business_date=at.date()
        )


def measure(services: Services, wanted: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Sell, then look: whether one failed, whether two stood in each other's way, whether the sums are right."""
    from benchmarks.stock_tills import deadlocks, level_differences
    from fynlo.core.tenancy import registry

    found = in_turns(services, wanted, folder, sold=kitchen())
    cafe = registry.tenant_by_schema("t_cafe")
    found |= {"deadlocks": deadlocks(), "level_differences": level_differences(cafe)}
    found["failed"] = sum(len(run["orders"]["other_statuses"]) for run in found["runs"])
    return found


def show(found: dict[str, Any]) -> None:
    """The table of `order.py`, and what must be nothing. Stops when it is not."""
    from benchmarks.order import show as show_turns

    show_turns(found)
    wrong = {name: found[name] for name in ("failed", "deadlocks", "level_differences")}
    print(", ".join(f"{name}: {count}" for name, count in wrong.items()))
    if any(wrong.values()):
        raise SystemExit("a sale failed, two waited for each other, or a level is not its sum")


def fresh() -> None:
    """The café, migrated and onboarded, and Django set up."""
    import django

    manage("migrate")
    manage("onboard", "docs/examples/cafe/merchant.yaml")
    django.setup()
