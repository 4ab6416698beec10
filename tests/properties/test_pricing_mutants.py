"""Mistakes built into the engine, one at a time: the properties, the reference and the vectors must notice them.

Every property is tried on a fixed crowd of random sales (`pool`), which the engine as it is passes.
"""

from random import Random

import pytest

from tests.pricing_reference.cases import all_cases, differences, operation_of
from tests.properties import mutants
from tests.properties import pricing_rules as rules
from tests.properties.agreement import cash_agrees, prices_agree, refunds_agree, splits_agree
from tests.properties.mutants import Mutant
from tests.properties.pool import pool
from tests.properties.pricing_rules import AGREEMENTS, PROPERTIES, Property
from tests.vectors.test_vectors import engine_answer

CAUGHT_BY: list[tuple[Property, Mutant]] = [
    (rules.levels_add_up, mutants.net_below_zero),
    (rules.allocations_make_the_discount, mutants.record_a_unit_short),
    (rules.allocations_make_the_discount, mutants.share_not_told),
    (rules.discounts_are_worth_what_they_say, mutants.remainder_dropped),
    (rules.discounts_are_worth_what_they_say, mutants.discount_a_unit_short),
    (rules.everything_off_is_free, mutants.deposit_on_free_goods),
    (rules.everything_off_is_free, mutants.discount_a_unit_short),
    (rules.a_tip_is_apart, mutants.tip_is_taxed),
    (rules.a_tip_is_apart, mutants.tip_is_a_line),
    (rules.order_of_lines_changes_nothing, mutants.ties_by_place),
    (rules.order_of_lines_changes_nothing, mutants.digest_by_place),
    (rules.more_never_costs_less, mutants.bulk_price_from_nowhere),
    (rules.contained_and_added_tax_agree, mutants.contained_tax_of_the_gross_price),
    (rules.a_full_refund_is_the_sale_negated, mutants.cash_always_up),
    (rules.a_full_refund_is_the_sale_negated, mutants.charge_keeps_its_tax),
    (rules.refunds_in_steps_add_up, mutants.refund_forgets_the_steps_before),
    (rules.components_add_up_to_the_line, mutants.component_forgets_the_steps_before),
    (rules.components_add_up_to_the_line, mutants.last_component_leaves_cents),
    (rules.checks_add_up_to_the_whole, mutants.split_drops_cents),
    (rules.effects_make_the_total, mutants.explanation_without_last_steps),
    (refunds_agree, mutants.refunds_rounded_down),
    (refunds_agree, mutants.component_forgets_the_steps_before),
    (splits_agree, mutants.split_drops_cents),
    (cash_agrees, mutants.cash_always_up),
]

DIFFERENT: list[Mutant] = [
    mutants.net_below_zero,
    mutants.remainder_dropped,
    mutants.promotion_remainder_dropped,
    mutants.ties_by_place,
    mutants.tip_is_taxed,
    mutants.contained_tax_of_the_gross_price,
    mutants.half_even_is_half_up,
    mutants.half_up_is_half_even,
    mutants.tax_remainder_to_the_first,
    mutants.discounts_rounded_down,
    mutants.discount_base_off_by_one,
    mutants.promotions_reversed,
    mutants.compound_ignored,
    mutants.contained_tax_kept,
    mutants.window_end_inclusive,
    mutants.window_on_the_wrong_day,
    mutants.minimum_has_to_be_exceeded,
    mutants.scheduled_price_late,
    mutants.cap_forgotten,
    mutants.exclusive_joins_others,
    mutants.groups_stack,
    mutants.excluded_goods_get_it,
    mutants.units_used_twice,
    mutants.dearest_is_free,
    mutants.dearest_are_got,
    mutants.waiving_ignored,
    mutants.charges_untaxed,
    mutants.upcharges_forgotten,
    mutants.modifier_price_everywhere,
    mutants.own_order_type_ignored,
]


def holds_for_the_crowd(holds: Property) -> None:
    """The property, on every sale of the pool."""
    for number, sale in enumerate(pool()):
        holds(sale, Random(number))


def holds_for_the_vectors() -> None:
    """The engine says what the published cases say."""
    for case in all_cases():
        if operation_of(case) != "refuse":
            assert differences(case["expected"], engine_answer(case)) == []


def name_of(value: object) -> str | None:
    """A mutant is named after its mistake."""
    return value.name if isinstance(value, Mutant) else None


@pytest.mark.parametrize("holds", PROPERTIES + AGREEMENTS)
def test_the_engine_as_it_is_passes(holds: Property) -> None:
    holds_for_the_crowd(holds)


def test_every_property_has_a_mistake_to_notice() -> None:
    assert {holds for holds, _ in CAUGHT_BY} | {prices_agree} == set(PROPERTIES + AGREEMENTS)


@pytest.mark.parametrize(("holds", "mutant"), CAUGHT_BY, ids=name_of)
def test_a_property_notices(monkeypatch: pytest.MonkeyPatch, holds: Property, mutant: Mutant) -> None:
    monkeypatch.setattr(mutant.module, mutant.function, mutant.wrong)
    with pytest.raises(AssertionError):
        holds_for_the_crowd(holds)


@pytest.mark.parametrize("mutant", DIFFERENT, ids=name_of)
def test_the_reference_notices(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    monkeypatch.setattr(mutant.module, mutant.function, mutant.wrong)
    with pytest.raises(AssertionError):
        holds_for_the_crowd(prices_agree)


@pytest.mark.parametrize("mutant", DIFFERENT, ids=name_of)
def test_the_vectors_notice(monkeypatch: pytest.MonkeyPatch, mutant: Mutant) -> None:
    monkeypatch.setattr(mutant.module, mutant.function, mutant.wrong)
    with pytest.raises(AssertionError):
        holds_for_the_vectors()
