"""A sale is whole: stock and its cost, drawer, ledger, journal, receipt and feed say the same, or nothing does."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import read_after
from payments.ledger.models import Transfer
from pos.inventory.services import StockChange, record_opening
from pos.inventory.services.settling import settle_all
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.journal.models import JournalEntry
from pos.registers.models import CashMovement, CashSession, Closing, Register
from pos.registers.services import close_session, open_session
from tests.factories import Shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def stocked(here: Shop) -> Shop:
    """Ten rolls on the shelf that cost 12.5 cents each."""
    with tenant_context(here.tenant):
        change = StockChange(
            variant_id=here.variants["roll"].id, quantity=Decimal(10), value_minor=Decimal(125)
        )
        record_opening(
            location_id=here.location.id,
            changes=[change],
            employee_id=None,
            at=AT - HOUR,
            business_date=AT.date(),
        )
        list(settle_all(at=AT - HOUR))
    return here


def opened(here: Shop, at: dt.datetime) -> CashSession:
    session_id = new_id()
    open_session(
        register_id=here.register.id,
        session_id=session_id,
        opening_float=Money(0, "EUR"),
        actor=here.actor(),
        at=at,
    )
    found: CashSession = CashSession.objects.get(pk=session_id)
    return found


def closed(here: Shop, session: CashSession, counted: int, at: dt.datetime) -> None:
    close_session(session_id=session.id, counted=Money(counted, "EUR"), actor=here.actor(), at=at)


def transfers(**which: Any) -> set[tuple[str, str, int]]:
    return set(Transfer.objects.filter(**which).values_list("debit_key", "credit_key", "amount_minor"))


def test_one_sale_by_cash_is_in_every_book(stocked: Shop) -> None:
    draft = sale(sold(stocked, "roll", "3"), tenders=(cash(stocked, 200),))
    with tenant_context(stocked.tenant):
        session = opened(stocked, AT - HOUR)
        register = Register.objects.get(pk=stocked.register.pk)
        whole = place_order(draft=draft, actor=stocked.actor(), at=AT)
        order = Order.objects.get()
        assert (order.number, order.receipt_number, order.session_id) == (1, 1, session.id)
        assert order.flags == []
        # 37.5 cents left the shelf; of 125 the 87.5 that stay are 88 in the books.
        assert transfers(order_id=order.id, kind="cost") == {("cost_of_goods", "inventory", 37)}
        booked = {
            register_id
            for (register_id,) in Transfer.objects.filter(order_id=order.id).values_list("register_id")
        }
        assert booked == {stocked.register.id}
        moved = CashMovement.objects.filter(order_id=order.id).order_by("amount_minor")
        assert list(moved.values_list("kind", "amount_minor", "session", "drawer_id")) == [
            ("change", -65, session.id, register.drawer_id),
            ("sale", 200, session.id, register.drawer_id),
        ]
        entry = JournalEntry.objects.get(kind="sale")
        after = Register.objects.get(pk=stocked.register.pk)
        assert (entry.number, entry.position, entry.previous_hash) == (
            "K1-R1",
            register.last_journal_position + 1,
            register.journal_head,
        )
        assert (after.journal_head, after.last_journal_position) == (entry.hash, entry.position)
        assert after.grand_total_minor == register.grand_total_minor + 135
        event = read_after(0)[-1]
        assert (event.t, event.id) == ("order.completed", whole.id)


def test_a_sale_that_is_not_paid_has_no_receipt_and_is_not_in_the_journal_yet(stocked: Shop) -> None:
    with tenant_context(stocked.tenant):
        place_order(draft=sale(sold(stocked, "roll", "3")), actor=stocked.actor(), at=AT)
        register = Register.objects.get(pk=stocked.register.pk)
        assert (register.last_order_number, register.last_receipt_number) == (1, 0)
        assert (register.grand_total_minor, register.last_journal_position) == (0, 0)
        assert Order.objects.get().receipt_number is None


def test_goods_whose_cost_nobody_knows_book_none_of_it(here: Shop) -> None:
    with tenant_context(here.tenant):
        place_order(draft=sale(sold(here, "roll", "3")), actor=here.actor(), at=AT)
        assert transfers(kind="cost") == set()


def test_a_sale_that_comes_after_its_drawer_was_closed_belongs_to_that_session_and_its_z(
    stocked: Shop,
) -> None:
    late = sale(sold(stocked, "roll", "2"), tenders=(cash(stocked, 90),), placed_at=AT + HOUR)
    with tenant_context(stocked.tenant):
        first = opened(stocked, AT)
        closed(stocked, first, 90, AT + 2 * HOUR)
        zed = Closing.objects.get()
        second = opened(stocked, AT + 3 * HOUR)
        place_order(draft=late, actor=stocked.actor(), at=AT + 4 * HOUR)
        order = Order.objects.get()
        assert order.session_id == first.id
        assert set(CashMovement.objects.filter(order_id=order.id).values_list("session", flat=True)) == {
            first.id
        }
        entry = Closing.objects.get(late_number=1)
        assert (entry.closing_id, entry.document["told"]) == (zed.id, "K1-R1")
        kinds = list(JournalEntry.objects.order_by("position").values_list("kind", flat=True))
        assert kinds[-2:] == ["sale", "late"]
        assert CashMovement.objects.filter(session=second).count() == 0


def test_one_that_comes_before_the_drawer_is_opened_again_is_late_and_not_without_a_session(
    stocked: Shop,
) -> None:
    late = sale(sold(stocked, "roll"), tenders=(cash(stocked, 45),), placed_at=AT + HOUR)
    with tenant_context(stocked.tenant):
        first = opened(stocked, AT)
        closed(stocked, first, 45, AT + 2 * HOUR)
        place_order(draft=late, actor=stocked.actor(), at=AT + 3 * HOUR)
        order = Order.objects.get()
        assert order.session_id == first.id
        assert [flag["code"] for flag in order.flags] == ["placed_earlier"]


def test_a_sale_of_the_open_session_asks_for_no_other(stocked: Shop, django_assert_num_queries: Any) -> None:
    said = sale(sold(stocked, "roll"), tenders=(cash(stocked, 45),), placed_at=AT + HOUR)
    with tenant_context(stocked.tenant):
        opened(stocked, AT)
        place_order(draft=sale(sold(stocked, "roll")), actor=stocked.actor(), at=AT)
        with django_assert_num_queries(7):
            place_order(draft=said, actor=stocked.actor(), at=AT + HOUR)
