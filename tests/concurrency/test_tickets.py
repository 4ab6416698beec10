"""Two waiters at one ticket, two tills that take the same bill: nothing is lost, nothing is paid twice.

The twin reads the ticket before it waits for its row, as a form that is saved whole would, and loses what others
added meanwhile.
"""

import datetime as dt
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.errors import PreconditionFailed
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.states import IllegalTransition
from fynlo.core.tenancy import tenant_context
from payments.tenders.models import Payment
from pos.orders.changing import ChangeDraft
from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
from pos.orders.models import Order, OrderChange, OrderLine
from pos.orders.queries import whole_order
from pos.orders.services.cancelling import CancelDraft, cancel_order
from pos.orders.services.changes import change_order
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.services.tickets import open_ticket
from pos.orders.stored_drafts import restored_draft, stored_draft
from pos.registers.journal.models import JournalEntry
from pos.registers.models import Register
from tests.concurrency.rivals import at_once, while_held
from tests.factories import Shop, shop

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
WAITERS = 5


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café."""
    return shop(cafe)


def a_line(here: Shop, name: str) -> LineDraft:
    return LineDraft(id=new_id(), variant_id=here.variants[name].id, quantity=Decimal(1))


def ticket(here: Shop, *names: str) -> Order:
    draft = OrderDraft(id=new_id(), lines=tuple(a_line(here, name) for name in names))
    with tenant_context(here.tenant):
        return open_ticket(draft=draft, actor=here.actor(), at=AT).order


def anything(_revision: int) -> None:
    """Whoever only adds looks at no revision."""


def adding(here: Shop, order: Order) -> Callable[[], Any]:
    change = ChangeDraft(id=new_id(), kind="add", line=a_line(here, "roll"))

    def add() -> Any:
        return change_order(order_id=order.id, changes=[change], actor=here.actor(), at=AT, matches=anything)

    return add


def naming(here: Shop, order: Order, name: str, *, seen: int) -> Callable[[], Any]:
    change = ChangeDraft(id=new_id(), kind="name", name=name)

    def matches(revision: int) -> None:
        if revision != seen:
            raise PreconditionFailed("Read the record again before changing it.")

    def say() -> Any:
        return change_order(order_id=order.id, changes=[change], actor=here.actor(), at=AT, matches=matches)

    return say


def paying(here: Shop, order: Order, amount: int, *, register: Register | None = None) -> Callable[[], Any]:
    tender = TenderDraft(id=new_id(), tender_type="cash", amount=Money(amount, "EUR"))

    def pay() -> Any:
        return pay_order(
            order_id=order.id, draft=PayDraft(tenders=(tender,)), actor=here.actor(register=register), at=AT
        )

    return pay


def test_waiters_who_add_at_once_lose_nothing(here: Shop) -> None:
    order = ticket(here, "cappuccino")
    while_held(here.tenant, Order.objects.all, [adding(here, order) for _ in range(WAITERS)])
    with tenant_context(here.tenant):
        whole = whole_order(order_id=order.id)
        assert (len(whole.lines), whole.order.total_minor) == (1 + WAITERS, 380 + 45 * WAITERS)
        assert [line.position for line in whole.lines] == list(range(1 + WAITERS))
        assert len(restored_draft(Order.objects.get().draft).lines) == 1 + WAITERS
        revisions = OrderChange.objects.order_by("revision").values_list("revision", flat=True)
        assert list(revisions) == list(range(2, 2 + WAITERS))


def test_of_those_who_saw_the_same_ticket_one_changes_it(here: Shop) -> None:
    order = ticket(here, "cappuccino")
    calls = [naming(here, order, f"Table {number}", seen=1) for number in range(WAITERS)]
    outcomes, _ = while_held(here.tenant, Order.objects.all, calls)
    late = [each for each in outcomes if isinstance(each, PreconditionFailed)]
    assert len(late) == WAITERS - 1
    with tenant_context(here.tenant):
        assert (Order.objects.get().revision, OrderChange.objects.count()) == (2, 1)


def test_one_bill_is_paid_once_at_however_many_tills(here: Shop) -> None:
    order = ticket(here, "cappuccino")
    calls = [paying(here, order, 380), paying(here, order, 380, register=here.second_register)]
    outcomes = at_once(here.tenant, calls)
    assert sum(isinstance(each, IllegalTransition) for each in outcomes) == 1
    with tenant_context(here.tenant):
        assert (Order.objects.get().paid_minor, Payment.objects.count()) == (380, 1)
        totals = Register.objects.order_by("code").values_list("grand_total_minor", "last_receipt_number")
        assert sorted(totals) == [(0, 0), (380, 1)]
        assert list(JournalEntry.objects.values_list("kind", flat=True)) == ["sale"]


def test_parts_paid_at_once_are_all_taken(here: Shop) -> None:
    order = ticket(here, "cappuccino")
    calls = [paying(here, order, amount) for amount in (100, 100, 180)]
    while_held(here.tenant, Register.objects.all, calls)
    with tenant_context(here.tenant):
        paid = Order.objects.get()
        assert (paid.paid_minor, paid.payment_state, paid.receipt_number) == (380, "paid", 1)


def test_what_is_cancelled_and_paid_at_once_is_one_of_both(here: Shop) -> None:
    order = ticket(here, "cappuccino")

    def cancel() -> Any:
        return cancel_order(order_id=order.id, draft=CancelDraft(reason="left"), actor=here.actor(), at=AT)

    outcomes = at_once(here.tenant, [cancel, paying(here, order, 380)])
    assert sum(isinstance(each, IllegalTransition) for each in outcomes) == 1
    with tenant_context(here.tenant):
        told = Order.objects.get()
        assert (told.fulfilment_state, told.paid_minor) in {("cancelled", 0), ("completed", 380)}


def test_twin_that_reads_the_ticket_before_it_locks_it_loses_lines(here: Shop) -> None:
    order = ticket(here, "cappuccino")
    everybody_read = threading.Barrier(WAITERS)

    def add() -> None:
        row = Order.objects.get(pk=order.id)
        before = restored_draft(row.draft)
        everybody_read.wait()
        draft = stored_draft(before) | {"lines": [*stored_draft(before)["lines"], {"id": str(new_id())}]}
        Order.objects.filter(pk=order.id).update(draft=draft)

    at_once(here.tenant, [add] * WAITERS)
    with tenant_context(here.tenant):
        assert len(Order.objects.get().draft["lines"]) == 2
        assert OrderLine.objects.count() == 1
