"""The answer checker: bodies against the library's own resource classes."""

from typing import Any

import pytest
import stripe

from tests.contracts.stripe import responses, routes


def problems(verb: str, path: str, body: dict[str, Any]) -> list[str]:
    found = routes.find_route(verb=verb, path=path)
    assert found is not None
    return responses.check(route=found[0], body=body).problems


def test_every_route_s_answer_can_be_judged() -> None:
    undecided = {
        route.answer for route in routes.all_routes() if responses.check(route=route, body={}).problems != []
    }
    assert undecided == {"None", "Union[BankAccount, Card]", "Union[Account, BankAccount, Card, Source]"}


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("colour", "red", "colour: unknown field of Refund"),
        ("amount", "5", "amount: '5' is not int"),
        ("amount", True, "amount: True is not int"),
        ("amount", None, "amount: None is not int"),
        ("metadata", {"a": 1}, "metadata.a: 1 is not str"),
        ("charge", {"object": "refund"}, "charge.object: 'refund' is not one of charge"),
        (
            "reason",
            "mood",
            (
                "reason: 'mood' is not one of duplicate, expired_uncaptured_charge, fraudulent,"
                " requested_by_customer or null"
            ),
        ),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any, problem: str) -> None:
    assert problems("GET", "/v1/refunds/re_1", {field: value}) == [problem]


def test_a_page_is_judged_item_by_item() -> None:
    body = {
        "object": "list",
        "data": [{"amount": 5}, {"amount": 0.5}],
        "has_more": False,
        "url": "/v1/refunds",
    }
    assert problems("GET", "/v1/refunds", body) == ["data[1].amount: 0.5 is not int"]


def test_an_expanded_object_is_judged_inside() -> None:
    body = {
        "charge": {"object": "charge", "balance_transaction": {"object": "balance_transaction", "fee": "5"}}
    }
    assert problems("GET", "/v1/refunds/re_1", body) == ["charge.balance_transaction.fee: '5' is not int"]


def test_a_missing_field_is_only_listed() -> None:
    route, _ids = routes.find_route(verb="GET", path="/v1/refunds/re_1") or pytest.fail("no route")
    verdict = responses.check(route=route, body={"id": "re_1", "object": "refund"})
    assert (verdict.problems, verdict.missing) == ([], ["amount", "created", "currency"])


def test_an_object_the_library_does_not_know_is_a_problem() -> None:
    assert responses.check_object(body={"object": "invention"}).problems == [
        "object: 'invention' is no resource of the library"
    ]


def test_a_blank_body_is_one_the_library_accepts() -> None:
    body = responses.blank(stripe.PaymentIntent)
    assert problems("GET", "/v1/payment_intents/pi_1", body) == []
    assert (body["latest_charge"], body["canceled_at"]) == (None, None)
