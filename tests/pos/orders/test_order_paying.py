"""Paying open orders over HTTP: parts, tips, drawers, receipts, and every row a sale writes."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from payments.ledger.models import Transfer
from payments.tenders.models import Payment
from pos.orders.models import Order, OrderChange
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, Register
from tests.factories import Shop, TenderTypeFactory, TillClient, paired_till
from tests.pos.orders.tickets import Json, cash, euro, line, opened, paid

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(here: Shop) -> TillClient:
    """A till at the same location's other register."""
    return TillClient(here.tenant, paired_till(here.tenant, register=here.second_register))


def card(amount: int, **said: Any) -> Json:
    """A tender by card."""
    return {"id": str(new_id()), "tender_type": "card", "amount": euro(amount), **said}


def refused(till: TillClient, order_id: str, *tenders: Json, **said: Any) -> tuple[int, str]:
    """Status and code of a payment that is refused."""
    response = till.post(f"/orders/{order_id}/payments", {"tenders": list(tenders), **said})
    return response.status_code, response.json()["code"]


def balances(here: Shop) -> dict[str, int]:
    """Debits less credits by key; nothing that is zero."""
    sums: dict[str, int] = {}
    with tenant_context(here.tenant):
        for debit, credit, amount in Transfer.objects.values_list("debit_key", "credit_key", "amount_minor"):
            sums[debit] = sums.get(debit, 0) + amount
            sums[credit] = sums.get(credit, 0) - amount
    return {key: value for key, value in sums.items() if value}


def test_a_part_by_card_and_the_rest_in_cash_with_a_tip(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="card", name="Card", kind="card")
    session = till.post(f"/registers/{here.register.pk}/sessions", {"opening_float": euro(5000)}).json()
    told = opened(till, line(here, "cappuccino", "2"))
    part = paid(till, told["id"], card(500, last4="4242"))
    assert (part["payment_state"], part["fulfilment_state"], part["receipt_reference"]) == (
        "part_paid",
        "placed",
        None,
    )
    done = paid(till, told["id"], cash(1000), tip=euro(140), expected_due=euro(400))
    assert (done["payment_state"], done["change"], done["session_id"]) == ("paid", euro(600), session["id"])
    assert [each["last4"] for each in done["payments"]] == ["4242", None]
    sold = {
        name: value for name, value in balances(here).items() if not name.startswith(("inventory", "cost"))
    }
    assert sold == {
        "sales:standard": -639,
        "tax:standard@0.19": -121,
        "tips": -140,
        "tender:card": 500,
        "cash": 400,
    }
    with tenant_context(here.tenant):
        moves = CashMovement.objects.order_by("id").values_list("kind", "amount_minor")
        assert list(moves) == [("float", 5000), ("sale", 1000), ("change", -600)]
        register = Register.objects.get(code="K1")
        assert (register.grand_total_minor, register.last_receipt_number) == (760, 1)
        kinds = OrderChange.objects.filter(order_id=told["id"]).order_by("revision").values_list("kind")
        assert [kind for (kind,) in kinds] == ["place", "pay", "pay", "complete"]


def test_the_journal_tells_the_sale_with_every_tender_once(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    paid(till, told["id"], cash(100))
    with tenant_context(here.tenant):
        assert JournalEntry.objects.count() == 0
    paid(till, told["id"], cash(280))
    with tenant_context(here.tenant):
        (entry,) = JournalEntry.objects.all()
        assert (entry.kind, entry.number, entry.position) == ("sale", "K1-R1", 1)
        assert '"tenders":[{' in entry.body
        assert '"total":"3.80"' in entry.body
        assert Register.objects.get(code="K1").journal_head == entry.hash


def test_other_money_under_the_same_id_is_refused(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    tender = cash(100)
    paid(till, told["id"], tender)
    refused = till.post(f"/orders/{told['id']}/payments", {"tenders": [{**tender, "amount": euro(280)}]})
    assert (refused.status_code, refused.json()["code"]) == (409, "payment_id_conflict")
    assert till.get(f"/orders/{told['id']}").json()["due"] == euro(280)


def test_the_same_payment_again_is_taken_once(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    tender = cash(380)
    first, again = paid(till, told["id"], tender), paid(till, told["id"], tender)
    assert first == again
    with tenant_context(here.tenant):
        assert Payment.objects.count() == 1
    other = opened(till, line(here, "cappuccino"))
    assert refused(till, other["id"], tender) == (409, "payment_id_conflict")


def test_what_is_due_is_what_the_till_shows_or_nothing_is_taken(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    assert refused(till, told["id"], cash(380), expected_due=euro(335)) == (409, "due_changed")
    assert till.get(f"/orders/{told['id']}").json() == told


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"tenders": []}, 422, "tender_invalid"),
        ({"tenders": [{**cash(380), "tender_type": "gold"}]}, 422, "unknown_tender_type"),
        (
            {"tenders": [{**cash(1), "amount": {"amount_minor": 380, "currency": "GBP"}}]},
            422,
            "wrong_currency",
        ),
        ({"tenders": [{**cash(1), "amount": euro(0)}]}, 422, "tender_invalid"),
        ({"tenders": [card(381)]}, 422, "order_overpaid"),
    ],
)
def test_a_tender_that_cannot_be_one_leaves_the_ticket_as_it_is(
    here: Shop, till: TillClient, said: Json, status: int, code: str
) -> None:
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="card", name="Card", kind="card")
    told = opened(till, line(here, "cappuccino"))
    response = till.post(f"/orders/{told['id']}/payments", said)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert till.get(f"/orders/{told['id']}").json() == told


def test_what_is_free_is_paid_with_nothing(here: Shop, till: TillClient) -> None:
    told = opened(till)
    done = paid(till, told["id"])
    assert (done["payment_state"], done["fulfilment_state"], done["receipt_reference"]) == (
        "paid",
        "completed",
        "K1-R1",
    )


def test_what_is_still_prepared_is_not_completed_by_paying(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"), order_type="dine_in")
    till.post(f"/orders/{told['id']}/place", {})
    till.post(f"/orders/{told['id']}/fulfilment", {"event": "prepare"})
    done = paid(till, told["id"], cash(380))
    assert (done["fulfilment_state"], done["payment_state"]) == ("preparing", "paid")
    with tenant_context(here.tenant):
        assert read_after(0)[-1].t == "order.paid"
    for event, state in (("ready", "ready"), ("serve", "served"), ("complete", "completed")):
        step = till.post(f"/orders/{told['id']}/fulfilment", {"event": event})
        assert (step.status_code, step.json()["fulfilment_state"]) == (200, state)
    with tenant_context(here.tenant):
        assert read_after(0)[-1].t == "order.completed"
    over = till.post(f"/orders/{told['id']}/fulfilment", {"event": "prepare"})
    assert (over.status_code, over.json()["code"]) == (409, "illegal_transition")


def test_nothing_is_complete_before_it_is_paid(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    till.post(f"/orders/{told['id']}/place", {})
    early = till.post(f"/orders/{told['id']}/fulfilment", {"event": "complete"})
    assert (early.status_code, early.json()["lifecycle"]) == (409, "payment")
    assert early.json()["possible"] == [
        "change",
        "prepare",
        "ready",
        "serve",
        "cancel",
        "pay_part",
        "pay_all",
    ]


def test_receipts_are_numbered_where_they_are_paid(here: Shop, till: TillClient, second: TillClient) -> None:
    tickets = [opened(till, line(here, "roll")) for _ in range(3)]
    references = [
        paid(at, told["id"], cash(45))["receipt_reference"]
        for at, told in zip((till, second, till), tickets, strict=True)
    ]
    assert references == ["K1-R1", "K2-R1", "K1-R2"]
    with tenant_context(here.tenant):
        assert Order.objects.filter(receipt_register__isnull=False).count() == 1


def test_a_ticket_is_placed_once(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    first = till.post(f"/orders/{told['id']}/place", {})
    again = till.post(f"/orders/{told['id']}/place", {})
    assert (first.json()["fulfilment_state"], first.json()["due"]) == ("placed", euro(380))
    assert first.content == again.content
    assert balances(here)["receivable"] == 380


@pytest.mark.parametrize("count", [1, 3])
def test_open_orders_are_listed_in_a_constant_number_of_statements(
    here: Shop, till: TillClient, count: int
) -> None:
    for _ in range(count):
        opened(till, line(here, "roll"), line(here, "cappuccino"))
    with CaptureQueriesContext(connection) as captured:
        listed = till.get("/tickets?state=draft").json()["items"]
    assert (len(listed), len(captured)) == (count, 8)


def test_open_orders_are_told_apart_by_whether_they_are_placed(here: Shop, till: TillClient) -> None:
    draft, placed, done = (opened(till, line(here, "roll")) for _ in range(3))
    till.post(f"/orders/{placed['id']}/place", {})
    paid(till, done["id"], cash(45))

    def listed(query: str) -> list[str]:
        return [each["id"] for each in till.get(f"/tickets{query}").json()["items"]]

    assert listed("") == [draft["id"], placed["id"]]
    assert listed("?state=draft") == [draft["id"]]
    assert listed("?state=placed") == [placed["id"]]
    assert listed(f"?location_id={new_id()}") == []
