"""What a till may send: every field, every way to get it wrong, and nothing written."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from pos.orders.models import Order
from tests.factories import Shop, TillClient, order_body

NOBODY = "01920000-0000-7000-8000-000000000001"
"""A key that nothing has; fixed, so that every worker gives the test the same name."""

pytestmark = pytest.mark.django_db

Body = dict[str, Any]
UPPER = "01A2035F-B1A0-762F-94E9-1CC8EF706015"
V4 = "6fa459ea-ee8a-4ca4-894e-db77e160355e"


@pytest.fixture
def body(here: Shop) -> Body:
    """A right order with everything that may be said."""
    body = order_body((here.variants["roll"], "2"), cash=(100, "EUR"))
    body["placed_at"] = "2026-03-01T12:00:00.000Z"
    body["expected_total"] = {"amount_minor": 90, "currency": "EUR"}
    body["expected_tax"] = {"amount_minor": 6, "currency": "EUR"}
    body["lines"][0]["expected_unit_price"] = {"amount_minor": 45, "currency": "EUR"}
    return body


@pytest.fixture
def nothing_is_written(here: Shop, till: TillClient) -> Iterator[None]:
    with tenant_context(here.tenant):
        before = head()
    yield
    with tenant_context(here.tenant):
        assert head() == before
        assert not Order.objects.exists()


def change(body: Body, pointer: str, value: Any) -> Body:
    """`body` with the value at `pointer` replaced; `...` takes the member out."""
    changed = copy.deepcopy(body)
    *path, last = [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]
    place: Any = changed
    for part in path:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return changed


def problems(response: Any) -> list[tuple[str, str]]:
    assert response["Content-Type"] == "application/problem+json"
    return [(problem["pointer"], problem["code"]) for problem in response.json().get("errors", [])]


NOT_AN_ID = [None, 1, True, "", "1", V4, UPPER, "01a2035fb1a0762f94e91cc8ef706015", " 01a2035f", [], {}]
NOT_A_QUANTITY = [1, 1.5, True, "", "1,5", "1e3", "+1", "01", ".5", "1.", "0.1234567", "١", "1_000", "NaN"]
NOT_MONEY = [1, "1.00", True, [], 1.5]
NOT_A_TIME = [1, "", "2026-03-01", "2026-03-01T12:00:00", "2026-02-30T12:00:00Z", "yesterday"]


@pytest.mark.usefixtures("nothing_is_written")
class TestShape:
    """400 with the place of each mistake."""

    @pytest.mark.parametrize("pointer", ["/id", "/lines", "/tenders"])
    def test_members_that_must_be_there(self, till: TillClient, body: Body, pointer: str) -> None:
        response = till.post("/orders", change(body, pointer, ...))
        assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
        assert problems(response) == [(pointer, "required")]

    @pytest.mark.parametrize("member", ["id", "variant_id", "quantity"])
    def test_members_of_a_line(self, till: TillClient, body: Body, member: str) -> None:
        response = till.post("/orders", change(body, f"/lines/0/{member}", ...))
        assert (response.status_code, problems(response)) == (400, [(f"/lines/0/{member}", "required")])

    @pytest.mark.parametrize("member", ["id", "tender_type", "amount"])
    def test_members_of_a_tender(self, till: TillClient, body: Body, member: str) -> None:
        response = till.post("/orders", change(body, f"/tenders/0/{member}", ...))
        assert (response.status_code, problems(response)) == (400, [(f"/tenders/0/{member}", "required")])

    @pytest.mark.parametrize("pointer", ["/id", "/lines/0/id", "/lines/0/variant_id", "/tenders/0/id"])
    def test_ids(self, till: TillClient, body: Body, pointer: str) -> None:
        for value in NOT_AN_ID:
            response = till.post("/orders", change(body, pointer, value))
            code = "null" if value is None else "invalid"
            assert (response.status_code, problems(response)) == (400, [(pointer, code)]), value

    def test_quantities(self, till: TillClient, body: Body) -> None:
        for value in NOT_A_QUANTITY:
            response = till.post("/orders", change(body, "/lines/0/quantity", value))
            assert response.status_code == 400, value
            assert [pointer for pointer, _ in problems(response)] == ["/lines/0/quantity"], value

    @pytest.mark.parametrize(
        "pointer",
        ["/expected_total", "/expected_tax", "/lines/0/expected_unit_price", "/tenders/0/amount"],
    )
    def test_money(self, till: TillClient, body: Body, pointer: str) -> None:
        for value in NOT_MONEY:
            response = till.post("/orders", change(body, pointer, value))
            assert response.status_code == 400
            assert [place for place, _ in problems(response)] == [pointer]
        wrong = {"amount_minor": "1", "currency": "EURO", "amount": 1}
        response = till.post("/orders", change(body, pointer, wrong))
        assert (response.status_code, problems(response)) == (
            400,
            [
                (f"{pointer}/amount", "unknown_field"),
                (f"{pointer}/amount_minor", "not_an_integer"),
                (f"{pointer}/currency", "unknown_currency"),
            ],
        )

    def test_negative_tenders(self, till: TillClient, body: Body) -> None:
        wrong = {"amount_minor": -1, "currency": "EUR"}
        response = till.post("/orders", change(body, "/tenders/0/amount", wrong))
        assert problems(response) == [("/tenders/0/amount/amount_minor", "negative")]

    @pytest.mark.parametrize("value", NOT_A_TIME, ids=repr)
    def test_times(self, till: TillClient, body: Body, value: Any) -> None:
        response = till.post("/orders", change(body, "/placed_at", value))
        assert (response.status_code, problems(response)) == (400, [("/placed_at", "invalid")])

    @pytest.mark.parametrize(
        "value", ["1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "0001-01-01T00:00:00Z"]
    )
    def test_times_no_shop_has_seen(self, till: TillClient, body: Body, value: str) -> None:
        response = till.post("/orders", change(body, "/placed_at", value))
        assert (response.status_code, problems(response)) == (400, [("/placed_at", "out_of_range")])

    @pytest.mark.parametrize("value", [1, True, "", " ", "x" * 21, "ca\nsh", ["cash"]], ids=repr)
    def test_ways_to_pay(self, till: TillClient, body: Body, value: Any) -> None:
        response = till.post("/orders", change(body, "/tenders/0/tender_type", value))
        assert response.status_code == 400
        assert [pointer for pointer, _ in problems(response)] == ["/tenders/0/tender_type"]

    @pytest.mark.parametrize("pointer", ["/lines", "/tenders"])
    @pytest.mark.parametrize("value", [None, {}, "[]", 1], ids=repr)
    def test_lists(self, till: TillClient, body: Body, pointer: str, value: Any) -> None:
        response = till.post("/orders", change(body, pointer, value))
        assert response.status_code == 400
        assert [place for place, _ in problems(response)] == [pointer]

    @pytest.mark.parametrize(
        ("pointer", "nearest"),
        [
            ("/lines/0/price", "expected_unit_price"),
            ("/lines/0/unit_price", "expected_unit_price"),
            ("/lines/0/quantitty", "quantity"),
            ("/lines/0/tax", ""),
            ("/total", "expected_total"),
            ("/tenders/0/amount_minor", "amount"),
            ("/register_id", ""),
            ("/number", ""),
        ],
    )
    def test_members_nobody_knows(self, till: TillClient, body: Body, pointer: str, nearest: str) -> None:
        response = till.post("/orders", change(body, pointer, 1))
        assert (response.status_code, problems(response)) == (400, [(pointer, "unknown_field")])
        assert nearest in response.json()["errors"][0]["detail"]

    def test_every_mistake_is_told_at_once(self, till: TillClient, body: Body) -> None:
        wrong = change(change(change(body, "/id", 1), "/lines/0/quantity", "x"), "/tenders/0/amount", 5)
        response = till.post("/orders", wrong)
        assert problems(response) == [
            ("/id", "invalid"),
            ("/lines/0/quantity", "invalid"),
            ("/tenders/0/amount", "invalid"),
        ]

    def test_too_many_lines_and_tenders(self, till: TillClient, body: Body) -> None:
        many = change(body, "/lines", [body["lines"][0]] * 1001)
        assert problems(till.post("/orders", many)) == [("/lines", "max_length")]
        many = change(body, "/tenders", [body["tenders"][0]] * 51)
        assert problems(till.post("/orders", many)) == [("/tenders", "max_length")]

    def test_something_else_than_an_object(self, till: TillClient) -> None:
        for value in ([], "x", 1, None):
            assert till.post("/orders", value).status_code == 400, value

    def test_without_a_key(self, till: TillClient, body: Body) -> None:
        response = till.post("/orders", body, Idempotency_Key="")
        assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")


@pytest.mark.usefixtures("nothing_is_written")
class TestRules:
    """422 with the place of each broken rule."""

    @pytest.mark.parametrize(
        ("pointer", "value", "code", "place"),
        [
            ("/lines/0/quantity", "0", "quantity_out_of_range", "/lines/0/quantity"),
            ("/lines/0/quantity", "-2", "quantity_out_of_range", "/lines/0/quantity"),
            ("/lines/0/quantity", "1.5", "fractional_quantity", "/lines/0/quantity"),
            ("/lines/0/variant_id", NOBODY, "unknown_variant", "/lines/0/variant_id"),
            ("/lines", [], "cart_empty", "/lines"),
            ("/tenders/0/tender_type", "CASH", "unknown_tender_type", "/tenders/0/tender_type"),
            ("/tenders/0/amount/amount_minor", 0, "tender_invalid", "/tenders/0/amount/amount_minor"),
            ("/tenders/0/amount/currency", "GBP", "wrong_currency", "/tenders/0/amount/currency"),
            ("/expected_total/currency", "GBP", "wrong_currency", "/expected_total/currency"),
        ],
    )
    def test_a_broken_rule(
        self, till: TillClient, body: Body, pointer: str, value: Any, code: str, place: str
    ) -> None:
        response = till.post("/orders", change(body, pointer, value))
        assert (response.status_code, response.json()["code"]) == (422, code)
        assert problems(response) == [(place, code)]


def test_the_body_they_all_start_from_is_right(till: TillClient, body: Body) -> None:
    response = till.post("/orders", body)
    codes = [flag["code"] for flag in response.json()["flags"]]
    assert (response.status_code, codes[:2]) == (201, ["placed_earlier", "no_open_session"])


QUOTE_MISTAKES: list[tuple[Callable[[Body], Any], int, list[tuple[str, str]]]] = [
    (lambda body: {}, 400, [("/lines", "required")]),
    (lambda body: {"lines": [{"quantity": "1"}]}, 400, [("/lines/0/variant_id", "required")]),
    (lambda body: {"lines": body["lines"], "tenders": []}, 400, [("/tenders", "unknown_field")]),
    (lambda body: {"lines": []}, 422, [("/lines", "cart_empty")]),
    (
        lambda body: {"lines": [{"variant_id": str(new_id()), "quantity": "1"}]},
        422,
        [("/lines/0/variant_id", "unknown_variant")],
    ),
    (
        lambda body: {"lines": [{**body["lines"][0], "quantity": "0.5"}]},
        422,
        [("/lines/0/quantity", "fractional_quantity")],
    ),
]


@pytest.mark.parametrize(("make", "status", "expected"), QUOTE_MISTAKES)
def test_a_quote_is_checked_like_an_order(
    here: Shop, till: TillClient, make: Callable[[Body], Any], status: int, expected: list[tuple[str, str]]
) -> None:
    response = till.post("/quotes", make(order_body((here.variants["roll"], "2"))))
    assert (response.status_code, problems(response)) == (status, expected)
