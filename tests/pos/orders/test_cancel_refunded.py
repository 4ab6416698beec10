"""An order that was given back and is then cancelled: goods come back once, taxes are taken off once."""

from decimal import Decimal

import orjson
import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from payments.ledger.queries import Period
from pos.inventory.models import StockMovement
from pos.orders.queries.taxes import tax_report
from pos.registers.journal.models import JournalEntry
from tests.factories import Shop, TillClient
from tests.pos.orders.test_order_cancel import cancelled
from tests.pos.orders.tickets import Json, cash, change, changed, line, opened, paid

pytestmark = pytest.mark.django_db


def settled(here: Shop, till: TillClient, total: int = 760) -> Json:
    """Two cappuccinos that the kitchen has and the guest has paid."""
    told = opened(till, line(here, "cappuccino", "2"))
    for step in ("place", "fulfilment"):
        body = {} if step == "place" else {"event": "prepare"}
        assert till.post(f"/orders/{told['id']}/{step}", body).status_code == 200
    return paid(till, told["id"], cash(total))


def refunded(till: TillClient, order: Json, quantity: str, **said: str) -> Json:
    body = {
        "id": str(new_id()),
        "lines": [{"order_line_id": order["lines"][0]["id"], "quantity": quantity, **said}],
        "reason": "cold",
    }
    answer = till.post(f"/orders/{order['id']}/refunds", body)
    assert answer.status_code == 201, answer.json()
    told: Json = answer.json()
    return told


def moved(here: Shop) -> dict[str, Decimal]:
    with tenant_context(here.tenant):
        sums: dict[str, Decimal] = {}
        for kind, quantity in StockMovement.objects.values_list("kind", "quantity"):
            sums[kind] = sums.get(kind, Decimal(0)) + quantity
        return sums


@pytest.mark.parametrize(
    ("first", "second", "then"),
    [
        ("restock", "restock", {"sale": -2, "return": 2}),
        ("waste", "waste", {"sale": -2, "return": 2, "waste": -2}),
        ("restock", "waste", {"sale": -2, "return": 2, "waste": -1}),
        ("restock", "none", {"sale": -2, "return": 2}),
        ("none", "none", {"sale": -2, "return": 2}),
    ],
)
def test_what_came_back_with_a_refund_does_not_come_back_again(
    here: Shop, till: TillClient, first: str, second: str, then: dict[str, int]
) -> None:
    order = settled(here, till)
    refunded(till, order, "1", goods=first)
    refunded(till, order, "1", goods=second)
    cancelled(till, order["id"], goods="restock")
    assert moved(here) == then


def test_what_was_made_for_nothing_before_is_not_counted_for_what_came_back(
    here: Shop, till: TillClient
) -> None:
    """Of three one was drunk and taken off the bill; the other two came back with their money: two, not three."""
    told = opened(till, line(here, "cappuccino", "3"))
    assert till.post(f"/orders/{told['id']}/place", {}).status_code == 200
    line_id = told["lines"][0]["id"]
    changed(till, told["id"], change("adjust", line_id=line_id, quantity="2", goods="none", reason="spilt"))
    assert till.post(f"/orders/{told['id']}/fulfilment", {"event": "prepare"}).status_code == 200
    order = paid(till, told["id"], cash(760))
    refunded(till, order, "2", goods="restock")
    cancelled(till, order["id"], goods="restock")
    assert moved(here) == {"sale": -3, "return": 2}


def test_one_line_taken_off_twice_in_one_request_comes_back_once(here: Shop, till: TillClient) -> None:
    """Of four one was spilt, one sent back, then all cancelled: three come back, one is in the sink."""
    told = opened(till, line(here, "cappuccino", "4"))
    assert till.post(f"/orders/{told['id']}/place", {}).status_code == 200
    key = told["lines"][0]["id"]
    after = changed(
        till,
        told["id"],
        change("adjust", line_id=key, quantity="3", goods="none", reason="spilt"),
        change("adjust", line_id=key, quantity="2", goods="restock", reason="sent back"),
    )
    assert after["total"]["amount_minor"] == 760
    assert moved(here) == {"sale": -4, "return": 1}
    with tenant_context(here.tenant):
        bodies = JournalEntry.objects.filter(kind="void").order_by("position").values_list("body", flat=True)
        entries = [orjson.loads(body) for body in bodies]
        assert [(each["reason"], each["line"]["quantity"], each["line"]["total"]) for each in entries] == [
            ("spilt", "1", "3.80"),
            ("sent back", "1", "3.80"),
        ]
    cancelled(till, told["id"], goods="restock")
    assert moved(here) == {"sale": -4, "return": 3}


def test_taxes_of_what_was_given_back_and_cancelled_are_taken_off_once(here: Shop, till: TillClient) -> None:
    order = settled(here, till)
    refunded(till, order, "2", goods="none")
    cancelled(till, order["id"], goods="none")
    with tenant_context(here.tenant):
        (row,) = tax_report(period=Period(), by="period", location_id=None)
        assert (row.sold_tax_minor, row.refunded_tax_minor, row.tax_minor, row.booked_minor) == (
            121,
            121,
            0,
            0,
        )
        assert (row.sold_net_minor, row.refunded_net_minor, row.net_minor) == (639, 639, 0)
        sums: dict[str, int] = {}
        for debit, credit, amount in Transfer.objects.values_list("debit_key", "credit_key", "amount_minor"):
            sums[debit] = sums.get(debit, 0) + amount
            sums[credit] = sums.get(credit, 0) - amount
        assert {key for key, value in sums.items() if value} == set()
