"""A way to pay whose rule says so takes what is beyond due as a tip: asked at a till, as a fact, at a machine."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.gateways.models import Attempt
from payments.gateways.queries import unsettled_attempts
from payments.gateways.services import (
    ConnectionDraft,
    capture_attempt,
    give_back,
    resolve_due,
    save_connection,
)
from payments.ledger.models import Transfer
from payments.tenders.models import Payment, TenderType
from pos.orders.drafts import LineDraft, OrderDraft
from pos.orders.models import Order
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.tickets import open_ticket
from tests.factories import Shop, TillClient, order_body
from tests.pos.orders.tickets import line, opened

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
CAPPUCCINO = 380


@pytest.fixture(autouse=True)
def ways(here: Shop) -> None:
    """A card whose slip may say more, and one that may not."""
    with tenant_context(here.tenant):
        TenderType.objects.create(code="slip", name="Card slip", kind="card", over="tip")
        TenderType.objects.create(code="card", name="Card", kind="card")


def tender(code: str, minor: int, **said: Any) -> dict[str, Any]:
    amount = {"amount_minor": minor, "currency": "EUR"}
    return {"id": str(new_id()), "tender_type": code, "amount": amount, **said}


@pytest.mark.django_db(transaction=True)
def test_what_a_slip_says_beyond_what_is_owed_waits_for_somebody_until_it_went_back(here: Shop) -> None:
    with tenant_context(here.tenant):
        draft = ConnectionDraft(id=new_id(), gateway="card_machine", name="Counter", account="tid-7")
        connection = save_connection(draft=draft, actor=SYSTEM, at=AT)
        TenderType.objects.filter(code="card").update(connection=connection, channel="manual")
        lines = (LineDraft(id=new_id(), variant_id=here.variants["cappuccino"].id, quantity=Decimal(1)),)
        order = open_ticket(draft=OrderDraft(id=new_id(), lines=lines), actor=here.actor(), at=AT).order
        asked = AskDraft(id=new_id(), tender_type="card", amount=Money(CAPPUCCINO, "EUR"))
        ask_for_money(order_id=order.pk, draft=asked, actor=here.actor(), at=AT)
        capture_attempt(attempt_id=asked.id, amount=Money(390, "EUR"), actor=here.actor(), at=AT)
        for days in range(3):
            resolve_due(at=AT + dt.timedelta(days=days), limit=10)
            (waits,) = unsettled_attempts()
            assert (waits.pk, waits.trouble) == (asked.id, "0.10 EUR was taken beyond what was owed.")
        actor = here.actor(permissions=frozenset({"payments.refund_retry"}))
        give_back(attempt_id=asked.id, reason="typed wrong", actor=actor, at=AT)
        assert not unsettled_attempts()


def moved(here: Shop) -> list[tuple[str, str, str, int]]:
    with tenant_context(here.tenant):
        rows = Transfer.objects.filter(kind__in=("tip", "payment", "change")).order_by("id")
        return list(rows.values_list("kind", "debit_key", "credit_key", "amount_minor"))


def pay(till: TillClient, order: dict[str, Any], *tenders: dict[str, Any], **said: Any) -> Any:
    return till.post(f"/orders/{order['id']}/payments", {"tenders": list(tenders), **said})


def test_what_is_beyond_due_is_a_tip(here: Shop, till: TillClient) -> None:
    answer = pay(till, opened(till, line(here, "cappuccino")), tender("slip", 420))
    told = answer.json()
    assert answer.status_code == 200, told
    assert (told["payment_state"], told["tip"]["amount_minor"], told["paid"]["amount_minor"]) == (
        "paid",
        40,
        420,
    )
    assert moved(here) == [
        ("tip", "receivable", "tips", 40),
        ("payment", "tender:slip", "receivable", 420),
    ]


@pytest.mark.parametrize("facts", [{}, {"placed_at": "2026-03-01T10:00:00Z"}], ids=["asked", "happened"])
def test_a_sale_that_is_paid_at_once_tips_the_same(
    here: Shop, till: TillClient, facts: dict[str, Any]
) -> None:
    body = {**order_body((here.variants["cappuccino"], "1")), "tenders": [tender("slip", 420)], **facts}
    answer = till.post("/orders", body)
    told = answer.json()
    assert answer.status_code == 201, told
    paid = (told["payment_state"], told["tip"]["amount_minor"], told["total"]["amount_minor"])
    assert paid == ("paid", 40, CAPPUCCINO)
    assert moved(here) == [
        ("tip", "receivable", "tips", 40),
        ("payment", "tender:slip", "receivable", 420),
    ]
    assert till.post("/orders", body).json()["id"] == told["id"]


def test_it_comes_on_top_of_a_tip_that_was_stated(here: Shop, till: TillClient) -> None:
    tip = {"amount_minor": 30, "currency": "EUR"}
    told = pay(till, opened(till, line(here, "cappuccino")), tender("slip", 420), tip=tip).json()
    assert told["tip"]["amount_minor"] == 40
    assert [each[3] for each in moved(here)] == [40, 420]


def test_others_pay_first_and_cash_gives_change(here: Shop, till: TillClient) -> None:
    order = opened(till, line(here, "cappuccino"))
    told = pay(till, order, tender("card", 200), tender("slip", 200), tender("cash", 500)).json()
    assert (told["tip"]["amount_minor"], told["change"]["amount_minor"]) == (20, 500)
    assert moved(here) == [
        ("tip", "receivable", "tips", 20),
        ("payment", "tender:card", "receivable", 200),
        ("payment", "tender:slip", "receivable", 200),
        ("payment", "cash", "receivable", 500),
        ("change", "receivable", "cash", 500),
    ]


def test_a_part_is_no_tip(here: Shop, till: TillClient) -> None:
    told = pay(till, opened(till, line(here, "cappuccino")), tender("slip", 200)).json()
    assert (told["payment_state"], told["tip"]["amount_minor"]) == ("part_paid", 0)


def test_a_fact_is_a_tip_too(here: Shop, till: TillClient) -> None:
    order = opened(till, line(here, "cappuccino"))
    answer = pay(till, order, tender("slip", 420), at=order["opened_at"])
    assert (answer.status_code, answer.json()["tip"]["amount_minor"]) == (200, 40)
    assert moved(here) == [
        ("tip", "receivable", "tips", 40),
        ("payment", "tender:slip", "receivable", 420),
    ]


def test_without_the_rule_it_is_refused(here: Shop, till: TillClient) -> None:
    answer = pay(till, opened(till, line(here, "cappuccino")), tender("card", 420))
    assert (answer.status_code, answer.json()["code"]) == (422, "order_overpaid")
    assert moved(here) == []


def test_the_same_tender_again_tips_once(here: Shop, till: TillClient) -> None:
    order, slip = opened(till, line(here, "cappuccino")), tender("slip", 420)
    first, again = pay(till, order, slip).json(), pay(till, order, slip).json()
    assert (first["tip"], again["tip"]) == (first["tip"], first["tip"])
    assert [each[3] for each in moved(here)] == [40, 420]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("taken", "flags"),
    [
        (420, []),
        (761, [{"code": "tip_large", "pointer": "/tip", "tip_minor": 381, "percent": 100}]),
    ],
    ids=["small", "more-than-the-sale"],
)
def test_what_a_card_machines_slip_says_beyond_the_amount_is_a_tip(
    here: Shop, taken: int, flags: list[dict[str, Any]]
) -> None:
    with tenant_context(here.tenant):
        connection = save_connection(
            draft=ConnectionDraft(id=new_id(), gateway="card_machine", name="Counter", account="tid-7"),
            actor=SYSTEM,
            at=AT,
        )
        TenderType.objects.filter(code="slip").update(connection=connection, channel="manual")
        variant = here.variants["cappuccino"].id
        lines = (LineDraft(id=new_id(), variant_id=variant, quantity=Decimal(1)),)
        order = open_ticket(draft=OrderDraft(id=new_id(), lines=lines), actor=here.actor(), at=AT).order
        draft = AskDraft(id=new_id(), tender_type="slip", amount=Money(CAPPUCCINO, "EUR"))
        attempt = ask_for_money(order_id=order.pk, draft=draft, actor=here.actor(), at=AT)
        capture_attempt(attempt_id=attempt.pk, amount=Money(taken, "EUR"), actor=here.actor(), at=AT)
        order, tip = Order.objects.get(), taken - CAPPUCCINO
        assert (order.payment_state, order.tip_minor, order.paid_minor) == ("paid", tip, taken)
        assert (Payment.objects.get().amount_minor, Attempt.objects.get().trouble) == (taken, "")
        assert [each for each in order.flags if each["code"] == "tip_large"] == flags
    assert moved(here) == [
        ("tip", "receivable", "tips", tip),
        ("payment", "tender:slip", "receivable", taken),
    ]
