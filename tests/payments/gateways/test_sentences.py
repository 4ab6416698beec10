"""The truth in one sentence: every state and every kind of failure has one, and none claims what is not known."""

import datetime as dt
import re
from itertools import product
from pathlib import Path

import pytest
from django.core.management import call_command

from payments.gateways.documents import attempt_told
from payments.gateways.languages import ENGLISH, FRENCH, GERMAN, LANGUAGES, Words
from payments.gateways.models import Attempt
from payments.gateways.reasons import OF_DECLINE, OF_READER, READER_WORKS, UNTOLD
from payments.gateways.sentences import SAME_CARD, reason_key, sentence, sentence_key
from payments.gateways.state_tables import payment_states_page
from payments.gateways.states import ATTEMPT, NEVER_MADE, UNDECIDABLE

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
KINDS = (
    *("", "declined", SAME_CARD, "try_again", "reader_trouble", "refused", "not_connected", "new_to_us"),
    *(NEVER_MADE, UNDECIDABLE),
)
CODES = ("", "new_to_us", "paid_before", *sorted({*OF_DECLINE, *OF_READER, *UNTOLD}))
CHANNELS = ("present", "remote", "qr", "manual", "value")
UNTOUCHED = ("prepared", "declined", "refused", "expired")
"""States in which it is certain that no money moved, so the cashier is told so."""
NOTHING = {"en": "nothing was taken", "de": "nichts abgebucht", "fr": "rien n’a "}
GAPS = re.compile(r"\{[a-z]+\}")
AMOUNT = {"en": "12.50 EUR", "de": "12,50 EUR", "fr": "12,50 EUR"}


def attempt(state: str, **facts: object) -> Attempt:
    values = {"currency": "EUR", "amount_minor": 1250, "channel": "present", **facts}
    return Attempt(state=state, **values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ATTEMPT.states)
def test_every_state_kind_code_and_channel_has_a_true_sentence(language: str, state: str) -> None:
    for kind, code, channel in product(KINDS, CODES, CHANNELS):
        row = attempt(state, failure_kind=kind, failure_code=code, channel=channel)
        told = sentence(row, language=language)
        assert AMOUNT[language] in told
        assert told.endswith(".")
        assert not any(left in told for left in ("{", "}", "  ")), told
        says_nothing = NOTHING[language] in told
        if state in UNTOUCHED:
            assert says_nothing, (kind, code, told)
        elif state != "cancelled":
            assert not says_nothing or channel in ("remote", "qr"), (kind, code, told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(UNTOLD))
@pytest.mark.parametrize("kind", ["declined", SAME_CARD])
def test_nobody_is_told_that_a_card_is_not_theirs(language: str, code: str, kind: str) -> None:
    """Word for word what is told of a decline without a reason."""
    for state in ATTEMPT.states:
        hidden = attempt(state, failure_kind=kind, failure_code=code)
        plain = attempt(state, failure_kind=kind, failure_code="card_declined")
        assert sentence(hidden, language=language) == sentence(plain, language=language)
        assert reason_key(hidden) == ""


def test_the_till_and_the_feed_do_not_learn_it_from_the_code_either(in_cafe: object) -> None:
    del in_cafe
    row = attempt(
        "declined",
        failure_kind="declined",
        failure_code="stolen_card",
        failure_text="Reported stolen.",
        at=AT,
    )
    told = attempt_told(row)
    assert told["failure"] == {"kind": "declined", "code": "card_declined", "text": "The card was declined."}
    assert "stolen" not in str(told)


@pytest.mark.parametrize(
    ("language", "row", "told"),
    [
        (
            "en",
            attempt("declined", failure_kind="declined", failure_code="insufficient_funds"),
            (
                "12.50 EUR was declined; nothing was taken. There is not enough money on the card. "
                "Take another card, or take it another way."
            ),
        ),
        (
            "de-AT",
            attempt("declined", failure_kind=SAME_CARD, failure_code="incorrect_pin"),
            (
                "Die Zahlung über 12,50 EUR wurde abgelehnt; es wurde nichts abgebucht. Die PIN war falsch. "
                "Dieselbe Karte darf noch einmal versucht werden."
            ),
        ),
        (
            "fr",
            attempt("declined", failure_kind="reader_trouble", failure_code="terminal_reader_busy"),
            (
                "Pour le paiement de 12,50 EUR, le lecteur n’a pas pu servir ; rien n’a été encaissé. "
                "Il est occupé à autre chose. Prenez un autre lecteur ou un autre moyen de paiement."
            ),
        ),
        (
            "de",
            attempt("unknown", currency="JPY"),
            (
                "Es ist noch nicht bekannt, ob die Zahlung über 1250 JPY erfolgt ist. Bitte nicht noch einmal "
                "kassieren: es wird nachgesehen."
            ),
        ),
        (
            "fr-CA",
            attempt("captured", currency="KWD", captured_minor=1250, settled_at=AT),
            "Le paiement de 1,250 KWD est encaissé.",
        ),
        ("el", attempt("presented"), "12.50 EUR is asked for; wait for the guest."),
    ],
    ids=["no money", "PIN", "busy", "yen", "dinar", "no Greek yet"],
)
def test_it_is_told_in_the_shops_language(language: str, row: Attempt, told: str) -> None:
    assert sentence(row, language=language) == told


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
            attempt("presented", failure_kind=SAME_CARD, failure_code="incorrect_pin", channel="remote"),
            "presented.declined",
            "12.50 EUR is still asked for; a card was declined. The PIN was wrong. Wait for the guest.",
        ),
        (
            attempt("declined", failure_kind="reader_trouble", failure_code="customer_canceled"),
            "declined.at_reader",
            (
                "12.50 EUR was not paid at the reader; nothing was taken. The guest cancelled at the reader. "
                "Ask again, or take it another way."
            ),
        ),
        (
            attempt("cancelled", failure_kind="refused", failure_code="paid_before"),
            "cancelled.paid_before",
            (
                "12.50 EUR was not asked for again: an earlier payment went through after all. "
                "Look at the order first."
            ),
        ),
        (
            attempt("prepared", currency="JPY"),
            "prepared",
            "1250 JPY is being prepared; nothing was taken yet.",
        ),
    ],
    ids=[
        "waits",
        "tip",
        "unsettled",
        "less",
        "overridden",
        "same card",
        "reserved",
        "declined on a page",
        "guest cancelled",
        "paid before",
        "yen",
    ],
)
def test_what_is_special_is_said(row: Attempt, key: str, told: str) -> None:
    assert (sentence_key(row), sentence(row)) == (key, told)


def test_keys_are_stable() -> None:
    assert sorted(ENGLISH.sentences) == [
        "authorised",
        "authorised.declined",
        "authorised.not_connected",
        "authorised.refused",
        "authorised.same_card",
        "authorised.try_again",
        "cancelled",
        "cancelled.paid_before",
        "captured",
        "captured.other_amount",
        "captured.unsettled",
        "declined",
        "declined.at_reader",
        "declined.reader_trouble",
        "declined.same_card",
        "expired",
        "expired.never_made",
        "prepared",
        "prepared.not_connected",
        "prepared.try_again",
        "presented",
        "presented.declined",
        "presented.link",
        "presented.not_connected",
        "presented.people",
        "presented.refused",
        "presented.try_again",
        "refused",
        "refused.not_connected",
        "unknown",
        "unknown.overridden",
        "unknown.undecidable",
    ]


@pytest.mark.parametrize("words", [GERMAN, FRENCH], ids=["German", "French"])
def test_every_language_has_every_sentence_and_reason_with_the_same_gaps(words: Words) -> None:
    assert list(words.sentences) == list(ENGLISH.sentences)
    assert list(words.reasons) == list(ENGLISH.reasons)
    for key, text in words.sentences.items():
        assert sorted(GAPS.findall(text)) == sorted(GAPS.findall(ENGLISH.sentences[key])), key
        assert text != ENGLISH.sentences[key]
    assert list(words.refunds) == list(ENGLISH.refunds)
    for key, text in words.refunds.items():
        assert GAPS.findall(text) == ["{amount}"] == GAPS.findall(ENGLISH.refunds[key])
        assert text != ENGLISH.refunds[key]
    assert list(words.page) == list(ENGLISH.page)
    assert not [key for key, text in words.page.items() if text == ENGLISH.page[key]]


def test_every_reason_belongs_to_a_code_and_every_code_to_a_reason() -> None:
    assert {*OF_DECLINE.values(), *OF_READER.values()} == set(ENGLISH.reasons)
    assert set(OF_READER.values()) > READER_WORKS
    assert not UNTOLD & {*OF_DECLINE, *OF_READER}


def test_the_page_says_what_the_tables_say() -> None:
    call_command("document_states", "--check")
    page = Path("docs/algorithms/payment-states.md").read_text(encoding="utf-8")
    assert page == payment_states_page()
    for key in (*ENGLISH.sentences, *ENGLISH.refunds, *ENGLISH.reasons, *ENGLISH.page):
        assert f"| `{key}` |" in page
