"""Trying card payments without a card: an order of one product, asked for at the simulated vendor, and the rest.

The order, its payment and its entries in the books are as real as any; only the vendor is simulated. What goes
wrong there is put on the account's script first, so it strikes whatever the product costs.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db.models import Sum

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound, RuleViolation
from fynlo.core.ids import new_id
from fynlo.core.money import Money, round_half_up
from payments.gateways import states
from payments.gateways.models import Attempt, Connection, Reader
from payments.gateways.services import connection_facts, look_at_attempt, look_at_refund
from payments.gateways.simulator import faults
from payments.gateways.simulator.balance import pay_out
from payments.gateways.simulator.gateway import Simulator, trouble_with
from payments.gateways.simulator.guest import pay, payment_data
from payments.gateways.simulator.store import Desk, desk_of
from payments.gateways.simulator.striking import drop_faults, plan_faults
from payments.reconciliation.services import run_reconciliation
from payments.reconciliation.services.running import ask_by_hand
from payments.tenders.models import TenderType
from pos.orders.drafts import LineDraft, OrderDraft
from pos.orders.models import Order, Refund
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.asking import AskDraft, ask_for_money
from pos.orders.services.refunds import refund_order
from pos.orders.services.tickets import open_ticket
from pos.registers.models import Register

TAPPABLE: Final = (states.PRESENTED, states.UNKNOWN)
NAME: Final = "Test payment"
TIP: Final = Fraction(1, 10)
"""What the guest adds on the reader, of the amount, where they are asked for a tip."""


class NotSimulated(RuleViolation):
    """Real accounts are not for trying."""

    code = "not_simulated"
    title = "Payments are tried at a simulated account only"


class NotTappable(RuleViolation):
    """No reader waits for a card."""

    code = "not_tappable"
    title = "No reader waits for a card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What happens at the vendor: in words, and as its script states it."""

    words: str
    faults: tuple[dict[str, str], ...] = ()
    tip_on_reader: bool = False


SCENARIOS: Final = MappingProxyType(
    {
        "taken": Scenario(words="The card is taken"),
        "declined": Scenario(
            words="The card is declined", faults=({"fault": faults.DECLINED, "verb": "tap"},)
        ),
        "timed_out": Scenario(
            words="No answer in time, but it is taken",
            faults=({"fault": faults.LOST_AFTER, "verb": "present"},),
        ),
        "reader_busy": Scenario(
            words="The reader is busy", faults=({"fault": faults.READER_BUSY, "verb": "present"},)
        ),
        "refund_fails": Scenario(
            words="Taken; a refund fails later",
            faults=({"fault": faults.REFUND_FAILS_LATER, "verb": "refund"},),
        ),
        "tip": Scenario(words="The guest adds a tip on the reader", tip_on_reader=True),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What somebody wants to see: which product, at which register, by which way to pay, and what happens."""

    register_id: UUID
    variant_id: UUID
    tender_type: str
    scenario: str = "taken"


def ways_to_try() -> list[TenderType]:
    """Ways to pay whose account is simulated, by their codes."""
    found = TenderType.objects.select_related("connection").filter(
        connection__gateway=Simulator.code, connection__is_live=False, connection__is_active=True
    )
    ways = found.filter(is_active=True, channel__in=("", "present")).order_by("code")
    return [way for way in ways if way.connection is not None and not _trouble(way.connection)]


def try_payment(*, trial: Trial, actor: Actor, at: dt.datetime) -> Attempt:
    """Open a ticket with one of the product and ask for what it comes to.

    Raises `NotSimulated`, `NotFound`, and what `open_ticket` and `ask_for_money` raise.
    """
    way = next((each for each in ways_to_try() if each.code == trial.tender_type), None)
    if way is None or way.connection is None:
        raise NotSimulated("Choose a way to pay whose account is simulated.", pointer="/tender_type")
    register = Register.objects.filter(pk=trial.register_id).first()
    if register is None:
        raise NotFound("There is no such register.")
    scenario = SCENARIOS[trial.scenario]
    there = replace(actor, register_id=register.pk, location_id=register.location_id)
    line = LineDraft(id=new_id(), variant_id=trial.variant_id, quantity=Decimal(1))
    order = open_ticket(draft=OrderDraft(id=new_id(), lines=(line,), name=NAME), actor=there, at=at).order
    desk = _desk(way.connection)
    drop_faults(desk=desk)
    plan_faults(desk=desk, stated=scenario.faults)
    draft = AskDraft(
        id=new_id(),
        tender_type=way.code,
        amount=Money(order.total_minor, order.currency),
        reader_id=_reader(way.connection, register),
        tip_on_reader=scenario.tip_on_reader,
    )
    return ask_for_money(order_id=order.pk, draft=draft, actor=there, at=at)


def tried(*, attempt_id: UUID) -> Attempt:
    """An attempt at a simulated account. Raises `NotFound` for any other."""
    row = Attempt.objects.select_related("connection").filter(pk=attempt_id).first()
    if row is None or row.order_id is None or row.connection.gateway != Simulator.code:
        raise NotFound("There is no such payment at a simulated account.")
    return row


def guest_taps(*, attempt_id: UUID) -> None:
    """The guest holds a card to the reader, and tips where they are asked to. Nobody here has looked yet.

    Raises `NotFound`, `NotSimulated`, `NotTappable`.
    """
    row = tried(attempt_id=attempt_id)
    desk = _desk(row.connection)
    if row.state not in TAPPABLE or not row.vendor_id:
        raise NotTappable
    asks = payment_data(desk=desk, payment=row.vendor_id)["tip_on_reader"]
    tip_minor = round_half_up(row.amount_minor * TIP) if asks else 0
    pay(desk=desk, payment=row.vendor_id, tip_minor=tip_minor)


def look_again(*, attempt_id: UUID, actor: Actor, at: dt.datetime) -> None:
    """Ask the vendor what became of the payment, and of what went back of it. Raises `NotFound`."""
    row = tried(attempt_id=attempt_id)
    look_at_attempt(attempt_id=row.pk, at=at)
    for refund in row.refunds.order_by("id").values_list("pk", flat=True):
        look_at_refund(refund_id=refund, at=at, by=actor.name)


def left_of(*, order: Order) -> tuple[int, int]:
    """What of an order's total and of its tip was not given back yet."""
    gone = Refund.objects.filter(order=order).aggregate(total=Sum("total_minor"), tip=Sum("tip_minor"))
    return order.total_minor - (gone["total"] or 0), order.tip_minor - (gone["tip"] or 0)


def refund_trial(*, attempt_id: UUID, is_half: bool, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Give back half of what was sold, or all that is left of it and of the tip.

    Raises `NotFound` and what `refund_order` raises.
    """
    row = tried(attempt_id=attempt_id)
    order = Order.objects.select_related("register").get(pk=str(row.order_id))
    amount, tip = left_of(order=order)
    if is_half:
        amount, tip = min(amount, order.total_minor // 2), 0
    draft = RefundDraft(
        id=new_id(),
        order_id=order.pk,
        amount=Money(amount, order.currency) if amount else None,
        tip=Money(tip, order.currency) if tip else None,
        reason=NAME,
    )
    there = replace(actor, register_id=order.register_id, location_id=order.register.location_id)
    return refund_order(draft=draft, actor=there, at=at)


def pay_out_and_compare(*, attempt_id: UUID, actor: Actor, clock: Callable[[], dt.datetime]) -> UUID:
    """The vendor pays out what stands on the balance; then its listing is compared with our rows. The run's key.

    Raises `NotFound`, `Forbidden`, `NotSimulated`, `NothingToReconcile`.
    """
    actor.require("payments.reconcile")
    connection = tried(attempt_id=attempt_id).connection
    pay_out(desk=_desk(connection))
    run_id = ask_by_hand(connection_id=connection.pk, actor=actor, at=clock())
    run_reconciliation(run_id=run_id, clock=clock)
    return run_id


def _reader(connection: Connection, register: Register) -> UUID | None:
    """The reader at the register, else any of the account's."""
    readers = list(Reader.objects.filter(connection=connection, is_active=True).order_by("id"))
    own = [each.pk for each in readers if each.register_id == register.pk]
    return next(iter([*own, *(each.pk for each in readers)]), None)


def _trouble(connection: Connection) -> str:
    return trouble_with(connection_facts(connection=connection))


def _desk(connection: Connection) -> Desk:
    trouble = "" if connection.gateway == Simulator.code else "It is a real account."
    trouble = trouble or _trouble(connection)
    if trouble:
        raise NotSimulated(trouble)
    return desk_of(connection_facts(connection=connection))
