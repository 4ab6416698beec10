"""Fields take one JSON type in one spelling; every fault comes back with its pointer."""

import copy
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from fynlo.api.fields import MoneyField
from fynlo.api.validation import field_problems
from fynlo.core.money import Money
from tests.api.urls import OrderSerializer

ORDER = "01920000-0000-7000-8000-0000000000aa"
LINE = "01920000-0000-7000-8000-0000000000bb"
GOOD: dict[str, Any] = {"id": ORDER, "lines": [{"id": LINE, "quantity": "1"}]}


def draft(document: Any, currency: str = "EUR") -> Any:
    serializer = OrderSerializer(data=document, context={"currency": currency})
    serializer.is_valid(raise_exception=True)
    return serializer.to_draft()


def problems(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        draft(document)
    return [(problem.pointer, problem.code) for problem in field_problems(refused.value.detail)]


def details(document: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        draft(document)
    return [problem.detail for problem in field_problems(refused.value.detail)]


def changed(**members: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), **members}


def test_a_full_order_becomes_a_draft():
    assert draft(
        {
            "id": ORDER,
            "lines": [
                {
                    "id": LINE,
                    "quantity": "0.250",
                    "price": {"amount_minor": 450, "currency": "EUR"},
                    "note": "  ohne Zucker ",
                }
            ],
            "kind": "eat_in",
            "guests": 2,
            "paid": False,
            "opened_at": "2026-03-01T13:00:01.5+01:00",
            "business_date": "2026-02-28",
            "tags": ["a", "b"],
            "comment": "first\nsecond",
            "tip": {"amount_minor": -5, "currency": "EUR"},
        }
    ) == {
        "id": uuid.UUID(ORDER),
        "lines": [
            {
                "id": uuid.UUID(LINE),
                "quantity": Decimal("0.250"),
                "price": Money(450, "EUR"),
                "note": "ohne Zucker",
            }
        ],
        "kind": "eat_in",
        "guests": 2,
        "paid": False,
        "opened_at": dt.datetime(2026, 3, 1, 12, 0, 1, 500_000, dt.UTC),
        "business_date": dt.date(2026, 2, 28),
        "tags": ["a", "b"],
        "comment": "first\nsecond",
        "tip": Money(-5, "EUR"),
    }


@pytest.mark.parametrize("document", [None, [], "order", 7, True])
def test_a_document_that_is_no_object(document):
    assert [code for _, code in problems(document)] in (["not_an_object"], ["null"])


def test_unknown_fields_are_refused_with_the_nearest_name():
    document = changed(linse=[], lines=[{"id": LINE, "quantity": "1", "quantitty": "2"}])
    assert problems(document) == [("/lines/0/quantitty", "unknown_field"), ("/linse", "unknown_field")]
    assert details(document) == [
        'This field is not known here. Did you mean "quantity"?',
        'This field is not known here. Did you mean "lines"?',
    ]


def test_an_unknown_field_that_resembles_nothing_is_told_all_names():
    (detail,) = details(changed(lines=[{"id": LINE, "quantity": "1", "zzz": 1}]))
    assert detail == "This field is not known here. Known are id, quantity, price, note."


@pytest.mark.parametrize(
    ("name", "pointer"),
    [("a/b", "/a~1b"), ("m~n", "/m~0n"), ("", "/"), ("non_field_errors", "/non_field_errors"), ("0", "/0")],
)
def test_an_unknown_field_of_any_name_has_its_own_pointer(name, pointer):
    assert problems(changed(**{name: 1})) == [(pointer, "unknown_field")]


def test_a_field_that_the_server_sets_is_refused():
    assert problems(changed(number=4)) == [("/number", "read_only_field")]


def test_all_faults_come_together():
    document = {
        "lines": [{"id": LINE, "quantity": "1"}, {"id": "x", "quantity": 1}, "line"],
        "guests": 0,
        "tags": ["fine", "too long"],
        "total": 5,
    }
    assert sorted(problems(document)) == [
        ("/guests", "min_value"),
        ("/id", "required"),
        ("/lines/1/id", "invalid"),
        ("/lines/1/quantity", "invalid"),
        ("/lines/2", "not_an_object"),
        ("/tags/1", "max_length"),
        ("/total", "unknown_field"),
    ]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ({}, "not_a_list"),
        ("", "not_a_list"),
        (None, "null"),
        ([], "empty"),
        ([{"id": LINE, "quantity": "1"}] * 4, "max_length"),
    ],
)
def test_lists_as_a_whole(lines, code):
    assert problems(changed(lines=lines)) == [("/lines", code)]


@pytest.mark.parametrize(
    "value",
    [
        ORDER.upper(),
        ORDER.replace("-", ""),
        "{" + ORDER + "}",
        "urn:uuid:" + ORDER,
        " " + ORDER,
        ORDER + "\n",
        str(uuid.uuid4()),
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


@pytest.mark.django_db
def test_faults_reach_the_caller_with_pointers(till):
    answer = till.send("/api/v1/echo", {"lines": [{"id": LINE, "quantity": 1}]})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, "invalid_input")
    assert body["detail"] == "2 fields are not acceptable; `errors` names each."
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [
        ("/id", "required"),
        ("/lines/0/quantity", "invalid"),
    ]


@pytest.mark.django_db
def test_amounts_are_in_the_merchants_currency(till):
    answer = till.send("/api/v1/echo", changed(tip={"amount_minor": 5, "currency": "GBP"}))
    (error,) = answer.json()["errors"]
    assert error == {
        "pointer": "/tip/currency",
        "code": "wrong_currency",
        "detail": "Amounts are in EUR here.",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (b"", "", "empty_body"),
        (b'{"id":1,"id":2}', "/id", "duplicate_key"),
        (b'{"lines":[{"quantity":1.5}]}', "/lines/0/quantity", "number_not_integer"),
        (b'{"lines":[' + b"[" * 100_000, "/lines" + "/0" * 31, "too_deep"),
        (b'"' + b"x" * (1 << 20) + b'"', "", "body_too_large"),
    ],
)
def test_strict_json_stands_before_every_view(till, body, pointer, code):
    answer = till.send("/api/v1/echo", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
