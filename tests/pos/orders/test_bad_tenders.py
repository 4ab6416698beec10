"""What cannot be taken or given back is refused where it was said, and nothing of it is done."""

from decimal import Decimal
from typing import Any, Final

import pytest

from fynlo.core import clock
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.models import HouseAccount
from payments.ledger.models import Transfer
from payments.tenders.models import Payment, Refund, TenderType
from pos.orders.models import Order
from pos.registers.models import CashMovement
from tests.factories import Shop, TenderTypeFactory, TillClient, order_body

pytestmark = pytest.mark.django_db

CAPPUCCINO: Final = 380
MOST: Final = 2**53 - 1
NOBODY: Final = "01a207a3-5551-71b4-9083-5b4260bfaf46"
Told = list[tuple[str, str]]


def money(minor: Any, currency: str = "EUR") -> dict[str, Any]:
    return {"amount_minor": minor, "currency": currency}


def tender(way: str, minor: Any, currency: str = "EUR", **said: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "tender_type": way, "amount": money(minor, currency), **said}


@pytest.fixture(autouse=True)
def ways(here: Shop) -> None:
    with tenant_context(here.tenant):
        kinds = {"card": "card", "voucher": "voucher", "account": "house_account", "gift": "gift_card"}
        for code, kind in kinds.items():
            TenderTypeFactory.create(code=code, name=code.title(), kind=kind)
        TenderType.objects.create(
            code="usd", name="Dollars", kind="other", foreign_currency="USD", foreign_rate=Decimal("0.91")
        )
        HouseAccount.objects.create(code="meier", name="Meier", opened_at=clock.now(), limit_minor=100)


def written(here: Shop) -> tuple[int, ...]:
    """How many rows of everything that money is in."""
    with tenant_context(here.tenant):
        return tuple(table.objects.count() for table in (Order, Payment, Refund, CashMovement, Transfer))


def refused(here: Shop, answer: Any, before: tuple[int, ...]) -> Told:
    """What was told of a refusal of which nothing was done."""
    assert answer.status_code in (400, 409, 422), answer.json()
    assert written(here) == before
    return [(each["pointer"], each["code"]) for each in answer.json()["errors"]]


def sale(here: Shop, *tenders: dict[str, Any], of: str = "cappuccino", **said: Any) -> dict[str, Any]:
    return {**order_body((here.variants[of], "1"), **said), "tenders": list(tenders)}


AMOUNT = "/tenders/0/amount"
BAD: Final[dict[str, tuple[tuple[Any, ...], dict[str, Any], str, str]]] = {
    "negative": (("cash", -1), {}, f"{AMOUNT}/amount_minor", "negative"),
    "cash of nothing": (("cash", 0), {}, f"{AMOUNT}/amount_minor", "tender_invalid"),
    "card of nothing": (("card", 0), {}, f"{AMOUNT}/amount_minor", "tender_invalid"),
    "a part of a cent": (("cash", 1.5), {}, f"{AMOUNT}/amount_minor", "number_not_integer"),
    "text": (("cash", "380"), {}, f"{AMOUNT}/amount_minor", "not_an_integer"),
    "another currency": (("cash", 400, "USD"), {}, f"{AMOUNT}/currency", "wrong_currency"),
    "no currency": (("cash", 400, "XXQ"), {}, f"{AMOUNT}/currency", "unknown_currency"),
    "huge": (("cash", 10**20), {}, f"{AMOUNT}/amount_minor", "number_too_large"),
    "unknown way": (("nope", CAPPUCCINO), {}, "/tenders/0/tender_type", "unknown_tender_type"),
    "no card": (("gift", CAPPUCCINO), {}, "/tenders/0/value_id", "gift_card_unknown"),
    "unknown card": (("gift", CAPPUCCINO), {"value_id": NOBODY}, "/tenders/0/value_id", "gift_card_unknown"),
    "cash of a card": (("cash", CAPPUCCINO), {"value_id": NOBODY}, "/tenders/0/value_id", "tender_invalid"),
    "cash with a PIN": (("cash", CAPPUCCINO), {"pin": "1234"}, "/tenders/0/pin", "tender_invalid"),
    "code of a card": (
        ("card", CAPPUCCINO), {"value_code": "4711 0815 4711"}, "/tenders/0/value_code", "tender_invalid",
    ),
    "nobody's account": (
        ("account", CAPPUCCINO), {}, "/tenders/0/house_account_id", "unknown_house_account",
    ),
    "notes of another currency": (
        ("usd", CAPPUCCINO), {"foreign": money(400, "GBP")}, "/tenders/0/foreign", "foreign_currency",
    ),
    "notes worth less": (("usd", CAPPUCCINO), {"foreign": money(400, "USD")}, AMOUNT, "foreign_worth"),
    "more on a card than is due": (("card", 500), {}, "/tenders", "order_overpaid"),
    "more on a voucher than is due": (("voucher", 500), {}, "/tenders", "order_overpaid"),
}  # fmt: skip


@pytest.mark.parametrize("way", ["sale", "payment", "exchange"])
def test_a_tender_that_cannot_be_taken(here: Shop, till: TillClient, way: str) -> None:
    paid = (tender("card", CAPPUCCINO),) if way == "exchange" else ()
    first = till.post("/orders", sale(here, *paid)).json()
    before = written(here)
    for name, (said, more, pointer, code) in BAD.items():
        bad = tender(*said, **more)
        if way == "sale":
            assert refused(here, till.post("/orders", sale(here, bad)), before) == [(pointer, code)], name
        elif way == "payment":
            answer = till.post(f"/orders/{first['id']}/payments", {"tenders": [bad]})
            assert refused(here, answer, before) == [(pointer, code)], name
        else:
            if code == "order_overpaid":  # more than is due beyond what came back
                bad = {**bad, "amount": money(2_000)}
            refund = {"order_id": first["id"], "reason": "cold", "lines": [line_of(first)]}
            body = {"id": str(new_id()), "refund": refund, "order": sale(here, bad, of="book")}
            answer = till.post("/exchanges", body)
            assert refused(here, answer, before) == [(f"/order{pointer}", code)], name


def line_of(order: dict[str, Any], quantity: str = "1") -> dict[str, Any]:
    return {"order_line_id": order["lines"][0]["id"], "quantity": quantity}


def test_tenders_together(here: Shop, till: TillClient) -> None:
    before = written(here)
    many = sale(here, tender("cash", MOST), tender("cash", 1))
    assert refused(here, till.post("/orders", many), before) == [
        ("/tenders/1/amount/amount_minor", "tender_invalid")
    ]
    twice = tender("cash", 200)
    assert refused(here, till.post("/orders", sale(here, twice, twice)), before) == [
        ("/tenders/1/id", "duplicate_id")
    ]
    beside = sale(here, tender("cash", 100), tender("card", 500))
    assert refused(here, till.post("/orders", beside), before) == [("/tenders", "order_overpaid")]
    owed = {"house_account_id": str(meier(here))}
    limit = sale(here, tender("cash", 100), tender("account", 280, **owed))
    assert refused(here, till.post("/orders", limit), before) == [
        ("/tenders/1/amount", "house_limit_exceeded")
    ]


def meier(here: Shop) -> Any:
    with tenant_context(here.tenant):
        return HouseAccount.objects.get().pk


def test_an_id_that_other_money_has_is_told_where_it_is(here: Shop, till: TillClient) -> None:
    used = tender("cash", CAPPUCCINO)
    assert till.post("/orders", sale(here, used)).status_code == 201
    order = till.post("/orders", sale(here)).json()
    before = written(here)
    again = sale(here, tender("voucher", 80), {**used, "amount": money(300)})
    assert refused(here, till.post("/orders", again), before) == [("/tenders/1/id", "payment_id_conflict")]
    body = {"tenders": [tender("voucher", 80), {**used, "amount": money(300)}]}
    answer = till.post(f"/orders/{order['id']}/payments", body)
    assert refused(here, answer, before) == [("/tenders/1/id", "payment_id_conflict")]


def test_a_tip_is_no_more_than_a_number_can_say(here: Shop, till: TillClient) -> None:
    order = till.post("/orders", sale(here)).json()
    before = written(here)
    path, cash = f"/orders/{order['id']}/payments", tender("cash", CAPPUCCINO)
    for tip, pointer, code in (
        (money(-1), "/tip/amount_minor", "negative"),
        (money(1, "USD"), "/tip/currency", "wrong_currency"),
        (money(MOST), "/tip", "amount_too_large"),
        (money(MOST + 1), "/tip/amount_minor", "number_too_large"),
    ):
        assert refused(here, till.post(path, {"tip": tip, "tenders": [cash]}), before) == [(pointer, code)]
        asked = {**sale(here, cash), "tip": tip}
        assert refused(here, till.post("/orders", asked), before) == [(pointer, code)]


BACK: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "below zero": ({"amount": money(-1)}, "/amount/amount_minor", "negative"),
    "another currency": ({"amount": money(1, "USD")}, "/amount/currency", "wrong_currency"),
    "tip in another currency": ({"tip": money(1, "USD")}, "/tip/currency", "wrong_currency"),
    "more than was sold": ({"amount": money(500)}, "/amount", "refund_exceeds_sale"),
    "more than was tipped": ({"tip": money(60)}, "/tip", "refund_exceeds_sale"),
    "nothing": ({}, "/lines", "nothing_to_refund"),
    "zero": ({"amount": money(0)}, "/lines", "nothing_to_refund"),
}
HANDED: Final[dict[str, tuple[tuple[Any, ...], dict[str, Any], str, str]]] = {
    "below zero": (("cash", -1), {}, f"{AMOUNT}/amount_minor", "negative"),
    "zero": (("cash", 0), {}, AMOUNT, "refund_tenders_differ"),
    "another currency": (("cash", CAPPUCCINO, "USD"), {}, f"{AMOUNT}/currency", "wrong_currency"),
    "less": (("cash", 100), {}, AMOUNT, "refund_tenders_differ"),
    "more": (("card", 500), {}, AMOUNT, "refund_tenders_differ"),
    "huge": (("cash", MOST), {}, AMOUNT, "refund_tenders_differ"),
    "unknown way": (("nope", CAPPUCCINO), {}, "/tenders/0/tender_type", "unknown_tender_type"),
    "nobody's account": (
        ("account", CAPPUCCINO), {}, "/tenders/0/house_account_id", "unknown_house_account",
    ),
    "no card": (("gift", CAPPUCCINO), {}, "/tenders/0/value_id", "gift_card_unknown"),
    "no notes": (("usd", CAPPUCCINO), {}, "/tenders/0/foreign", "foreign_currency"),
    "notes of cash": (
        ("cash", CAPPUCCINO), {"foreign": money(1, "USD")}, "/tenders/0/foreign", "foreign_currency",
    ),
}  # fmt: skip


def test_what_cannot_go_back(here: Shop, till: TillClient) -> None:
    order = till.post("/orders", {**sale(here, tender("card", 430)), "tip": money(50)}).json()
    before = written(here)
    path = f"/orders/{order['id']}/refunds"
    for name, (said, pointer, code) in BACK.items():
        answer = till.post(path, {"id": str(new_id()), "reason": "cold", **said})
        assert refused(here, answer, before) == [(pointer, code)], name
    for name, (handed, more, pointer, code) in HANDED.items():
        body = {"lines": [line_of(order)], "tenders": [tender(*handed, **more)]}
        answer = till.post(path, {"id": str(new_id()), "reason": "cold", **body})
        assert refused(here, answer, before) == [(pointer, code)], name


def test_what_is_wrong_with_the_goods_of_an_exchange_is_told_on_their_side(
    here: Shop, till: TillClient
) -> None:
    order = till.post("/orders", sale(here, tender("card", CAPPUCCINO))).json()
    before = written(here)
    refund = {"order_id": order["id"], "reason": "cold", "lines": [line_of(order)]}
    new = sale(here, tender("cash", 820), of="book")
    cases: list[tuple[dict[str, Any], dict[str, Any], Told]] = [
        ({"lines": [line_of(order, "2")]}, {}, [("/refund/lines/0/quantity", "refund_exceeds_sale")]),
        ({"tip": money(1)}, {}, [("/refund/tip", "refund_exceeds_sale")]),
        ({}, {"expected_total": money(1, "USD")}, [("/order/expected_total/currency", "wrong_currency")]),
        ({}, {"tenders": [tender("cash", MOST)]}, [("/order/tenders", "tender_invalid")]),
    ]
    for back, sold, told in cases:
        body = {"id": str(new_id()), "refund": {**refund, **back}, "order": {**new, **sold}}
        assert refused(here, till.post("/exchanges", body), before) == told
