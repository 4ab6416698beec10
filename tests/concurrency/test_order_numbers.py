"""Twenty-five tills at a few registers, some of whose sales come to nothing: numbers stay dense, chains whole.

A sale that is rolled back after it had its numbers gives them back, and whoever waited for the register gets them.
Nothing is tried again here: what fails, fails. The twin takes numbers without the register's lock.
"""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.db.models import F, Sum

from fynlo.core import database
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from pos.orders.drafts import TenderDraft
from pos.orders.errors import PaymentIdConflict
from pos.orders.models import Order
from pos.orders.services import place, place_order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import Register
from pos.registers.numbers import Numbers
from tests.concurrency.rivals import at_once
from tests.factories import RegisterFactory, Shop, shop
from tests.pos.orders.drafts import cash, sale, sold
from tests.properties.counter.chain import whole_chain

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TILLS, REGISTERS, SALES = 25, 5, 4


@pytest.fixture
def here(cafe: Any, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose database errors are not tried again."""
    monkeypatch.setattr(database, "_AGAIN", frozenset())
    return shop(cafe)


def selling(here: Shop, register: Register, spent: UUID) -> Callable[[], list[str]]:
    """Sales in turns: one that is good, one whose payment was made before and that comes to nothing."""

    def sell() -> list[str]:
        told = []
        used = TenderDraft(id=spent, tender_type="cash", amount=Money(45, "EUR"))
        for number in range(SALES):
            tender = used if number % 2 else cash(here, 45)
            try:
                place_order(
                    draft=sale(sold(here, "roll"), tenders=(tender,)),
                    actor=here.actor(register=register),
                    at=AT,
                )
                told.append("sold")
            except PaymentIdConflict:
                told.append("refused")
        return told

    return sell


def test_numbers_are_dense_whatever_comes_to_nothing(here: Shop) -> None:
    spent = new_id()
    with tenant_context(here.tenant):
        used = TenderDraft(id=spent, tender_type="cash", amount=Money(45, "EUR"))
        place_order(draft=sale(sold(here, "roll"), tenders=(used,)), actor=here.actor(), at=AT)
        registers = [RegisterFactory.create(location=here.location) for _ in range(REGISTERS)]
    outcomes = at_once(
        here.tenant, [selling(here, registers[till % REGISTERS], spent) for till in range(TILLS)]
    )
    assert outcomes == [["sold", "refused"] * (SALES // 2)] * TILLS
    with tenant_context(here.tenant):
        for register in registers:
            dense(register, TILLS * SALES // REGISTERS // 2)


def dense(register: Register, count: int) -> None:
    """So many orders, receipts and entries, numbered from one without a gap, and a chain without a fork."""
    register.refresh_from_db()
    orders = Order.objects.filter(register=register)
    expected = list(range(1, count + 1))
    for numbers in (
        orders.values_list("number", flat=True),
        orders.values_list("receipt_number", flat=True),
        JournalEntry.objects.filter(register=register).values_list("position", flat=True),
    ):
        assert sorted(numbers) == expected
    assert (register.last_order_number, register.last_receipt_number) == (count, count)
    assert register.grand_total_minor == orders.aggregate(total=Sum("total_minor"))["total"]
    assert whole_chain(register.pk) == {"sale": count}


def test_twin_without_the_lock_two_tills_take_the_same_number(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_read = threading.Barrier(2)

    def read_then_write(*, register_id: UUID, orders: int, receipts: int, **_more: int) -> Numbers:
        found = Register.objects.get(pk=register_id)
        both_have_read.wait()
        Register.objects.filter(pk=register_id).update(
            last_order_number=found.last_order_number + orders,
            last_receipt_number=found.last_receipt_number + receipts,
            last_journal_position=F("last_journal_position") + 1,
        )
        facts: dict[str, Any] = dict.fromkeys(Numbers.__dataclass_fields__)
        return Numbers(
            **facts
            | {
                "order_number": found.last_order_number + orders,
                "receipt_number": found.last_receipt_number + receipts,
                "journal_position": found.last_journal_position + 1,
                "journal_head": found.journal_head,
            }
        )

    monkeypatch.setattr(place, "take_numbers", read_then_write)

    def sell() -> None:
        place_order(draft=sale(sold(here, "roll"), tenders=(cash(here, 45),)), actor=here.actor(), at=AT)

    outcomes = at_once(here.tenant, [sell, sell])
    assert sorted(map(str, map(type, outcomes))) == sorted([str(type(None)), str(IntegrityError)])
