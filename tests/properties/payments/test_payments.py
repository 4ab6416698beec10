"""Money is asked for, paid, given back and disputed at random, and all goes wrong: nobody is charged twice."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fynlo.core.tenancy import tenant_context
from tests.contracts.gateways import returning, taking
from tests.contracts.gateways.case import Case
from tests.contracts.gateways.worlds.simulated import Simulated
from tests.factories import Shop, shop
from tests.properties.payments import mutants
from tests.properties.payments.mutants import Mutant
from tests.properties.payments.playing import Sold, machine
from tests.properties.payments.weather import Broken
from tests.properties.profiles import examples
from tests.told import NOTICED, SAID

pytestmark = pytest.mark.django_db

QUICK = settings(examples(25), phases=[Phase.generate], stateful_step_count=25)
"""A failing trade is shown as it was found: making it smaller would take minutes on a database."""
BACK = settings(examples(10), phases=[Phase.generate], stateful_step_count=25)
STORM = settings(QUICK, max_examples=400)
"""As many as a mistake may need; a machine that fails stops at once."""

Story = Callable[[Case], None]

CAUGHT: dict[Mutant, set[str]] = {
    mutants.random_key_per_retry: {"asked once", "charged once", "not more back", "went back", "payouts"},
    mutants.refund_cap_off: {"refund cap", "not more back"},
    mutants.paid_on_intent_creation: {"paid is taken"},
    mutants.webhook_not_deduplicated: {"bells"},
    mutants.fallback_on_unknown: {"charged once"},
}
"""Which invariants of the machine a mistake breaks."""


@pytest.fixture
def here(cafe: Any) -> Shop:
    """A shop that has sold nothing yet."""
    return shop(cafe)


def test_money_is_where_a_pencil_says(here: Shop, record_property: Any) -> None:
    with tenant_context(here.tenant):
        trade = machine(here)
        run_state_machine_as_test(trade, settings=QUICK)
    done = f"{QUICK.max_examples} examples, {trade.steps.total()} steps ({_told(trade.steps)})"
    record_property(SAID, f"payments: {done}")
    record_property(SAID, f"payments, faults: {trade.faults.total()} ({_told(trade.faults)})")


def test_what_was_taken_goes_back_as_a_pencil_says(here: Shop, record_property: Any) -> None:
    with tenant_context(here.tenant):
        trade = machine(here, day=Sold)
        run_state_machine_as_test(trade, settings=BACK)
    done = f"{BACK.max_examples} examples, {trade.steps.total()} steps ({_told(trade.steps)})"
    record_property(SAID, f"payments, going back: {done}")


@pytest.mark.parametrize("mutant", CAUGHT, ids=lambda mutant: mutant.__name__)
def test_mistakes_are_noticed(
    here: Shop, monkeypatch: pytest.MonkeyPatch, record_property: Any, mutant: Mutant
) -> None:
    """By the machine, in a storm, and by an invariant that says what went wrong."""
    mutant(monkeypatch)
    trade = machine(here, "stormy", day=Sold)
    with tenant_context(here.tenant), pytest.raises(Broken) as broken:
        run_state_machine_as_test(trade, settings=STORM)
    assert broken.value.name in CAUGHT[mutant], broken.value
    record_property(NOTICED, "payments")
    record_property(
        SAID, f"payments, {mutant.__name__}: {broken.value.name!r} broken in example {trade.examples - 1}"
    )


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.most_common())


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
    """The one story that shows each of them."""
    with tenant_context(here.tenant):
        case = Case(shop=here, world=Simulated())
        mutant(monkeypatch)
        with pytest.raises(AssertionError):
            story(case)
    record_property(NOTICED, "payments")
