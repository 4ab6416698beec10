"""The rows of a planned sale under the numbers it was given: what is written, and nothing that writes."""

import datetime as dt
from collections.abc import Iterator

from payments.tenders.services import payments_taken
from pos.orders import states
from pos.orders.documents import WholeOrder
from pos.orders.flags import no_open_session
from pos.orders.journaling import sale_entry
from pos.orders.models import Order
from pos.orders.rows import charge_values, context_values, discount_values, line_rows, tax_rows
from pos.orders.services.drawer_cash import cash_taken
from pos.orders.services.plan import SalePlan
from pos.orders.stored_drafts import stored_draft
from pos.registers.cash_rows import sale_cash_rows
from pos.registers.journal.models import JournalEntry
from pos.registers.journal.services import entry_row
from pos.registers.models import CashMovement
from pos.registers.numbers import Numbers


def is_paid(plan: SalePlan) -> bool:
    """Whether the tenders pay all of it: then it gets a receipt and is in the journal."""
    return _states(plan)[1] == states.PAID


def whole_sale(plan: SalePlan, order: Order) -> WholeOrder:
    """The order with everything that belongs to it, as it is read afterwards."""
    line_ids = [line.id for line in plan.draft.lines]
    return WholeOrder(
        order=order,
        register_code=plan.place.code,
        location_code=plan.place.location_code,
        lines=line_rows(order_id=order.id, basket=plan.basket, line_ids=line_ids),
        taxes=tax_rows(order_id=order.id, priced=plan.basket.priced),
        payments=payments_taken(order_id=order.id, tenders=plan.tenders, at=order.placed_at),
        is_training=plan.is_training,
    )


def order_row(plan: SalePlan, numbers: Numbers) -> Order:
    """The order under its number; paid in full it has a receipt's, too. One for practice has neither."""
    draft, priced = plan.draft, plan.basket.priced
    fulfilment, payment = _states(plan)
    return Order(
        id=draft.id,
        register_id=plan.place.id,
        location_id=plan.place.location_id,
        session_id=numbers.session_id,
        number=numbers.training_number if plan.is_training else numbers.order_number,
        receipt_number=numbers.receipt_number if payment == states.PAID and not plan.is_training else None,
        fulfilment_state=fulfilment,
        payment_state=payment,
        currency=priced.currency,
        net_minor=priced.subtotal_minor,
        tax_minor=priced.tax_minor,
        total_minor=priced.total_minor,
        paid_minor=plan.paid_minor,
        discount_minor=sum(given.amount_minor for given in priced.discounts),
        service_charge_minor=sum(charge.amount_minor for charge in priced.service_charges),
        tip_minor=priced.tip_minor,
        placed_at=plan.placed_at,
        business_date=plan.business_date,
        device_id=plan.actor.device_id,
        employee_id=plan.actor.employee_id,
        employee_name=plan.actor.name if plan.actor.employee_id else "",
        name=draft.name,
        customer=draft.customer,
        flags=[*plan.flags, *no_open_session(session_id=numbers.session_id)],
        price_book_id=plan.basket.book.version_id,
        context=context_values(plan.basket),
        discounts=discount_values(priced),
        service_charges=charge_values(priced),
        note=draft.note,
        kitchen_note=draft.kitchen_note,
        internal_note=draft.internal_note,
        draft=None if payment == states.PAID else stored_draft(draft),
        explanation=plan.explanation,
        pricing_engine=priced.engine_version,
        rounding_policy=priced.policy.code,
        pricing_digest=priced.digest,
        draft_digest=draft.digest,
    )


def cash_rows(plan: SalePlan, numbers: Numbers, order: Order) -> list[CashMovement]:
    """What its cash payments moved in the drawer."""
    return sale_cash_rows(
        cash=cash_taken(plan.tenders),
        order_id=order.id,
        register_id=order.register_id,
        drawer_id=numbers.drawer_id,
        session_id=order.session_id,
        currency=order.currency,
        employee_id=order.employee_id,
        employee_name=order.employee_name,
        at=order.placed_at,
        business_date=order.business_date,
    )


def journal_rows(whole: WholeOrder, numbers: Numbers, *, recorded_at: dt.datetime) -> Iterator[JournalEntry]:
    """Its entry in the register's chain, if it got a receipt."""
    number = whole.receipt_reference
    if number is None:
        return
    sealed = sale_entry(whole, number=number).sealed(
        register_code=whole.register_code,
        position=numbers.journal_position,
        previous_hash=numbers.journal_head,
        recorded_at=recorded_at,
    )
    yield entry_row(register_id=whole.order.register_id, entry=sealed)


def _states(plan: SalePlan) -> tuple[str, str]:
    """Fulfilment and payment state after the tenders: what is paid in full at the counter is completed."""
    event = states.payment_event(payable_minor=plan.basket.priced.payable_minor, paid_minor=plan.paid_minor)
    payment = states.UNPAID if event is None else states.PAYMENT.after(states.UNPAID, event)
    if payment != states.PAID:
        return states.PLACED, payment
    return states.FULFILMENT.after(states.PLACED, "complete"), payment
