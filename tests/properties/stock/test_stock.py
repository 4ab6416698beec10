"""Two shops trade at random: levels, costs and promises are what a pencil says."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Item
from tests.factories import LocationFactory, Shop, shop
from tests.properties.profiles import examples
from tests.properties.stock import mutants
from tests.properties.stock.driver import Product
from tests.properties.stock.machine import Trade
from tests.properties.stock.mutants import Mutant
from tests.told import NOTICED, SAID

pytestmark = pytest.mark.django_db

QUICK = settings(examples(40), phases=[Phase.generate])
"""A failing trade is shown as it was found: making it smaller would take minutes on a database."""
MANY = 500
"""Of how many movements the costs are compared at least; the others went round in a circle."""
MUTANTS = [
    mutants.clamp_at_zero,
    mutants.read_modify_write,
    mutants.cost_of_the_last_layer,
    mutants.costs_in_order_of_arrival,
    mutants.owed_for_ever,
    mutants.count_forgotten,
    mutants.count_by_arrival,
    mutants.double_restock,
    mutants.promises_forgotten,
]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as Django's own test cases say it: what is inside may begin units of work
    with around:
        yield
        transaction.set_rollback(True)


def machine(shop: Shop) -> type[Trade]:
    """The machine on this merchant; every example begins with empty shelves."""
    store = LocationFactory.create(code="store")
    goods = dict(zip(("beans", "milk", "cake"), (each.id for each in shop.variants.values()), strict=False))

    class Here(Trade):
        """The machine of one test."""

        def product(self, method: str) -> Product:  # type: ignore[override]
            """The merchant's stock, until the example ends."""
            self.stack = ExitStack()
            self.stack.enter_context(undone())
            return Product(
                goods=goods, locations={"shop": shop.location.id, "store": store.id}, method=method
            )

        def teardown(self) -> None:
            """Compare, then undo."""
            try:
                super().teardown()
            finally:
                if hasattr(self, "stack"):
                    self.stack.close()

    return Here


@pytest.fixture
def here(cafe: Any) -> Shop:
    """A shop whose goods are sold by weight; nothing has moved yet."""
    made = shop(cafe)
    with tenant_context(cafe):
        Item.objects.update(unit="kg")
    return made


def test_two_shops_trade_as_a_pencil_says(here: Shop, record_property: Any) -> None:
    with tenant_context(here.tenant):
        trade = machine(here)
        run_state_machine_as_test(trade, settings=QUICK)
    assert trade.compared > MANY
    record_property(
        SAID, f"stock: {QUICK.max_examples} examples, the costs of {trade.compared} movements compared"
    )


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_mistakes_are_noticed(
    here: Shop, monkeypatch: pytest.MonkeyPatch, record_property: Any, mutant: Mutant
) -> None:
    mutant(monkeypatch)
    with tenant_context(here.tenant), pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(machine(here), settings=QUICK)
    record_property(NOTICED, "stock")
