"""The truth in one sentence: every state and every kind of failure has one, and none claims what is not known."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from payments.gateways.models import Attempt
from payments.gateways.sentences import ENGLISH, SAME_CARD, sentence, sentence_key
from payments.gateways.state_tables import payment_states_page
from payments.gateways.states import ATTEMPT

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
KINDS = ("", "declined", SAME_CARD, "try_again", "reader_trouble", "refused", "not_connected", "new_to_us")
TAKEN = ("captured", "unknown")
UNTOUCHED = ("prepared", "declined", "cancelled", "expired", "refused")


def attempt(state: str, **facts: object) -> Attempt:
    values = {"currency": "EUR", "amount_minor": 1250, "channel": "present", **facts}
    return Attempt(state=state, **values)


@pytest.mark.parametrize("state", ATTEMPT.states)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channel", ["present", "remote", "qr", "manual", "value"])
def test_every_state_and_failure_has_a_sentence(state: str, kind: str, channel: str) -> None:
    told = sentence(attempt(state, failure_kind=kind, channel=channel))
    assert "12.50 EUR" in told
    assert told.endswith(".")
    if state in UNTOUCHED:
        assert "nothing was taken" in told or state in ("cancelled", "expired"), told
    if state not in UNTOUCHED:
        assert "nothing was taken" not in told or channel in ("remote", "qr"), told


@pytest.mark.parametrize(
    ("row", "key", "told"),
    [
        (attempt("presented"), "presented", "12.50 EUR is asked for; wait for the guest."),
        (
            attempt("captured", tip_minor=150, captured_minor=1400, settled_at=AT),
            "captured",
            "14.00 EUR was taken.",
        ),
        (
            attempt("captured", captured_minor=1250, trouble="closed"),
            "captured.unsettled",
            "12.50 EUR was taken and is not put to an order yet.",
        ),
        (
            attempt("captured", captured_minor=1200, settled_at=AT),
            "captured.other_amount",
            "12.00 EUR was taken; 12.50 EUR was asked for.",
        ),
        (
            attempt("unknown", overridden_at=AT),
            "unknown.overridden",
            "It is not known whether 12.50 EUR was taken; somebody allowed another payment. If it was, it is kept.",
        ),
        (
            attempt("declined", failure_kind=SAME_CARD),
            "declined.same_card",
            "12.50 EUR was declined; nothing was taken. The same card may be tried again.",
        ),
        (
            attempt("authorised", authorised_minor=5000, failure_kind="declined"),
            "authorised.declined",
            "50.00 EUR stays reserved on the card; more was declined.",
        ),
        (
            attempt("prepared", currency="JPY"),
            "prepared",
            "1250 JPY is being prepared; nothing was taken yet.",
        ),
    ],
    ids=["waits", "tip", "unsettled", "less", "overridden", "same card", "reserved", "yen"],
)
def test_what_is_special_is_said(row: Attempt, key: str, told: str) -> None:
    assert (sentence_key(row), sentence(row)) == (key, told)


def test_keys_are_stable() -> None:
    assert sorted(ENGLISH) == [
        "authorised",
        "authorised.declined",
        "authorised.refused",
        "authorised.try_again",
        "cancelled",
        "captured",
        "captured.other_amount",
        "captured.unsettled",
        "declined",
        "declined.reader_trouble",
        "declined.same_card",
        "expired",
        "prepared",
        "prepared.not_connected",
        "prepared.try_again",
        "presented",
        "presented.link",
        "presented.people",
        "presented.try_again",
        "refused",
        "refused.not_connected",
        "unknown",
        "unknown.overridden",
    ]


def test_a_translation_is_another_table_of_the_same_keys() -> None:
    german = {**ENGLISH, "presented": "{amount} wird verlangt; bitte auf den Gast warten."}
    assert sentence(attempt("presented"), german) == "12.50 EUR wird verlangt; bitte auf den Gast warten."


def test_the_page_says_what_the_tables_say() -> None:
    call_command("document_states", "--check")
    page = Path("docs/algorithms/payment-states.md").read_text(encoding="utf-8")
    assert page == payment_states_page()
    for key in ENGLISH:
        assert f"| `{key}` |" in page
