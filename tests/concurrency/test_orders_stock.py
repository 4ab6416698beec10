"""Tills that sell the same goods at the same moment: levels exact, numbers dense, nobody waits in a circle."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from payments.ledger.queries import trial_balance
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.services import movements as services
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.models import Register
from tests.concurrency.rivals import at_once, while_held
from tests.factories import Shop, shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TILLS, SALES = 6, 4


def selling(here: Shop, register: Register, seed: int) -> Callable[[], int]:
    """Several sales of everything, each time in another order."""

    def sell() -> int:
        chance = random.Random(seed)
        for _ in range(SALES):
            names = list(here.variants)
            chance.shuffle(names)
            draft = sale(*(sold(here, name) for name in names), tenders=(cash(here, 5000),))
            place_order(draft=draft, actor=here.actor(register=register), at=AT)
        return SALES

    return sell


def test_every_sale_counts_once_however_the_carts_are_ordered(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        before = head()
    registers = [here.register, here.second_register] * (TILLS // 2)
    outcomes = at_once(cafe, [selling(here, register, seed) for seed, register in enumerate(registers)])
    assert outcomes == [SALES] * TILLS
    total = TILLS * SALES
    with tenant_context(cafe):
        assert set(StockLevel.objects.values_list("on_hand", flat=True)) == {Decimal(-total)}
        sums = StockMovement.objects.values("variant").annotate(total=Sum("quantity"))
        assert {row["total"] for row in sums} == {Decimal(-total)}
        for register in (here.register, here.second_register):
            numbers = Order.objects.filter(register=register).order_by("number")
            assert list(numbers.values_list("number", flat=True)) == list(range(1, total // 2 + 1))
        assert head() == before + total
        assert sum(row.balance_minor for row in trial_balance()) == 0


def levels_in_lock_order(here: Shop) -> list[UUID]:
    """One level per variant, in the order in which sales lock them."""
    with tenant_context(here.tenant):
        place_order(draft=sale(*(sold(here, name) for name in here.variants)), actor=here.actor(), at=AT)
        return list(StockLevel.objects.order_by("variant_id").values_list("pk", flat=True))


def last_is_free_while_the_first_is_waited_for(here: Shop) -> bool:
    first, *_, last = levels_in_lock_order(here)
    variants = sorted(here.variants, key=lambda name: here.variants[name].id, reverse=True)

    def sell() -> None:
        draft = sale(*(sold(here, name) for name in variants))
        place_order(draft=draft, actor=here.actor(), at=AT)

    def is_free() -> bool:
        return StockLevel.objects.select_for_update(skip_locked=True).filter(pk=last).exists()

    with tenant_context(here.tenant):
        levels = StockLevel.objects.filter(pk=first)
    outcomes, free = while_held(here.tenant, levels.all, [sell], is_free)
    assert outcomes == [None]
    return bool(free)


def test_levels_are_locked_in_the_order_of_their_variants(cafe: Any) -> None:
    """A cart typed from last to first waits at the first variant, holding none of the later ones."""
    assert last_is_free_while_the_first_is_waited_for(shop(cafe))


def test_twin_that_locks_as_typed_holds_the_last_while_it_waits_for_the_first(
    cafe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_typed = services._MOVE.replace("ORDER BY change.variant_id\n", "ORDER BY change.variant_id DESC\n")
    assert as_typed != services._MOVE
    monkeypatch.setattr(services, "_MOVE", as_typed)
    assert not last_is_free_while_the_first_is_waited_for(shop(cafe))
