"""Cancelling orders over HTTP: what is owed is gone, goods go where it is said, what was paid is refunded first."""

import pytest

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from payments.ledger.models import Transfer
from pos.inventory.models import StockMovement
from pos.orders.models import OrderChange
from pos.registers.journal.models import JournalEntry
from tests.factories import Shop, TillClient, paired_till
from tests.pos.orders.tickets import Json, cash, euro, line, opened, paid

pytestmark = pytest.mark.django_db


def cancelled(till: TillClient, order_id: str, **said: str) -> Json:
    response = till.post(f"/orders/{order_id}/cancel", {"reason": "left", **said})
    assert response.status_code == 200, response.json()
    told: Json = response.json()
    return told


def placed(till: TillClient, *lines: Json) -> Json:
    told = opened(till, *lines)
    response = till.post(f"/orders/{told['id']}/place", {})
    assert response.status_code == 200
    order: Json = response.json()
    return order


def movements(here: Shop) -> list[tuple[str, str]]:
    with tenant_context(here.tenant):
        rows = StockMovement.objects.order_by("id").values_list("kind", "quantity")
        return [(kind, str(quantity.normalize())) for kind, quantity in rows]


def test_a_ticket_that_comes_to_nothing_moves_nothing_and_keeps_its_number(
    here: Shop, till: TillClient
) -> None:
    told = opened(till, line(here, "cappuccino"))
    gone = cancelled(till, told["id"])
    assert (gone["fulfilment_state"], gone["reference"], gone["due"]) == ("cancelled", "K1-1", euro(0))
    assert (gone["cancelled"]["reason"], gone["total"]) == ("left", euro(380))
    assert opened(till, line(here, "roll"))["reference"] == "K1-2"
    assert till.get("/tickets").json()["items"][0]["reference"] == "K1-2"
    with tenant_context(here.tenant):
        assert (Transfer.objects.count(), StockMovement.objects.count()) == (0, 0)
        assert list(JournalEntry.objects.values_list("kind", "number")) == [("cancel", "K1-1")]
        assert read_after(0)[-2].t == "order.cancelled"


@pytest.mark.parametrize(
    ("goods", "then"),
    [
        ("restock", [("sale", "-2"), ("return", "2")]),
        ("waste", [("sale", "-2"), ("return", "2"), ("waste", "-2")]),
        ("none", [("sale", "-2")]),
    ],
)
def test_the_goods_of_a_placed_order_go_where_it_is_said(
    here: Shop, till: TillClient, goods: str, then: list[tuple[str, str]]
) -> None:
    told = placed(till, line(here, "cappuccino", "2"))
    cancelled(till, told["id"], goods=goods)
    assert movements(here) == then
    with tenant_context(here.tenant):
        sums: dict[str, int] = {}
        for debit, credit, amount in Transfer.objects.values_list("debit_key", "credit_key", "amount_minor"):
            sums[debit] = sums.get(debit, 0) + amount
            sums[credit] = sums.get(credit, 0) - amount
        assert (sums["receivable"], sums["sales:standard"], sums["tax:standard@0.19"]) == (0, 0, 0)
        row = OrderChange.objects.get(order_id=told["id"], kind="cancel")
        assert (row.before, row.after, row.reason) == (
            {"state": "placed"},
            {"state": "cancelled", "goods": goods},
            "left",
        )


def test_cancelled_twice_is_cancelled_once(here: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "cappuccino"))
    first, again = cancelled(till, told["id"]), cancelled(till, told["id"])
    assert first == again
    assert movements(here) == [("sale", "-1"), ("return", "1")]


def test_what_was_paid_is_not_cancelled(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    paid(till, told["id"], cash(100))
    refused = till.post(f"/orders/{told['id']}/cancel", {"reason": "left"})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    assert (refused.json()["lifecycle"], refused.json()["state"]) == ("payment", "part_paid")
    paid(till, told["id"], cash(280))
    refused = till.post(f"/orders/{told['id']}/cancel", {"reason": "left"})
    assert (refused.status_code, refused.json()["lifecycle"]) == (409, "fulfilment")


def test_nothing_is_paid_for_what_was_cancelled(here: Shop, till: TillClient) -> None:
    told = opened(till, line(here, "cappuccino"))
    cancelled(till, told["id"])
    refused = till.post(f"/orders/{told['id']}/payments", {"tenders": [cash(380)]})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_transition")
    placing = till.post(f"/orders/{told['id']}/place", {})
    assert (placing.status_code, placing.json()["possible"]) == (409, [])


def test_the_other_merchant_cancels_nothing_here(here: Shop, there: Shop, till: TillClient) -> None:
    told = placed(till, line(here, "cappuccino"))
    other = TillClient(there.tenant, paired_till(there.tenant))
    assert other.post(f"/orders/{told['id']}/cancel", {"reason": "stolen"}).status_code == 404
    assert till.get(f"/orders/{told['id']}").json() == told
