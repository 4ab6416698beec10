"""Each of the fifteen things that happen to a card, over HTTP: what it does to the card, and to the books.

The kinds are Square's (`GiftCardActivityType`): whoever comes from there finds each of them.
"""

from collections.abc import Callable
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.kinds import ACTIVITIES
from payments.credit.models import StoredValue
from tests.factories import Shop, TillClient, paired_till, shop, signed_in
from tests.payments.credit.cards import agrees, books, ways_to_pay
from tests.payments.credit.test_card_imports import upload
from tests.payments.credit.test_value_api import cash, eur, ok, paying, sale_of

pytestmark = pytest.mark.django_db

SQUARE = {
    "ACTIVATE",
    "LOAD",
    "REDEEM",
    "CLEAR_BALANCE",
    "DEACTIVATE",
    "ADJUST_INCREMENT",
    "ADJUST_DECREMENT",
    "REFUND",
    "UNLINKED_ACTIVITY_REFUND",
    "IMPORT",
    "BLOCK",
    "UNBLOCK",
    "IMPORT_REVERSAL",
    "TRANSFER_BALANCE_FROM",
    "TRANSFER_BALANCE_TO",
}
"""As Square's API names them."""


class Desk:
    """A manager at a till, and a card of 20.00 that was sold for cash."""

    def __init__(self, here: Shop, till: TillClient, manager: TillClient) -> None:
        self.here, self.till, self.manager = here, till, manager
        self.key = self.sell()

    def sell(self) -> str:
        body = sale_of(2000, cash(2000))
        key: str = ok(self.till.post("/gift-cards", body))["gift_card"]["id"]
        return key

    def load(self) -> None:
        body = {"id": str(new_id()), "amount": eur(500), "tenders": [cash(500)]}
        ok(self.till.post(f"/gift-cards/{self.key}/loads", body))

    def pay(self) -> dict[str, Any]:
        order: dict[str, Any] = ok(self.till.post("/orders", paying(self.here, 760, value_id=self.key)))
        return order

    def give_back(self) -> None:
        self.refund(self.pay())

    def give_back_what_was_cash(self) -> None:
        body = paying(self.here, 760) | {"tenders": [cash(760)]}
        order = ok(self.till.post("/orders", body))
        tender = {"id": str(new_id()), "tender_type": "gift", "amount": eur(380), "value_id": self.key}
        self.refund(order, tenders=[tender])

    def refund(self, order: dict[str, Any], **said: Any) -> None:
        line = {"order_line_id": order["lines"][0]["id"], "quantity": "1", "goods": "waste"}
        body = {"id": str(new_id()), "lines": [line], "reason": "too cold", **said}
        ok(self.till.post(f"/orders/{order['id']}/refunds", body))

    def step(self, kind: str) -> None:
        body = {"id": str(new_id()), "kind": kind, "reason": "asked for"}
        ok(self.manager.post(f"/gift-cards/{self.key}/steps", body))

    def free(self) -> None:
        self.step("block")
        self.step("unblock")

    def adjust(self, amount: int) -> None:
        body = {"id": str(new_id()), "amount": eur(amount), "reason": "typed wrongly"}
        ok(self.manager.post(f"/gift-cards/{self.key}/adjustments", body))

    def transfer(self, *, onto: bool) -> None:
        """Off the card onto a store credit; `onto` looks at that."""
        to = {"id": str(new_id()), "kind": "store_credit"}
        body = {"id": str(new_id()), "from_id": self.key, "to": to, "amount": eur(700), "reason": "lost"}
        moved = ok(self.manager.post("/gift-cards/transfers", body))
        if onto:
            self.key = moved["target"]["id"]

    def take_over(self, *, back: bool) -> None:
        key = new_id()
        ok(upload(self.manager, "code,balance\nOLD-0001,12.50\n", id=key, name="Old"))
        if back:
            ok(self.manager.post(f"/gift-cards/imports/{key}/reversal", {}), 200)
        with tenant_context(self.here.tenant):
            self.key = str(StoredValue.objects.get(value_import_id=key).pk)


SOLD = {"cash": 2000, "gift_cards": -2000}
STORY: dict[str, tuple[Callable[[Desk], Any], int, int, dict[str, int]]] = {
    "activate": (lambda _desk: None, 2000, 2000, {}),
    "load": (Desk.load, 500, 2500, {"cash": 500, "gift_cards": -500}),
    "redeem": (Desk.pay, -760, 1240, {"gift_cards": 760, "SALE": -760}),
    "refund": (Desk.give_back, 380, 1620, {"gift_cards": 380, "SALE": -380}),
    "unlinked_activity_refund": (
        Desk.give_back_what_was_cash,
        380,
        2380,
        {"cash": 760, "gift_cards": -380, "SALE": -380},
    ),
    "adjust_increment": (
        lambda desk: desk.adjust(300),
        300,
        2300,
        {"gift_card_given": 300, "gift_cards": -300},
    ),
    "adjust_decrement": (
        lambda desk: desk.adjust(-300),
        -300,
        1700,
        {"gift_card_given": -300, "gift_cards": 300},
    ),
    "transfer_from": (
        lambda desk: desk.transfer(onto=False),
        -700,
        1300,
        {"gift_cards": 700, "credit": -700},
    ),
    "transfer_to": (lambda desk: desk.transfer(onto=True), 700, 700, {"gift_cards": 700, "credit": -700}),
    "block": (lambda desk: desk.step("block"), 0, 2000, {}),
    "unblock": (Desk.free, 0, 2000, {}),
    "clear_balance": (
        lambda desk: desk.step("clear_balance"),
        -2000,
        0,
        {"gift_cards": 2000, "gift_card_breakage": -2000},
    ),
    "deactivate": (
        lambda desk: desk.step("deactivate"),
        -2000,
        0,
        {"gift_cards": 2000, "gift_card_breakage": -2000},
    ),
    "import": (
        lambda desk: desk.take_over(back=False),
        1250,
        1250,
        {"gift_card_opening": 1250, "gift_cards": -1250},
    ),
    "import_reversal": (lambda desk: desk.take_over(back=True), -1250, 0, {}),
}
"""Kind → what makes it happen, what the card gains, its balance, and the books beside the sale of 20.00.

`SALE` is whatever a sale of goods books against its payment: turnover and tax.
"""


@pytest.fixture
def desk(cafe: Any) -> Desk:
    here = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
    till = TillClient(cafe, paired_till(cafe, register=here.register))
    return Desk(here, till, TillClient(cafe, signed_in(cafe, till.headers, role="manager")))


def balances() -> dict[str, int]:
    """What stands in the books; turnover and taxes as one."""
    found: dict[str, int] = {}
    for code, amount in books().items():
        key = "SALE" if code.startswith(("sales", "tax")) else code
        found[key] = found.get(key, 0) + amount
    return {code: amount for code, amount in found.items() if amount}


def test_the_kinds_are_those_of_square() -> None:
    ours = {kind.upper().replace("TRANSFER_", "TRANSFER_BALANCE_") for kind in ACTIVITIES}
    assert ours == SQUARE
    assert set(STORY) == set(ACTIVITIES)


@pytest.mark.parametrize("kind", ACTIVITIES)
def test_each_kind_moves_the_card_and_the_books(desk: Desk, kind: str) -> None:
    do, amount, balance, moved = STORY[kind]
    do(desk)
    rows = ok(desk.till.get(f"/gift-cards/{desk.key}/activities"), 200)["items"]
    (row,) = [row for row in rows if row["kind"] == kind]
    assert (row["amount"], row["balance"]) == (eur(amount), eur(balance))
    with tenant_context(desk.here.tenant):
        expected = {code: SOLD.get(code, 0) + moved.get(code, 0) for code in SOLD.keys() | moved.keys()}
        assert balances() == {code: amount for code, amount in expected.items() if amount}
        assert agrees()
