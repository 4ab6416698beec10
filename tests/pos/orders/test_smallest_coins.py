"""What is due in coins that nobody has: paid with nothing, the rounding booked, a receipt like any other."""

from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from fynlo.core.ids import new_id
from fynlo.core.inserts import insert_rows
from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Transfer
from payments.tenders.models import Payment
from pos.registers.models import CashMovement
from tests.factories import Shop, TenderTypeFactory, TillClient, signed_in
from tests.pos.catalog.documents import sheets
from tests.pos.orders.menu import Menu, serve, stored
from tests.pos.orders.test_priced_orders_api import balances, order, placed
from tests.pos.orders.tickets import Json, cash, euro, paid
from tests.pos.registers import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def menu(here: Shop) -> Menu:
    """The menu of a country whose smallest coin is 5."""
    found = serve(here)
    stored(here, ("settings", sheets.settings(cash_increment=5)))
    with tenant_context(here.tenant):
        TenderTypeFactory.create(code="card", name="Card", kind="card")
    return found


@pytest.fixture
def manager(here: Shop, till: TillClient, menu: Menu) -> TillClient:
    """Somebody who may make prices and give money back, at K1."""
    return TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))


def card(amount: int) -> Json:
    """A tender by card."""
    return {**cash(amount), "tender_type": "card"}


def sale(menu: Menu, price: int, *tenders: Json) -> Json:
    """A juice at this price."""
    return order([menu.line("juice", override=euro(price))], *tenders)


def money(here: Shop) -> dict[str, int]:
    """Where the money is; nothing that is zero."""
    found = balances(here)
    wanted = ("cash", "rounding", "receivable", "tender:card", "tender:exchange")
    return {code: found[code] for code in wanted if found.get(code)}


def test_two_cents_are_paid_with_nothing(here: Shop, manager: TillClient, menu: Menu) -> None:
    session = desk.opened(manager, here.register)
    told = placed(manager, sale(menu, 2))
    assert (told["payment_state"], told["due"]) == ("unpaid", euro(2))
    tender = cash(0)
    done = paid(manager, told["id"], tender, expected_due=euro(2))
    assert paid(manager, told["id"], tender, expected_due=euro(2)) == done
    assert (done["payment_state"], done["fulfilment_state"], done["receipt_reference"]) == (
        "paid",
        "completed",
        "K1-R1",
    )
    assert (done["due"], done["paid"], done["change"], done["rounding"]) == (
        euro(0),
        euro(2),
        euro(0),
        euro(2),
    )
    assert money(here) == {"rounding": 2}
    with tenant_context(here.tenant):
        assert CashMovement.objects.exclude(kind="float").count() == 0
        (transfer,) = Transfer.objects.filter(kind="rounding")
        assert (transfer.debit_key, transfer.credit_key, transfer.amount_minor) == (
            "rounding",
            "receivable",
            2,
        )
        assert str(transfer.payment_id) == tender["id"]
    later = placed(manager, sale(menu, 100, cash(100)))
    assert later["receipt_reference"] == "K1-R2"
    assert desk.closed(manager, session, 10_100)["variance"] == euro(0)
    zed = desk.the_z(manager, here.register)
    document = zed["document"]
    assert (document["sales"]["count"], document["sales"]["total"], document["sales"]["rounding"]) == (
        2,
        euro(102),
        euro(2),
    )
    (tender_sums,) = document["tenders"]
    assert (tender_sums["count"], tender_sums["amount"], tender_sums["rounding"]) == (2, euro(102), euro(2))
    assert (document["numbers"]["receipts"]["gaps"], zed["grand_total"]) == ([], euro(102))


def test_what_parts_left_of_a_bill_is_paid_with_nothing(here: Shop, manager: TillClient, menu: Menu) -> None:
    told = placed(manager, sale(menu, 380, card(378)))
    assert (told["payment_state"], told["due"]) == ("part_paid", euro(2))
    done = paid(manager, told["id"], cash(0))
    assert (done["payment_state"], done["due"], done["rounding"]) == ("paid", euro(0), euro(2))
    assert money(here) == {"tender:card": 378, "rounding": 2}


def test_in_one_request_with_the_card(here: Shop, manager: TillClient, menu: Menu) -> None:
    told = placed(manager, sale(menu, 380, card(378), cash(0)))
    assert (told["payment_state"], told["receipt_reference"], told["rounding"]) == ("paid", "K1-R1", euro(2))
    assert money(here) == {"tender:card": 378, "rounding": 2}


@pytest.mark.parametrize("at_once", [True, False], ids=["at-once", "later"])
def test_what_an_exchange_left_is_paid_with_nothing(
    here: Shop, manager: TillClient, menu: Menu, at_once: bool
) -> None:
    """A card paid 3.78; the other juice is 3.80."""
    sold = placed(manager, sale(menu, 378, card(378)))
    body = {
        "id": str(new_id()),
        "refund": {
            "order_id": sold["id"],
            "lines": [{"order_line_id": sold["lines"][0]["id"], "quantity": "1"}],
            "reason": "other size",
        },
        "order": {
            "id": str(new_id()),
            "lines": [menu.line("juice", override=euro(380))],
            "tenders": [cash(0)] if at_once else [],
        },
    }
    answer = manager.post("/exchanges", body)
    assert answer.status_code == 201, answer.json()
    told = answer.json()["order"]
    if not at_once:
        assert (told["payment_state"], told["due"]) == ("part_paid", euro(2))
        told = paid(manager, told["id"], cash(0))
    assert (told["payment_state"], told["receipt_reference"], told["rounding"]) == ("paid", "K1-R3", euro(2))
    assert money(here) == {"tender:card": 378, "rounding": 2}


def test_it_goes_back_as_it_came(here: Shop, manager: TillClient, menu: Menu) -> None:
    told = placed(manager, sale(menu, 2))
    done = paid(manager, told["id"], cash(0))
    body = {
        "id": str(new_id()),
        "lines": [{"order_line_id": done["lines"][0]["id"], "quantity": "1"}],
        "reason": "sour",
    }
    answer = manager.post(f"/orders/{told['id']}/refunds", body)
    assert answer.status_code == 201, answer.json()
    (row,) = answer.json()["tenders"]
    assert (row["amount"], row["given"]) == (euro(2), euro(0))
    assert money(here) == {}


@pytest.mark.parametrize(
    ("price", "tenders"),
    [
        pytest.param(3, [cash(0)], id="rounds-up-to-a-coin"),
        pytest.param(2, [card(0)], id="a-card-is-not-rounded"),
        pytest.param(2, [cash(0), cash(0)], id="twice"),
        pytest.param(2, [cash(5), cash(0)], id="beside-a-coin"),
        pytest.param(0, [cash(0)], id="nothing-is-due"),
    ],
)
def test_a_tender_of_nothing_that_settles_nothing_is_none(
    here: Shop, manager: TillClient, menu: Menu, price: int, tenders: list[Json]
) -> None:
    told = placed(manager, sale(menu, price)) if price else placed(manager, sale(menu, 100, cash(100)))
    refused: Any = manager.post(f"/orders/{told['id']}/payments", {"tenders": tenders})
    assert (refused.status_code, refused.json()["code"]) == (422, "tender_invalid")


def test_the_tables_keep_payments_of_nothing_to_rounding(here: Shop, manager: TillClient, menu: Menu) -> None:
    told = placed(manager, sale(menu, 2))
    paid(manager, told["id"], cash(0))
    with tenant_context(here.tenant):
        kept = Payment.objects.values().get()
        nothing = Payment(**{**kept, "id": new_id(), "amount_minor": 0, "rounding_minor": 0})
        with pytest.raises(IntegrityError, match="payments_payment_not_negative"), transaction.atomic():
            insert_rows([nothing])
