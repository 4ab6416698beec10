"""Rules of ways to pay at a till: what is asked is refused with its member, what happened is flagged."""

from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from payments.tenders.models import Payment, TenderType
from tests.factories import Shop, TillClient, order_body

pytestmark = pytest.mark.django_db

CAPPUCCINO = 380


@pytest.fixture(autouse=True)
def ways(here: Shop) -> None:
    """A machine that takes 5.00 to 50.00 and wants its slip's number, all or nothing; and dollars at 0.91."""
    with tenant_context(here.tenant):
        TenderType.objects.create(
            code="machine",
            name="Card machine",
            kind="card",
            smallest_minor=100,
            largest_minor=5_000,
            is_partial=False,
            needs_reference=True,
        )
        TenderType.objects.create(
            code="usd", name="Dollars", kind="other", foreign_currency="USD", foreign_rate=Decimal("0.91")
        )


def sale(here: Shop, *tenders: dict[str, Any], quantity: str = "1", **said: Any) -> dict[str, Any]:
    body = order_body((here.variants["cappuccino"], quantity), **said)
    return {**body, "tenders": list(tenders)}


def tender(code: str, minor: int, **said: Any) -> dict[str, Any]:
    amount = {"amount_minor": minor, "currency": "EUR"}
    return {"id": str(new_id()), "tender_type": code, "amount": amount, **said}


def dollars(minor: int, worth: int) -> dict[str, Any]:
    return tender("usd", worth, foreign={"amount_minor": minor, "currency": "USD"})


def told(answer: Any) -> list[tuple[str, str, str]]:
    assert answer.status_code == 422, answer.json()
    return [(each["pointer"], each["code"], each["detail"]) for each in answer.json()["errors"]]


def test_a_tender_that_keeps_the_rules_pays(here: Shop, till: TillClient) -> None:
    answer = till.post("/orders", sale(here, tender("machine", CAPPUCCINO, reference="A-1")))
    assert (answer.status_code, answer.json()["payment_state"]) == (201, "paid")


def test_each_rule_that_is_broken_is_told_with_its_member(here: Shop, till: TillClient) -> None:
    assert told(till.post("/orders", sale(here, tender("machine", 99)))) == [
        ("/tenders/0/amount", "tender_too_small", "This way to pay takes 1.00 EUR or more."),
        ("/tenders/0/amount", "tender_not_partial", "This way to pay takes all that is due, 3.80 EUR."),
        ("/tenders/0/reference", "reference_needed", "The number on the slip is needed."),
    ]
    many = sale(here, tender("machine", 20 * CAPPUCCINO, reference="A-1"), quantity="20")
    assert told(till.post("/orders", many)) == [
        ("/tenders/0/amount", "tender_too_large", "This way to pay takes 50.00 EUR at most.")
    ]


def test_what_is_left_after_others_is_all_that_is_due(here: Shop, till: TillClient) -> None:
    split = sale(here, tender("cash", 80), tender("machine", 300, reference="A-1"))
    assert till.post("/orders", split).json()["payment_state"] == "paid"


def test_an_open_order_asks_the_same(here: Shop, till: TillClient) -> None:
    body = order_body((here.variants["cappuccino"], "1"))
    order = till.post("/tickets", {name: value for name, value in body.items() if name != "tenders"}).json()
    path = f"/orders/{order['id']}/payments"
    assert told(till.post(path, {"tenders": [tender("machine", CAPPUCCINO)]})) == [
        ("/tenders/0/reference", "reference_needed", "The number on the slip is needed.")
    ]


def test_a_sale_that_happened_is_flagged_not_refused(here: Shop, till: TillClient) -> None:
    body = sale(here, tender("machine", CAPPUCCINO), placed_at="2026-03-01T10:00:00Z")
    answer = till.post("/orders", body)
    assert answer.status_code == 201, answer.json()
    flags = [(each["code"], each["pointer"]) for each in answer.json()["flags"]]
    assert ("reference_needed", "/tenders/0/reference") in flags


def test_foreign_notes_are_taken_at_the_rate_that_is_kept_with_them(here: Shop, till: TillClient) -> None:
    answer = till.post("/orders", sale(here, dollars(400, 364), tender("cash", 16)))
    assert (answer.status_code, answer.json()["payment_state"]) == (201, "paid")
    with tenant_context(here.tenant):
        kept = Payment.objects.values_list("foreign_currency", "foreign_minor", "foreign_rate")
        assert set(kept) == {("USD", 400, Decimal("0.91000000")), ("", None, None)}
        paid = Transfer.objects.filter(kind="payment", debit_key="tender:usd").get()
        assert (paid.credit_key, paid.amount_minor) == ("receivable", 364)
        TenderType.objects.filter(code="usd").update(foreign_rate=Decimal("0.95"))
        assert Payment.objects.get(foreign_currency="USD").foreign_rate == Decimal("0.91000000")


def test_foreign_notes_are_worth_what_the_rate_says(here: Shop, till: TillClient) -> None:
    assert told(till.post("/orders", sale(here, dollars(400, 380)))) == [
        ("/tenders/0/amount", "foreign_worth", "At 0.91 this is worth 3.64 EUR.")
    ]
    assert told(till.post("/orders", sale(here, tender("usd", CAPPUCCINO)))) == [
        ("/tenders/0/foreign", "foreign_currency", "This way to pay takes USD.")
    ]
    notes = {**tender("cash", CAPPUCCINO), "foreign": {"amount_minor": 100, "currency": "USD"}}
    assert told(till.post("/orders", sale(here, notes))) == [
        ("/tenders/0/foreign", "foreign_currency", "This way to pay takes no foreign money.")
    ]
