"""Two tills trade at random: orders, drawers, numbers and books are what a pencil says."""

from contextlib import ExitStack
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fynlo.core.actors import SYSTEM
from fynlo.core.errors import DomainError
from fynlo.core.tenancy import tenant_context
from payments.credit.models import HouseAccount
from payments.tenders.models import TenderType
from pos.catalog.documents.reading import read_documents
from pos.catalog.services.documents import save_documents
from tests.factories import Shop, shop
from tests.properties.counter import mutants
from tests.properties.counter.driver import START, Product
from tests.properties.counter.mutants import Mutant
from tests.properties.counter.returns import Returns
from tests.properties.profiles import examples
from tests.properties.stock.test_stock import undone
from tests.told import NOTICED, SAID

pytestmark = pytest.mark.django_db

QUICK = settings(examples(40), phases=[Phase.generate], stateful_step_count=25)
"""A failing trade is shown as it was found: making it smaller would take minutes on a database."""

MUTANTS = [
    mutants.change_forgotten,
    mutants.tips_are_sales,
    mutants.number_without_an_order,
    mutants.refunds_lower_the_grand_total,
    mutants.void_deletes,
    mutants.cancelled_is_still_owed,
    mutants.no_cap_on_refunds,
    mutants.refund_steps_rounded_alone,
    mutants.refund_rounding_forgotten,
    mutants.tickets_are_not_rounded,
    mutants.drops_are_expenses,
    mutants.closing_by_time,
    mutants.sums_without_tips,
    mutants.sums_of_what_was_handed_over,
    mutants.late_refunds_in_todays_drawer,
    mutants.chain_that_stands_still,
]


def machine(shop: Shop) -> type[Returns]:
    """The machine on this merchant; every example begins with closed drawers and nothing sold."""

    class Here(Returns):
        """The machine of one test."""

        def product(self, increment: int) -> Product:  # type: ignore[override]
            """The merchant's tills, until the example ends."""
            self.stack = ExitStack()
            self.stack.enter_context(undone())
            (before,) = read_documents(kind="settings").values()
            stated = {**before, "cash_increment": increment}
            save_documents(documents=[("settings", stated)], actor=SYSTEM, at=START, cause="test")
            return Product(shop=shop, house_id=HouseAccount.objects.values_list("pk", flat=True).get())

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
    """A shop with two tills that takes cash, cards and promises."""
    made = shop(cafe)
    with tenant_context(cafe):
        TenderType.objects.create(code="card", name="Card", kind="card")
        TenderType.objects.create(code="house", name="On account", kind="house_account")
        HouseAccount.objects.create(code="H1", name="The school", opened_at=START)
    return made


def test_two_tills_trade_as_a_pencil_says(here: Shop, record_property: Any) -> None:
    with tenant_context(here.tenant):
        trade = machine(here)
        run_state_machine_as_test(trade, settings=QUICK)
    done = ", ".join(f"{count} {what}" for what, count in trade.steps.most_common())
    record_property(SAID, f"counter: {QUICK.max_examples} examples, {trade.steps.total()} steps ({done})")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_mistakes_are_noticed(
    here: Shop, monkeypatch: pytest.MonkeyPatch, record_property: Any, mutant: Mutant
) -> None:
    mutant(monkeypatch)
    with tenant_context(here.tenant), pytest.raises((AssertionError, IntegrityError, DomainError)):
        run_state_machine_as_test(machine(here), settings=QUICK)
    record_property(NOTICED, "counter")
