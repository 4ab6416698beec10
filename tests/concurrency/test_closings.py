"""Races about the end of a day: a sale against the close, two closes, two who count, a late sale against the close.

Whatever waits is let go in every order the locks allow; each promise has a twin without its lock that breaks.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.states import IllegalTransition
from fynlo.core.tenancy import tenant_context
from payments.ledger.queries import trial_balance
from pos.inventory.models import StockLevel
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.errors import CountCommitted
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, CashSession, Closing, Register
from pos.registers.services import close_session, commit_count, holding, open_session
from tests.concurrency.rivals import beside, while_held
from tests.factories import Shop, shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café with an open drawer (50.00) and one sale (0.45) behind it."""
    made = shop(cafe)
    with tenant_context(cafe):
        open_session(
            register_id=made.register.id,
            session_id=new_id(),
            opening_float=Money(5000, "EUR"),
            actor=made.actor(),
            at=AT,
        )
    selling(made)()
    return made


def session_id(here: Shop) -> UUID:
    with tenant_context(here.tenant):
        key: UUID = CashSession.objects.get().pk
    return key


def selling(here: Shop, *, placed_at: dt.datetime | None = None) -> Callable[[], Any]:
    def sell() -> Any:
        said = {} if placed_at is None else {"placed_at": placed_at}
        draft = sale(sold(here, "roll"), tenders=(cash(here, 45),), **said)
        with tenant_context(here.tenant):
            return place_order(draft=draft, actor=here.actor(), at=LATER)

    return sell


def closing(here: Shop, counted: int) -> Callable[[], Any]:
    key = session_id(here)

    def close() -> dict[str, Any]:
        return close_session(session_id=key, counted=Money(counted, "EUR"), actor=here.actor(), at=LATER)

    return close


def counting(here: Shop, counted: int) -> Callable[[], Any]:
    key = session_id(here)

    def count() -> dict[str, Any]:
        return commit_count(
            session_id=key, counted=Money(counted, "EUR"), denominations=(), actor=here.actor(), at=LATER
        )

    return count


def facts(here: Shop) -> tuple[int, int, list[int]]:
    """What the Zs say was sold, what was sold, and the balance of the books."""
    with tenant_context(here.tenant):
        told = sum(
            zed.document["sales"]["total_minor"] if zed.late_number is None else zed.document["total_minor"]
            for zed in Closing.objects.all()
        )
        receipts = sum(Order.objects.values_list("total_minor", flat=True))
        return told, receipts, [sum(row.balance_minor for row in trial_balance())]


def test_a_sale_under_way_is_in_the_z(here: Shop) -> None:
    """The sale has its number and waits for stock; closing waits for the sale."""
    close = closing(here, 5090)
    _, done = while_held(
        here.tenant, StockLevel.objects.all, [selling(here)], lambda: beside(here.tenant, close, waiting=2)
    )
    assert done is not None
    assert done.result()["variance"]["amount_minor"] == 0
    assert facts(here) == (90, 90, [0])
    with tenant_context(here.tenant):
        zed = Closing.objects.get()
        assert (zed.document["sales"]["count"], zed.grand_total_minor) == (2, 90)
        positions = list(JournalEntry.objects.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, zed.to_position + 1))


def test_twin_without_the_registers_lock_the_z_misses_the_sale(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing that adds up without the register's lock counts neither the sale nor its cash, which come after."""
    monkeypatch.setattr(holding, "lock_rows", lambda rows, ids: list(rows.filter(pk__in=set(ids))))
    close = closing(here, 5045)
    _, done = while_held(
        here.tenant, StockLevel.objects.all, [selling(here)], lambda: beside(here.tenant, close, waiting=2)
    )
    assert done is not None
    assert done.result()["expected"]["amount_minor"] == 5045
    assert facts(here) == (45, 90, [0])
    with tenant_context(here.tenant):
        assert set(Order.objects.values_list("session_id", flat=True)) == {session_id(here)}
        assert sum(CashMovement.objects.values_list("amount_minor", flat=True)) == 5090


def test_of_two_closes_one_writes_the_z(here: Shop) -> None:
    outcomes, _ = while_held(here.tenant, Register.objects.all, [closing(here, 5045), closing(here, 5000)])
    done = [one for one in outcomes if isinstance(one, dict)]
    refused = [one for one in outcomes if isinstance(one, IllegalTransition)]
    assert (len(done), len(refused)) == (1, 1)
    with tenant_context(here.tenant):
        assert [zed.number for zed in Closing.objects.all()] == [1]
        assert Register.objects.get(pk=here.register.pk).last_closing_number == 1


def test_of_two_who_count_one_commits(here: Shop) -> None:
    outcomes, _ = while_held(here.tenant, Register.objects.all, [counting(here, 5045), counting(here, 5000)])
    done = [one for one in outcomes if isinstance(one, dict)]
    refused = [one for one in outcomes if isinstance(one, CountCommitted)]
    assert (len(done), len(refused)) == (1, 1)
    with tenant_context(here.tenant):
        assert len(CashSession.objects.get().counts) == 1


def test_twin_without_the_locks_both_counts_are_told_and_one_is_lost(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(rows: Any, ids: Any) -> list[Any]:
        return list(rows.filter(pk__in=set(ids)).order_by("pk"))

    monkeypatch.setattr(holding, "lock_rows", unlocked)
    outcomes, _ = while_held(
        here.tenant, CashSession.objects.all, [counting(here, 5045), counting(here, 5000)]
    )
    assert [isinstance(one, dict) for one in outcomes] == [True, True]
    with tenant_context(here.tenant):
        assert len(CashSession.objects.get().counts) == 1


def test_a_late_sale_that_comes_during_the_close_stands_beside_its_z(here: Shop) -> None:
    """Closing holds the register; the sale waits for it, and finds the drawer closed over its own moment."""
    late = selling(here, placed_at=AT + dt.timedelta(minutes=1))
    (told,), placed = while_held(
        here.tenant,
        CashSession.objects.all,
        [closing(here, 5090)],
        lambda: beside(here.tenant, late, waiting=2),
    )
    assert placed is not None
    order = placed.result().order
    assert (told["variance"]["amount_minor"], order.session_id) == (45, session_id(here))
    assert facts(here) == (90, 90, [0])
    with tenant_context(here.tenant):
        zed, entry = Closing.objects.order_by("late_number").reverse()[:2]
        assert {zed.late_number, entry.late_number} == {None, 1}
        balances = {row.code: row.balance_minor for row in trial_balance()}
        assert balances["cash_over_short"] == 0
        moved = CashMovement.objects.filter(session_id=order.session_id)
        assert sum(moves for moves in moved.values_list("amount_minor", flat=True)) == 5045


def test_late_sales_at_the_same_time_get_numbers_without_gaps(here: Shop) -> None:
    with tenant_context(here.tenant):
        closing(here, 5045)()
    late = [selling(here, placed_at=AT + dt.timedelta(minutes=number)) for number in range(1, 5)]
    while_held(here.tenant, Register.objects.all, late)
    with tenant_context(here.tenant):
        numbers = Closing.objects.exclude(late_number=None).order_by("late_number")
        assert list(numbers.values_list("late_number", flat=True)) == [1, 2, 3, 4]
    assert facts(here) == (225, 225, [0])


def test_twin_without_the_constraint_a_z_has_a_number_twice(here: Shop, as_owner: None) -> None:
    with tenant_context(here.tenant):
        closing(here, 5045)()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE pos_closing DROP CONSTRAINT pos_closing_number")
        zed = Closing.objects.get()
        copy = {field.attname: getattr(zed, field.attname) for field in Closing._meta.concrete_fields}
        Closing(**{**copy, "id": new_id()}).save()
        assert list(Closing.objects.values_list("number", "late_number")) == [(1, None), (1, None)]
