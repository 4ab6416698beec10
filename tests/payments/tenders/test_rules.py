"""The rules of ways to pay, as arithmetic."""

from decimal import Decimal

import pytest

from fynlo.core.money import Money
from payments.tenders.rules import (
    NO_RULES,
    TIP,
    TenderRules,
    beyond_due,
    broken_rules,
    foreign_worth,
    rules_of,
)


def broken(
    rules: TenderRules, *, amount: int, due: int = 1_000, reference: str = ""
) -> list[tuple[str, str]]:
    found = broken_rules(rules=rules, amount_minor=amount, due_minor=due, reference=reference, currency="EUR")
    return [(each.code, each.text) for each in found]


def test_a_way_to_pay_without_rules_takes_anything() -> None:
    assert broken(NO_RULES, amount=1) == []
    assert rules_of(None) == rules_of({}) == NO_RULES


@pytest.mark.parametrize(
    ("rules", "amount", "told"),
    [
        (
            TenderRules(smallest_minor=500),
            499,
            ("tender_too_small", "This way to pay takes 5.00 EUR or more."),
        ),
        (
            TenderRules(largest_minor=500),
            501,
            ("tender_too_large", "This way to pay takes 5.00 EUR at most."),
        ),
        (
            TenderRules(is_partial=False),
            999,
            ("tender_not_partial", "This way to pay takes all that is due, 10.00 EUR."),
        ),
        (TenderRules(needs_reference=True), 1_000, ("reference_needed", "The number on the slip is needed.")),
    ],
    ids=["small", "large", "partial", "reference"],
)
def test_a_rule_that_is_broken_is_told(rules: TenderRules, amount: int, told: tuple[str, str]) -> None:
    assert broken(rules, amount=amount) == [told]


def test_rules_that_are_just_kept_say_nothing() -> None:
    rules = TenderRules(smallest_minor=500, largest_minor=1_000, is_partial=False, needs_reference=True)
    assert broken(rules, amount=1_000, reference="A1") == []


def test_more_than_is_due_is_a_tip_only_where_the_rules_say_so() -> None:
    assert beyond_due(rules=NO_RULES, amount_minor=1_200, due_minor=1_000) == 0
    assert beyond_due(rules=TenderRules(over=TIP), amount_minor=1_200, due_minor=1_000) == 200
    assert beyond_due(rules=TenderRules(over=TIP), amount_minor=900, due_minor=1_000) == 0


@pytest.mark.parametrize(
    ("minor", "currency", "rate", "into", "worth"),
    [
        (2_000, "USD", "0.91", "EUR", 1_820),
        (1, "USD", "0.91", "EUR", 0),
        (1_000, "JPY", "0.0061", "EUR", 610),
        (1_999, "USD", "151.25", "JPY", 3_023),
        (5_000, "KWD", "3.02", "EUR", 1_510),
    ],
)
def test_foreign_notes_are_worth_whole_minor_units(
    minor: int, currency: str, rate: str, into: str, worth: int
) -> None:
    assert foreign_worth(foreign=Money(minor, currency), rate=Decimal(rate), currency=into) == worth
