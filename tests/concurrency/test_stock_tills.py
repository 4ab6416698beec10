"""Twenty-five tills sell dishes made of the same twenty ingredients, each basket in an order of its own.

A deadlock would be tried again and go unseen, so here nothing is tried again: none may happen at all.
`python -m benchmarks.stock_tills` does the same for a minute.
"""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from fynlo.core import database
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import RecipeNeed, StockLevel, StockMovement
from pos.orders.services import place_order
from pos.registers.models import Register
from tests.concurrency.rivals import at_once
from tests.factories import RegisterFactory, Shop, VariantFactory, published, shop
from tests.pos.orders.drafts import sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TILLS, SALES, SHARED, BASKET = 25, 3, 20, 5


def kitchen(tenant: Any) -> tuple[Shop, list[UUID], list[Register]]:
    """A shop whose four goods are dishes of twenty shared ingredients, which are sold by themselves too."""
    here = shop(tenant)
    with tenant_context(tenant):
        one = here.variants["roll"].item
        shared = [
            VariantFactory.create(item=one, name=f"Kind {number}", sku=f"SHARED{number}")
            for number in range(SHARED)
        ]
        published()
        for dish in ("cappuccino", "book"):
            for each in shared:
                RecipeNeed.objects.create(
                    owner_id=here.variants[dish].id,
                    effect="add",
                    ingredient_id=each.id,
                    numerator=1,
                    denominator=8,
                )
        tills = [RegisterFactory.create(location=here.location) for _ in range(TILLS)]
    here.variants.update({each.sku: each for each in shared})
    return here, [each.id for each in shared], tills


def selling(here: Shop, till: Register, seed: int) -> Callable[[], int]:
    """Several sales of two dishes among ingredients, in a random order."""

    def sell() -> int:
        chance = random.Random(seed)
        plain = [name for name in here.variants if name.startswith("SHARED")]
        for _ in range(SALES):
            names = ["cappuccino", "book", *chance.sample(plain, BASKET)]
            chance.shuffle(names)
            draft = sale(*(sold(here, name) for name in names))
            place_order(draft=draft, actor=here.actor(register=till), at=AT)
        return SALES

    return sell


def test_nobody_waits_in_a_circle_and_no_sale_fails(cafe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here, shared, tills = kitchen(cafe)
    monkeypatch.setattr(database, "_AGAIN", frozenset())
    outcomes = at_once(cafe, [selling(here, till, seed) for seed, till in enumerate(tills)])
    assert outcomes == [SALES] * TILLS
    with tenant_context(cafe):
        levels = dict(StockLevel.objects.values_list("variant_id", "on_hand"))
        moved = StockMovement.objects.values_list("variant_id").annotate(total=Sum("quantity"))
        assert levels == dict(moved)
        # Two dishes of an eighth of each, and five ingredients by themselves, in every sale.
        dishes = TILLS * SALES * 2 * Decimal("0.125") * SHARED
        assert sum(levels[key] for key in shared) == -(dishes + TILLS * SALES * BASKET)
