"""Tickets over HTTP: opened, shared, priced, in no book before they are placed, paid at last."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from payments.ledger.models import Transfer
from pos.inventory.models import StockMovement
from pos.orders.models import Order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import Register
from tests.factories import Shop, TillClient, paired_till
from tests.pos.orders.tickets import cash, change, changed, euro, line, opened, paid, ticket_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(here: Shop) -> TillClient:
    """A till at the same location's other register."""
    return TillClient(here.tenant, paired_till(here.tenant, register=here.second_register))


def test_a_ticket_has_a_number_and_a_price_and_moves_nothing(here: Shop, till: TillClient) -> None:
    told = opened(
        till,
        line(here, "cappuccino", "2"),
        line(here, "roll", kitchen_note="warm"),
        name="Table 7",
        order_type="dine_in",
        covers=2,
        kitchen_note="allergic to nuts",
        internal_note="regulars",
        customer="Sommer",
    )
    assert (told["reference"], told["fulfilment_state"], told["payment_state"]) == ("K1-1", "draft", "unpaid")
    assert (told["total"], told["due"], told["paid"]) == (euro(805), euro(805), euro(0))
    assert (told["name"], told["customer"], told["context"]["covers"]) == ("Table 7", "Sommer", 2)
    assert (told["kitchen_note"], told["internal_note"], told["note"]) == (
        "allergic to nuts",
        "regulars",
        None,
    )
    assert [each["kitchen_note"] for each in told["lines"]] == [None, "warm"]
    assert (told["revision"], told["changes"], told["receipt_number"]) == (1, 0, None)
    assert (told["owner"], told["editing"]) == ({"employee": None, "device_id": told["device_id"]}, None)
    with tenant_context(here.tenant):
        assert Transfer.objects.count() == 0
        assert StockMovement.objects.count() == 0
        assert JournalEntry.objects.count() == 0


def test_the_other_merchant_notices_nothing(here: Shop, there: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    other = TillClient(there.tenant, paired_till(there.tenant))
    assert other.get("/tickets").json()["items"] == []
    assert other.get(f"/orders/{told['id']}").status_code == 404
    refused = other.post(f"/orders/{told['id']}/cancel", {"reason": "stolen"})
    assert refused.status_code == 404
    with tenant_context(there.tenant):
        assert Order.objects.count() == 0
        assert [item.t for item in read_after(0) if item.t.startswith(("order.", "ticket."))] == []


def test_the_same_ticket_again_is_the_same_order(here: Shop, till: TillClient) -> None:
    body = ticket_body(line(here, "cappuccino"))
    first, again = till.post("/tickets", body), till.post("/tickets", body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    other = till.post("/tickets", {**body, "name": "Bar"})
    assert (other.status_code, other.json()["code"]) == (409, "order_id_conflict")


def test_a_ticket_may_be_empty_and_gets_its_lines_later(here: Shop, till: TillClient) -> None:
    told = opened(till, name="Table 1")
    assert (told["lines"], told["total"], told["taxes"]) == ([], euro(0), [])
    more = changed(till, told["id"], change("add", line=line(here, "cappuccino")))
    assert (more["total"], more["revision"]) == (euro(380), 2)


def test_devices_of_a_location_share_its_tickets(here: Shop, till: TillClient, second: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"), name="Table 7")
    assert [each["id"] for each in second.get("/tickets").json()["items"]] == [told["id"]]
    more = changed(second, told["id"], change("add", line=line(here, "roll")))
    assert more["total"] == euro(425)
    assert more["owner"]["device_id"] == told["device_id"] != more["editing"]["device_id"]


def test_a_ticket_is_paid_at_another_till_and_gets_its_receipt_there(
    here: Shop, till: TillClient, second: TillClient
) -> None:
    told = opened(till, line(here, "cappuccino", "2"))
    done = paid(second, told["id"], cash(1000))
    assert (done["reference"], done["receipt_reference"]) == ("K1-1", "K2-R1")
    assert (done["fulfilment_state"], done["payment_state"]) == ("completed", "paid")
    assert (done["paid"], done["change"], done["due"]) == (euro(760), euro(240), euro(0))
    with tenant_context(here.tenant):
        entries = JournalEntry.objects.values_list("register__code", "kind", "number")
        assert list(entries) == [("K2", "sale", "K2-R1")]
        booked = Transfer.objects.order_by("id").values_list("debit_key", "credit_key", "amount_minor")
        assert list(booked) == [
            ("receivable", "sales:standard", 639),
            ("receivable", "tax:standard@0.19", 121),
            ("cash", "receivable", 1000),
            ("receivable", "cash", 240),
        ]
        assert list(StockMovement.objects.values_list("kind", "quantity")) == [("sale", -2)]


def test_the_feed_tells_a_tickets_life(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    changed(till, told["id"], change("name", name="Bar"))
    till.post(f"/orders/{told['id']}/place", {})
    done = paid(till, told["id"], cash(380))
    with tenant_context(here.tenant):
        items = [item for item in read_after(0) if item.t.startswith(("order.", "ticket."))]
    assert [item.t for item in items] == [
        "ticket.opened",
        "order.changed",
        "order.placed",
        "order.completed",
    ]
    assert items[-1].data == done


def states(told: dict[str, Any]) -> tuple[str, str]:
    """Both states."""
    return told["fulfilment_state"], told["payment_state"]


def test_an_order_is_paid_in_parts(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino", "3"))
    part = paid(till, told["id"], cash(500), expected_due=euro(1140))
    assert (states(part), part["due"]) == (("placed", "part_paid"), euro(640))
    done = paid(till, told["id"], cash(740), tip=euro(100), expected_due=euro(740))
    assert (states(done), done["tip"], done["paid"]) == (("completed", "paid"), euro(100), euro(1240))
    assert (done["receipt_reference"], len(done["payments"])) == ("K1-R1", 2)


def test_a_register_for_practice_opens_changes_and_pays_no_ticket(
    here: Shop, till: TillClient, second: TillClient
) -> None:
    told = opened(till, line(here, "cappuccino"))
    with tenant_context(here.tenant):
        Register.objects.filter(pk=here.second_register.pk).update(is_training=True)
    for path, body in (
        ("/tickets", ticket_body(line(here, "roll"))),
        (f"/orders/{told['id']}/changes", {"changes": [change("add", line=line(here, "roll"))]}),
        (f"/orders/{told['id']}/place", {}),
        (f"/orders/{told['id']}/payments", {"tenders": [cash(380)]}),
        (f"/orders/{told['id']}/cancel", {"reason": "practice"}),
    ):
        refused = second.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "only_practice")
    assert till.get(f"/orders/{told['id']}").json() == told
