"""Every code a page may show has a word; amounts in the details of a step are written as people write them."""

from collections.abc import Iterable, Mapping
from dataclasses import fields

import pytest

from payments.gateways import base, states, words
from payments.gateways.models.connections import CONNECTION_STATES, UNCHECKED
from payments.gateways.registry import BUILT
from payments.reconciliation import states as reconciling
from payments.reconciliation import words as reconciled
from payments.reconciliation.categories import ABOUT


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        pytest.param(states.ATTEMPT.states, words.ATTEMPT, id="attempt"),
        pytest.param(states.REFUND_STATES, words.REFUND, id="refund"),
        pytest.param([*CONNECTION_STATES, UNCHECKED], words.ACCOUNT, id="account"),
        pytest.param(BUILT, words.GATEWAY, id="gateway"),
        pytest.param([each.name for each in fields(base.Capabilities)], words.CAPABILITY, id="capability"),
        pytest.param(reconciling.RUN.states, reconciled.RUN, id="run"),
        pytest.param(reconciling.STEPS, reconciled.STEP, id="step"),
        pytest.param(reconciling.LINE_STATES, reconciled.LINE, id="line"),
        pytest.param(reconciling.DISPUTE_STATES, reconciled.DISPUTE, id="dispute"),
    ],
)
def test_every_code_has_a_word(codes: Iterable[str], table: Mapping[str, str]) -> None:
    assert set(codes) == set(table)


def test_a_code_that_is_not_known_is_its_own_word() -> None:
    assert words.word("climate_contribution", reconciled.CATEGORY) == "Climate contribution"
    assert set(reconciled.CATEGORY) <= set(ABOUT)


def test_details_of_a_step_are_words_and_amounts() -> None:
    detail = {
        "told": "captured",
        "vendor_id": "pay_1",
        "captured_minor": 1250,
        "authorised_minor": 0,
        "said": {},
    }
    assert words.details(detail, "EUR") == [
        ("The provider says", "Taken"),
        ("Its name there", "pay_1"),
        ("Taken", "12.50 EUR"),
    ]
    assert words.details({"said": {"amount_minor": 500}, "certain": False}, "JPY") == [
        ("Amount", "500 JPY"),
        ("For certain", "no"),
    ]


@pytest.mark.parametrize(
    ("key", "name"),
    [("payouts_unexplained", "Payouts not explained yet"), ("tender:card", "Received by card"), ("", "")],
)
def test_an_account_is_called_by_its_name(key: str, name: str) -> None:
    assert reconciled.account(key) == name
