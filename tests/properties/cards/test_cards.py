"""Everything that happens to gift cards, at random: balances, reservations and books follow a pencil."""

from contextlib import ExitStack
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fynlo.core.errors import DomainError
from fynlo.core.tenancy import tenant_context
from tests.factories import Shop, shop
from tests.properties.cards import mutants
from tests.properties.cards.driver import Product
from tests.properties.cards.machine import Cards
from tests.properties.cards.mutants import Mutant
from tests.properties.profiles import examples
from tests.properties.stock.test_stock import undone
from tests.told import NOTICED, SAID

pytestmark = pytest.mark.django_db

QUICK = settings(examples(40), phases=[Phase.generate], stateful_step_count=25)
MUTANTS = [
    mutants.guard_left_away,
    mutants.reserved_is_for_everybody,
    mutants.blocked_cards_pay,
    mutants.reservations_are_not_drawn,
    mutants.overdraft_forgotten,
    mutants.release_covers_nothing,
    mutants.given_again,
    mutants.breakage_not_booked,
]


def machine(here: Shop) -> type[Cards]:
    """The machine on this merchant; every example begins without cards."""

    class Here(Cards):
        """The machine of one test."""

        def product(self) -> Product:
            """The merchant's cards, until the example ends."""
            self.stack = ExitStack()
            self.stack.enter_context(undone())
            tills = {"one": here.register.id, "two": here.second_register.id}
            return Product(tills=tills, currency=here.tenant.currency)

        def teardown(self) -> None:
            """Undo."""
            if hasattr(self, "stack"):
                self.stack.close()

    return Here


@pytest.fixture
def here(cafe: Any) -> Shop:
    """A shop with two tills."""
    return shop(cafe)


def test_cards_are_what_a_pencil_says(here: Shop, record_property: Any) -> None:
    Cards.steps.clear()
    with tenant_context(here.tenant):
        run_state_machine_as_test(machine(here), settings=QUICK)
    done = ", ".join(f"{count} {what}" for what, count in Cards.steps.most_common())
    record_property(SAID, f"cards: {QUICK.max_examples} examples, {Cards.steps.total()} steps ({done})")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_mistakes_are_noticed(
    here: Shop, monkeypatch: pytest.MonkeyPatch, record_property: Any, mutant: Mutant
) -> None:
    mutant(monkeypatch)
    with tenant_context(here.tenant), pytest.raises((AssertionError, IntegrityError, DomainError)):
        run_state_machine_as_test(machine(here), settings=QUICK)
    record_property(NOTICED, "cards")
