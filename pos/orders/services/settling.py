"""Money a gateway took becomes a payment of its order: the payment's key is the attempt's, so it becomes one once.

It was taken, whatever the order says by now. What the order does not owe (any more) stays with the attempt, where
people see it and give it back; nothing is refused and nothing is put to the order that it does not owe.
"""

import datetime as dt
import re
from functools import partial
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.database import run_transaction
from fynlo.core.errors import Conflict
from fynlo.core.money import Money, spell_money
from fynlo.events.log import unit_of_work
from payments.gateways.models import Attempt
from payments.gateways.references import LAST4_DIGITS, LONGEST_REFERENCE, holds_card_number
from payments.gateways.services import mark_settled, note_beyond
from payments.gateways.services.slips import PEOPLE
from payments.gateways.services.writing import lock_attempt
from payments.tenders.models import Payment
from payments.tenders.queries import tender_terms
from payments.tenders.rules import TIP
from pos.orders.drafts import TenderDraft
from pos.orders.errors import NothingOwed
from pos.orders.flags import Flag
from pos.orders.models import Order
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.states import CANCELLED, OWING
from pos.registers.models import Register

PURPOSE: Final = "order"
_PERCENT: Final = re.compile(r"[0-9]{1,4}")
_LARGE_TIP_PERCENT: Final = 100


class OtherPayment(Conflict):
    """A payment has the attempt's id and is not of its money."""

    code = "payment_id_conflict"
    title = "The id belongs to another payment"


def settle_attempt(*, attempt_id: UUID, at: dt.datetime) -> None:
    """Pay the order with what the attempt took, in one transaction; nothing when that was done before.

    Raises `NothingOwed` for an order that is cancelled or paid, `OtherPayment`, and what `pay_order` raises.
    """
    run_transaction(partial(_settle, attempt_id, at))


def _settle(attempt_id: UUID, at: dt.datetime) -> None:
    with unit_of_work():
        attempt = Attempt.objects.get(pk=attempt_id)
        if attempt.settled_at is not None or attempt.order_id is None:
            return
        paid = _paid(attempt)
        if paid is None:
            paid = _pay(attempt, attempt.order_id, at)
            _check_whole(attempt)
        kept = attempt.captured_minor - paid - attempt.refunded_minor
        if mark_settled(attempt_id=attempt.pk, at=at) and kept > 0:
            text = f"{spell_money(kept, attempt.currency)} was taken beyond what was owed."
            note_beyond(attempt_id=attempt.pk, beyond_minor=kept, text=text, at=at)


def _paid(attempt: Attempt) -> int | None:
    """What of it is paid already; None: nothing. Raises `OtherPayment` for a payment that only has its id."""
    found = Payment.objects.filter(pk=attempt.pk).values_list("order_id", "tender_type__code", "amount_minor")
    for order_id, tender_type, amount_minor in found:
        if (order_id, tender_type) != (attempt.order_id, attempt.tender_type):
            raise OtherPayment("Its id is of another payment. Give the money back, or keep it as credit.")
        if amount_minor > attempt.captured_minor:
            told = spell_money(amount_minor, attempt.currency)
            raise OtherPayment(
                f"A till says that {told} was taken: look at the order, and give the money back."
            )
        return int(amount_minor)
    return None


def _check_whole(attempt: Attempt) -> None:
    """Nobody gave it back or kept it as credit while the order was being paid; locked last, as everywhere.

    Raises `NothingOwed`.
    """
    locked = lock_attempt(attempt.pk)
    if locked.refunded_minor != attempt.refunded_minor:
        raise NothingOwed("It was given back at this moment.")
    if locked.settled_at is not None:
        raise NothingOwed("It was put to something else at this moment.")


def _pay(attempt: Attempt, order_id: UUID, at: dt.datetime) -> int:
    order = Order.objects.get(pk=order_id)
    due = order.total_minor + order.tip_minor - order.paid_minor + order.refunded_minor
    tip = min(attempt.tip_minor, attempt.captured_minor)
    amount = attempt.captured_minor - attempt.refunded_minor
    terms = tender_terms(codes={attempt.tender_type}).get(attempt.tender_type)
    if terms is None or terms.rules.over != TIP:
        amount = min(amount, due + tip)
    is_over = order.fulfilment_state == CANCELLED or order.payment_state not in OWING
    if is_over or amount <= 0 or due <= 0:
        raise NothingOwed("It is cancelled or paid already. Give the money back, or look at it again.")
    draft = PayDraft(
        tenders=(tender_of(attempt=attempt, amount_minor=amount),),
        tip=Money(tip, attempt.currency) if tip else None,
        at=attempt.captured_at,
        flags=_tip_flags(attempt, max(tip, amount - due)),
    )
    pay_order(
        order_id=order.pk, draft=draft, actor=actor_of(attempt=attempt, register_id=order.register_id), at=at
    )
    return amount


def _tip_flags(attempt: Attempt, tip_minor: int) -> tuple[Flag, ...]:
    """A tip that somebody may have typed wrong, at the reader or as what is beyond due and the rule makes a tip: it
    was taken, so it is told and not refused.

    Above `settings["tip_large_percent"]` of the account, else the whole amount that was asked for.
    """
    stated = str(attempt.connection.settings.get("tip_large_percent", ""))
    percent = int(stated) if _PERCENT.fullmatch(stated) else _LARGE_TIP_PERCENT
    if tip_minor * 100 <= attempt.amount_minor * percent:
        return ()
    return ({"code": "tip_large", "pointer": "/tip", "tip_minor": tip_minor, "percent": percent},)


def tender_of(*, attempt: Attempt, amount_minor: int) -> TenderDraft:
    """What it took as a payment: its key, the last digits of the card, the provider's name for it."""
    last4 = str(attempt.card.get("last4", ""))[-LAST4_DIGITS:]
    reference = _reference(attempt)[:LONGEST_REFERENCE]
    return TenderDraft(
        id=attempt.pk,
        tender_type=attempt.tender_type,
        amount=Money(amount_minor, attempt.currency),
        last4=last4 if last4.isdigit() and len(last4) == LAST4_DIGITS else "",
        reference="" if holds_card_number(reference) else reference,
        is_asked=True,
    )


def _reference(attempt: Attempt) -> str:
    """What people find the payment by: the number on the slip they typed, else the provider's name for it."""
    if attempt.channel == PEOPLE:
        return str(attempt.details["vendor"].get("slip", {}).get("reference", ""))
    return attempt.vendor_id or attempt.reference


def actor_of(*, attempt: Attempt, register_id: UUID | None = None) -> Actor:
    """Whoever asked for the money, at the register where they did, else at this one."""
    register_id = attempt.register_id or register_id
    places = Register.objects.values_list("location_id", flat=True)
    location_id = None if register_id is None else places.get(pk=register_id)
    return Actor(
        kind="employee" if attempt.employee_id else "device",
        id=attempt.employee_id or attempt.device_id,
        name=attempt.employee_name,
        device_id=attempt.device_id,
        employee_id=attempt.employee_id,
        register_id=register_id,
        location_id=location_id,
    )
