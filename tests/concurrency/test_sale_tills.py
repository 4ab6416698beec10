"""Twenty-five tills on one location: no order fails, none waits in a circle, and every book adds up afterwards."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Sum

from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from payments.ledger.queries import trial_balance
from pos.inventory.models import StockLevel
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import Register
from tests.concurrency.rivals import at_once
from tests.factories import Shop, shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TILLS, SALES = 25, 4
_DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def selling(here: Shop, register: Register, seed: int) -> Callable[[], list[UUID]]:
    """Sales of all goods of the house, each time in another order, paid in cash."""

    def sell() -> list[UUID]:
        chance = random.Random(seed)
        made = []
        for _ in range(SALES):
            names = list(here.variants)
            chance.shuffle(names)
            draft = sale(*(sold(here, name) for name in names), tenders=(cash(here, 5000),))
            made.append(place_order(draft=draft, actor=here.actor(register=register), at=AT).id)
        return made

    return sell


def deadlocks() -> int:
    """How many the server has seen in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(_DEADLOCKS)
        return int(cursor.fetchone()[0])


def test_all_orders_of_twenty_five_tills_are_recorded_and_every_book_adds_up(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        registers = [
            Register.objects.create(location=here.location, code=f"T{number}", name=f"Till {number}")
            for number in range(TILLS)
        ]
        before, stuck = head(), deadlocks()
    made = at_once(cafe, [selling(here, register, seed) for seed, register in enumerate(registers)])
    assert [len(ids) for ids in made] == [SALES] * TILLS, made
    total = TILLS * SALES
    with tenant_context(cafe):
        assert deadlocks() == stuck
        assert head() == before + total
        assert set(StockLevel.objects.values_list("on_hand", flat=True)) == {Decimal(-total)}
        balance = trial_balance()
        assert sum(row.balance_minor for row in balance) == 0
        paid = Order.objects.aggregate(total=Sum("paid_minor"))["total"]
        for register in Register.objects.filter(code__startswith="T"):
            orders = Order.objects.filter(register=register).order_by("number")
            assert list(orders.values_list("number", "receipt_number")) == [
                (number, number) for number in range(1, SALES + 1)
            ]
            entries = list(JournalEntry.objects.filter(register=register).order_by("position"))
            assert [entry.position for entry in entries] == list(range(1, SALES + 1))
            assert [entry.previous_hash for entry in entries] == ["", *(each.hash for each in entries[:-1])]
            assert register.journal_head == entries[-1].hash
            assert register.grand_total_minor == orders.aggregate(total=Sum("total_minor"))["total"]
        assert paid == sum(Register.objects.values_list("grand_total_minor", flat=True))
