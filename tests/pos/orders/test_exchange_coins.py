"""Goods against goods where the last cents were rounded: it goes through, and the books balance."""

import pytest

from fynlo.core.ids import new_id
from tests.factories import Shop, TillClient, signed_in
from tests.pos.catalog.documents import sheets
from tests.pos.orders.menu import serve, stored
from tests.pos.orders.test_priced_orders_api import balances, cash, euro, order, placed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "tendered", "new", "given", "rest"),
    [
        (378, 400, 379, [("exchange", 379)], {"cash": 380, "rounding": -1}),
        (378, 400, 378, [("exchange", 378)], {"cash": 380, "rounding": -2}),
        (378, 400, 380, [("exchange", 380)], {"cash": 380}),
        (378, 400, 100, [("exchange", 100), ("cash", 280)], {"cash": 100}),
        (382, 400, 382, [("exchange", 382)], {"cash": 380, "rounding": 2}),
        (382, 400, 100, [("exchange", 100), ("cash", 280)], {"cash": 100}),
    ],
)
def test_goods_for_goods_within_a_coin(
    here: Shop,
    till: TillClient,
    old: int,
    tendered: int,
    new: int,
    given: list[tuple[str, int]],
    rest: dict[str, int],
) -> None:
    menu = serve(here)
    stored(here, ("settings", sheets.settings(cash_increment=5)))
    manager = TillClient(here.tenant, signed_in(here.tenant, till.headers, role="manager"))
    sold = placed(manager, order([menu.line("juice", override=euro(old))], cash(tendered)))
    body = {
        "id": str(new_id()),
        "refund": {
            "order_id": sold["id"],
            "lines": [{"order_line_id": sold["lines"][0]["id"], "quantity": "1"}],
            "reason": "other size",
        },
        "order": {"id": str(new_id()), "lines": [menu.line("juice", override=euro(new))], "tenders": []},
    }
    answer = manager.post("/exchanges", body)
    assert answer.status_code == 201, answer.json()
    told = answer.json()
    assert [
        (each["tender_type"], each["given"]["amount_minor"]) for each in told["refund"]["tenders"]
    ] == given
    assert (told["order"]["payment_state"], told["order"]["due"]) == ("paid", euro(0))
    found = balances(here)
    money = {code: found[code] for code in ("cash", "rounding", "receivable", "exchange") if found.get(code)}
    assert money == rest
    assert found.get("tender:exchange", 0) == 0
