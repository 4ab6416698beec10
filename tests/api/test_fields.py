"""Fields take one JSON type in one spelling; every fault comes back with its pointer."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from fynlo.core.money import Money
from tests.api.orders import LINE, ORDER, changed, details, draft, problems


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
