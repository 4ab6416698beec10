"""Tills that post the same order at the same moment: one sale, one answer. Without the keys it is several.

All rivals are stopped at their first write, the register's row, and let go together.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from payments.ledger.models import Transfer
from payments.tenders.models import Payment
from pos.inventory.models import StockLevel, StockMovement
from pos.orders.documents import order_document
from pos.orders.drafts import OrderDraft
from pos.orders.errors import OrderIdConflict
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.models import Register
from tests.concurrency.rivals import while_held
from tests.factories import RegisterFactory, Shop, shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TILLS = 6
GUARDS = {
    "pos_order": ("pos_order_pkey",),
    "pos_orderline": ("pos_orderline_pkey", "pos_orderline_position"),
    "pos_ordertax": ("pos_ordertax_each_once",),
    "payments_payment": ("payments_payment_pkey",),
}
GUARDING_INDEXES = ("pos_cashmovement_once", "pos_stockmovement_once_per_line")


def tills(here: Shop) -> list[Register]:
    with tenant_context(here.tenant):
        return [RegisterFactory.create(location=here.location) for _ in range(TILLS)]


def placing(here: Shop, draft: OrderDraft, register: Register) -> Callable[[], Any]:
    def place() -> dict[str, Any]:
        return order_document(place_order(draft=draft, actor=here.actor(register=register), at=AT))

    return place


def all_at_once(here: Shop, calls: list[Callable[[], Any]]) -> list[Any]:
    """What the calls returned or raised, having all come to their first write before any of them wrote."""
    outcomes, _ = while_held(here.tenant, Register.objects.all, calls)
    return outcomes


def counts(here: Shop) -> dict[str, int]:
    models = (Order, Payment, StockMovement, Transfer)
    with tenant_context(here.tenant):
        return {model.__name__: model.objects.count() for model in models}


def test_one_order_one_answer_for_every_till(cafe: Any, grocer: Any) -> None:
    here, there = shop(cafe), shop(grocer)
    with tenant_context(cafe):
        before = head()
    draft = sale(sold(here, "roll", "2"), tenders=(cash(here, 100),))
    answers = all_at_once(here, [placing(here, draft, register) for register in tills(here)])
    assert answers == [answers[0]] * TILLS
    assert counts(here) == {"Order": 1, "Payment": 1, "StockMovement": 1, "Transfer": 4}
    with tenant_context(cafe):
        assert StockLevel.objects.get().on_hand == -2
        assert head() == before + 1
        numbers = Register.objects.exclude(last_order_number=0).values_list("code", "last_order_number")
        assert [(answers[0]["register"]["code"], 1)] == list(numbers)
    with tenant_context(grocer):
        assert not Order.objects.exists()
        assert there.variants["roll"].stock_levels.count() == 0


def test_several_orders_under_one_id_leave_the_first(cafe: Any) -> None:
    here, key = shop(cafe), new_id()
    drafts = [sale(sold(here, "roll", str(number)), id=key) for number in range(1, TILLS + 1)]
    answers = all_at_once(
        here, [placing(here, draft, register) for draft, register in zip(drafts, tills(here), strict=True)]
    )
    placed = [answer for answer in answers if isinstance(answer, dict)]
    refused = [answer for answer in answers if isinstance(answer, OrderIdConflict)]
    assert (len(placed), len(refused)) == (1, TILLS - 1)
    assert counts(here) == {"Order": 1, "Payment": 0, "StockMovement": 1, "Transfer": 2}


def test_twin_without_the_keys_sells_it_at_every_till(cafe: Any, as_owner: None) -> None:
    here = shop(cafe)
    with tenant_context(cafe), connection.cursor() as cursor:
        for table, names in GUARDS.items():
            for name in names:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
        for name in GUARDING_INDEXES:
            cursor.execute(f"DROP INDEX {name}")
    draft = sale(sold(here, "roll", "2"), tenders=(cash(here, 100),))
    all_at_once(here, [placing(here, draft, register) for register in tills(here)])
    assert counts(here) == {
        "Order": TILLS,
        "Payment": TILLS,
        "StockMovement": TILLS,
        "Transfer": 4 * TILLS,
    }
    with tenant_context(cafe):
        assert StockLevel.objects.get().on_hand == -2 * TILLS
