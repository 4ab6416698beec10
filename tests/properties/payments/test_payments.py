"""Money is asked for, paid, given back and disputed at random, and all goes wrong: nobody is charged twice."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fynlo.core.tenancy import tenant_context
from tests.contracts.gateways import returning, taking
from tests.contracts.gateways.case import Case
from tests.contracts.gateways.worlds.simulated import Simulated
from tests.factories import Shop, shop
from tests.properties.payments import mutants
from tests.properties.payments.driver import Product
from tests.properties.payments.machine import Trade
from tests.properties.payments.mutants import Mutant
from tests.properties.profiles import examples
from tests.properties.stock.test_stock import undone
from tests.told import NOTICED, SAID

pytestmark = pytest.mark.django_db

QUICK = settings(examples(25), phases=[Phase.generate], stateful_step_count=25)
"""A failing trade is shown as it was found: making it smaller would take minutes on a database."""

Story = Callable[[Case], None]

MUTANTS = [
    mutants.refund_cap_off,
    mutants.paid_on_intent_creation,
    mutants.webhook_not_deduplicated,
]


def machine(shop: Shop) -> type[Trade]:
    """The machine on this merchant; every example begins with an account in which nothing has happened."""

    class Here(Trade):
        """The machine of one test."""

        def product(self) -> Product:  # type: ignore[override]
            """A till with an account at the simulator, until the example ends."""
            self.stack = ExitStack()
            self.stack.enter_context(undone())
            return Product(shop=shop, world=Simulated())

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
    """A shop that has sold nothing yet."""
    return shop(cafe)


def test_money_is_where_a_pencil_says(here: Shop, record_property: Any) -> None:
    with tenant_context(here.tenant):
        trade = machine(here)
        run_state_machine_as_test(trade, settings=QUICK)
    done = ", ".join(f"{count} {what}" for what, count in trade.steps.most_common())
    record_property(SAID, f"payments: {QUICK.max_examples} examples, {trade.steps.total()} steps ({done})")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_mistakes_are_noticed(
    here: Shop, monkeypatch: pytest.MonkeyPatch, record_property: Any, mutant: Mutant
) -> None:
    mutant(monkeypatch)
    with tenant_context(here.tenant), pytest.raises((AssertionError, IntegrityError)):
        run_state_machine_as_test(machine(here), settings=QUICK)
    record_property(NOTICED, "payments")


@pytest.mark.parametrize(
    ("mutant", "story"),
    [
        (mutants.fallback_on_unknown, taking.second_charge_while_unknown),
        (mutants.random_key_per_retry, returning.refund_answer_lost_after_commit),
    ],
    ids=["fallback_on_unknown", "random_key_per_retry"],
)
def test_mistakes_are_noticed_where_an_answer_is_lost(
    here: Shop, monkeypatch: pytest.MonkeyPatch, record_property: Any, mutant: Mutant, story: Story
) -> None:
    """The machine meets these too rarely to be relied on: each has the one story that shows it."""
    with tenant_context(here.tenant):
        case = Case(shop=here, world=Simulated())
        mutant(monkeypatch)
        with pytest.raises(AssertionError):
            story(case)
    record_property(NOTICED, "payments")
