"""An order whose money is asked for at a vendor that does what a test says."""

import datetime as dt
from typing import Any

from django.test import TestCase

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from payments.gateways.models import Attempt, Reader
from payments.gateways.services import (
    ConnectionDraft,
    ReaderDraft,
    override_attempt,
    save_connection,
    save_reader,
)
from payments.tenders.models import TenderType
from pos.orders.models import Order
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.cancelling import CancelDraft, cancel_order
from staff.employees.roles import PERMISSIONS
from tests.factories import Shop

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def later(**units: float) -> dt.datetime:
    """An instant after `AT`."""
    return AT + dt.timedelta(**units)


def connect(here: Shop) -> Reader:
    """The merchant has an account at the vendor, a reader, and a way to pay by it."""
    draft = ConnectionDraft(
        id=new_id(), gateway="vendor", name="Cards", account="acct_1", secrets={"key": "sk"}
    )
    connection = save_connection(draft=draft, actor=SYSTEM, at=AT)
    TenderType.objects.create(
        code="reader", name="Card", kind="card", connection=connection, channel="present"
    )
    placed = ReaderDraft(
        id=new_id(),
        connection_id=connection.pk,
        vendor_id="rd_1",
        name="Bar",
        register_id=here.register.pk,
    )
    return save_reader(draft=placed, actor=SYSTEM)


def ask(here: Shop, order: Order, minor: int, **facts: Any) -> Attempt:
    """Money of the order is asked for at the reader."""
    draft = AskDraft(id=new_id(), tender_type="reader", amount=Money(minor, "EUR"), **facts)
    return ask_for_money(order_id=order.pk, draft=draft, actor=here.actor(), at=AT)


def cancel(here: Shop, order: Order) -> None:
    """The guests left; what comes after COMMIT comes at once, also in a test that never commits."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        cancel_order(order_id=order.pk, draft=CancelDraft(reason="left"), actor=here.actor(), at=AT)


def override(here: Shop, attempt: Attempt) -> None:
    """Somebody who may lets the guest pay another way."""
    actor = here.actor(permissions=frozenset(PERMISSIONS))
    override_attempt(attempt_id=attempt.pk, reason="in a hurry", actor=actor, at=AT)


def state(attempt: Attempt) -> str:
    """As it is by now."""
    attempt.refresh_from_db()
    return str(attempt.state)
