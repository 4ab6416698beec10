"""Each field has one form; everything that resembles it is refused."""

import uuid
from decimal import Decimal

import pytest

from fynlo.api.fields import MoneyField
from fynlo.core.money import Money
from tests.api.orders import LINE, ORDER, changed, details, draft, problems


@pytest.mark.parametrize(
    "value",
    [
        ORDER.upper(),
        ORDER.replace("-", ""),
        "{" + ORDER + "}",
        "urn:uuid:" + ORDER,
        " " + ORDER,
        ORDER + "\n",
        "7d444840-9dc0-41d1-b245-5ffdce74fad2",
        "00000000-0000-0000-0000-000000000000",
        ORDER.replace("-8000-", "-c000-"),
        ORDER.replace("0", "٠"),
        int(uuid.UUID(ORDER)),
        17,
        "",
    ],
)
def test_ids_have_one_spelling(value):
    assert problems(changed(id=value)) == [("/id", "invalid")]


@pytest.mark.parametrize("value", ["2", "2.0", 2.0, True, [2], {}, "٢"])
def test_integers_are_integers(value):
    assert problems(changed(guests=value)) == [("/guests", "invalid")]


@pytest.mark.parametrize("value", [1, 0, "true", "yes", "on", "", []])
def test_booleans_are_booleans(value):
    assert problems(changed(paid=value)) == [("/paid", "invalid")]


@pytest.mark.parametrize("value", [1, "EAT_IN", "eat_in ", "", True, ["eat_in"]])
def test_choices_are_spelled_exactly(value):
    assert problems(changed(kind=value)) == [("/kind", "invalid_choice")]


def test_a_wrong_choice_is_told_the_nearest_one():
    assert details(changed(kind="eat-in")) == ['This is not one of the known values. Did you mean "eat_in"?']
    assert details(changed(kind="zzz")) == [
        "This is not one of the known values. Known are eat_in, take_away."
    ]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (7, "invalid"),
        (True, "invalid"),
        ([], "invalid"),
        ({}, "invalid"),
        (None, "null"),
        ("x" * 21, "max_length"),
        ("a\x00b", "control_character"),
        ("a\nb", "control_character"),
        ("a\x1bp0", "control_character"),
        ("a\x85b", "control_character"),
    ],
)
def test_text_is_text(value, code):
    line = {"id": LINE, "quantity": "1", "note": value}
    assert problems(changed(lines=[line])) == [("/lines/0/note", code)]


@pytest.mark.parametrize("value", ["", " ", "\t\n", "\u00a0\u2003"])
def test_text_of_white_space_only_is_blank(value):
    assert problems(changed(comment=value)) == [("/comment", "blank")]
    line = {"id": LINE, "quantity": "1", "note": value}
    assert draft(changed(lines=[line]))["lines"][0]["note"] == ""


def test_text_is_trimmed_before_its_length_counts():
    line = {"id": LINE, "quantity": "1", "note": " " * 30 + "x" * 20}
    assert draft(changed(lines=[line]))["lines"][0]["note"] == "x" * 20


@pytest.mark.parametrize("value", ["1234567890123", "١", "１", "--1", "1,5", "0x1"])
def test_quantities_are_short_and_in_ascii_digits(value):
    assert problems(changed(lines=[{"id": LINE, "quantity": value}])) == [("/lines/0/quantity", "invalid")]


@pytest.mark.parametrize(
    "value",
    [
        1,
        1.5,
        True,
        None,
        "",
        "+1",
        "01",
        "1.",
        ".5",
        "1.1234567",
        "1e3",
        "1_000",
        "NaN",
        "Infinity",
        " 1",
        "1\n",
    ],
)
def test_quantities_are_decimals_in_text(value):
    line = {"id": LINE, "quantity": value}
    ((pointer, code),) = problems(changed(lines=[line]))
    assert (pointer, code) in (("/lines/0/quantity", "invalid"), ("/lines/0/quantity", "null"))


@pytest.mark.parametrize(
    ("value", "code"),
    [("0", "not_positive"), ("-0.000", "not_positive"), ("-1", "not_positive"), ("1.2345", "too_precise")],
)
def test_quantities_keep_their_bounds(value, code):
    assert problems(changed(lines=[{"id": LINE, "quantity": value}])) == [("/lines/0/quantity", code)]


def test_quantities_are_exact():
    line = {"id": LINE, "quantity": "123456789012.125"}
    assert draft(changed(lines=[line]))["lines"][0]["quantity"] == Decimal("123456789012.125")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1250, [("/tip", "invalid")]),
        ("12.50 EUR", [("/tip", "invalid")]),
        ([], [("/tip", "invalid")]),
        (None, [("/tip", "null")]),
        ({}, [("/tip/amount_minor", "required"), ("/tip/currency", "required")]),
        ({"amount_minor": "5", "currency": "EUR"}, [("/tip/amount_minor", "not_an_integer")]),
        ({"amount_minor": True, "currency": "EUR"}, [("/tip/amount_minor", "not_an_integer")]),
        ({"amount_minor": None, "currency": "EUR"}, [("/tip/amount_minor", "not_an_integer")]),
        ({"amount_minor": 5, "currency": "eur"}, [("/tip/currency", "unknown_currency")]),
        ({"amount_minor": 5, "currency": "XXX"}, [("/tip/currency", "unknown_currency")]),
        ({"amount_minor": 5, "currency": ["EUR"]}, [("/tip/currency", "unknown_currency")]),
        ({"amount_minor": 5, "currency": "GBP"}, [("/tip/currency", "wrong_currency")]),
        ({"amount_minor": 5, "currency": "EUR", "amount": 5}, [("/tip/amount", "unknown_field")]),
    ],
)
def test_money_has_two_members(value, expected):
    assert problems(changed(tip=value)) == expected


def test_money_is_not_negative_unless_it_may_be():
    line = {"id": LINE, "quantity": "1", "price": {"amount_minor": -1, "currency": "EUR"}}
    assert problems(changed(lines=[line])) == [("/lines/0/price/amount_minor", "negative")]


def test_money_is_answered_as_amount_and_currency():
    assert MoneyField().to_representation(Money(1250, "JPY")) == {"amount_minor": 1250, "currency": "JPY"}


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01",
        "2026-03-01T12:00:00",
        "2026-03-01 12:00:00Z",
        "2026-03-01T12:00Z",
        "2026-03-01T12:00:00z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T12:60:00Z",
        "2026-03-01T12:00:60Z",
        "2026-02-30T12:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "2026-03-01T12:00:00+24:00",
        "2026-03-01T12:00:00.1234567Z",
        "2026-W09-7T12:00:00Z",
        "٢٠٢٦-03-01T12:00:00Z",
        1772366400,
        True,
    ],
)
def test_times_are_rfc_3339(value):
    assert problems(changed(opened_at=value)) == [("/opened_at", "invalid")]


@pytest.mark.parametrize(
    "value", ["2026-3-1", "2026-02-30", "20260301", "2026-03-01T00:00:00Z", 20260301, "0000-01-01"]
)
def test_dates_are_calendar_days(value):
    assert problems(changed(business_date=value)) == [("/business_date", "invalid")]


@pytest.mark.parametrize(
    ("value", "pointer", "code"),
    [
        ("a", "/tags", "not_a_list"),
        (["a", "b", "c"], "/tags", "max_length"),
        ([1], "/tags/0", "invalid"),
        ({"0": "a"}, "/tags", "not_a_list"),
    ],
)
def test_lists_of_text(value, pointer, code):
    assert problems(changed(tags=value)) == [(pointer, code)]
