"""Receipts of sales with choices, combos, offers, two rates, charges, tips and rounding: from the till to paper."""

from pathlib import Path
from typing import Any

import pytest

from fynlo.core.ids import new_id
from tests.factories import Shop, TillClient, signed_in
from tests.pos.catalog.documents import sheets
from tests.pos.orders.menu import serve

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"


def money(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


@pytest.fixture
def order(here: Shop, till: TillClient) -> str:
    """The id of a manager's sale of everything: one line eaten in though the rest is taken away.

    2 × (4.20 + 0.50 + 2 × 0.30) = 10.60; breakfast 6.90 + 0.50 for the juice = 7.40; two cookies for one, 2.50;
    a juice at 2.50 less 20 % = 2.00; together 22.50. Off the order 1.00; service 5 % of 21.50 is 1.075 → 1.08; the
    tip 1.50: 24.08, in cash 24.10, rounding takes 0.02.
    """
    charge = sheets.service_charge("Terrace", when={}, percent="0.05")
    coins = ("settings", sheets.settings(cash_increment=5))
    menu = serve(here, ("service_charge", charge), coins)
    manager = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))
    staff = {"id": str(new_id()), "name": "Staff", "percent": "0.2"}
    juice = menu.line("juice", override=money(250), discounts=[staff], order_type="dine_in")
    juice.update(lot="AB-12", serial="7", use_by="2026-03-02", note="Two straws, please, and no ice at all")
    body = {
        "id": str(new_id()),
        "placed_at": "2026-03-02T11:00:00.000Z",
        "lines": [*menu.basket(), juice],
        "order_type": "take_away",
        "note": "To be collected at noon by the neighbour",
        "discounts": [{"id": str(new_id()), "amount": money(100)}],
        "tip": money(150),
        "tenders": [{"id": str(new_id()), "tender_type": "cash", "amount": money(3000)}],
    }
    response = manager.post("/orders", body)
    assert response.status_code == 201, response.json()
    assert (response.json()["payable"], response.json()["change"]) == (money(2408), money(590))
    return str(body["id"])


@pytest.mark.parametrize("columns", ["42", "32"])
def test_a_receipt_with_everything(till: TillClient, order: str, columns: str) -> None:
    lines = till.get(f"/orders/{order}/receipt?columns={columns}").content.decode().splitlines()
    # Who sold it has another number in every test.
    told = "".join(f"{line}\n" for line in lines if not line.startswith("Till K1"))
    assert told == (GOLDEN / f"everything_{columns}.txt").read_text("utf-8")
