"""Sales for practice: told like any other, numbered on their own, and in no books."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from payments.ledger.models import Transfer
from payments.tenders.models import Payment
from pos.inventory.models import StockMovement
from pos.orders.models import Order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, Register
from tests.factories import Shop, TillClient, order_body, paired_till

pytestmark = pytest.mark.django_db


def practice(here: Shop, till: TillClient, **changes: Any) -> dict[str, Any]:
    body = order_body((here.variants["roll"], "2"), cash=(500, "EUR"), **{"training": True, **changes})
    answer = till.post("/orders", body)
    assert answer.status_code == 201, answer.json()
    told: dict[str, Any] = answer.json()
    return told


def test_the_till_is_answered_as_for_a_sale(here: Shop, till: TillClient) -> None:
    told = practice(here, till)
    assert (told["reference"], told["number"], told["is_training"]) == ("K1-T1", 1, True)
    assert (told["payment_state"], told["fulfilment_state"]) == ("paid", "completed")
    assert (told["total"]["amount_minor"], told["change"]["amount_minor"]) == (90, 410)
    assert [told[name] for name in ("receipt_number", "receipt_reference", "receipt", "explanation")] == [
        None
    ] * 4


def test_nothing_of_it_is_in_the_books(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        before = head()
    practice(here, till)
    with tenant_context(here.tenant):
        for model in (Order, Payment, Transfer, CashMovement, StockMovement):
            assert not model.objects.exists(), model
        assert head() == before
        register = Register.objects.get(code="K1")
        assert (register.last_order_number, register.last_receipt_number) == (0, 0)
        assert (register.last_training_number, register.grand_total_minor) == (1, 0)


def test_the_journal_has_the_whole_answer_and_its_chain_goes_on(here: Shop, till: TillClient) -> None:
    told = practice(here, till)
    sold = till.post("/orders", order_body((here.variants["roll"], "1"), cash=(45, "EUR")))
    assert sold.json()["is_training"] is False
    with tenant_context(here.tenant):
        first, second = JournalEntry.objects.order_by("position")
        assert (first.kind, first.number, first.previous_hash) == ("training", "K1-T1", "")
        assert (second.kind, second.number, second.previous_hash) == ("sale", "K1-R1", first.hash)
        assert Register.objects.get(code="K1").journal_head == second.hash
    listed = till.get("/training-orders").json()
    assert listed == {"items": [told], "next_cursor": None}
    assert till.get(f"/training-orders?register_id={here.second_register.pk}").json()["items"] == []


def test_a_register_for_practice_sells_nothing_else(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        Register.objects.filter(code="K1").update(is_training=True)
    assert practice(here, till, training=False)["reference"] == "K1-T1"
    assert practice(here, till)["reference"] == "K1-T2"
    with tenant_context(here.tenant):
        assert not Order.objects.exists()


def test_the_neighbours_trainings_are_not_listed(here: Shop, there: Shop, till: TillClient) -> None:
    practice(here, till)
    other = TillClient(there.tenant, paired_till(there.tenant))
    assert other.get("/training-orders").json()["items"] == []
