"""Opening a ticket: an order that is in no book yet, shared by the devices of its location."""

import datetime as dt
import hashlib
from dataclasses import replace
from functools import partial

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.inserts import insert_rows
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from pos.events import TicketOpened
from pos.orders import states
from pos.orders.basket import Basket, SoldAt, price_basket
from pos.orders.documents import WholeOrder
from pos.orders.drafts import OrderDraft
from pos.orders.errors import LineIdConflict, OrderIdConflict, TillNeeded
from pos.orders.explanations import explanation
from pos.orders.flags import expired_goods, odd_choices
from pos.orders.limits import approve_discounts, approve_prices, has_price_by_hand
from pos.orders.models import Order
from pos.orders.oddities import ASKED_FOR, basket_flags, check_currency
from pos.orders.queries import draft_digest, whole_order
from pos.orders.rows import charge_values, context_values, discount_values, line_rows, tax_rows
from pos.orders.services.opened import refuse_practice, tell
from pos.orders.stored_drafts import stored_draft
from pos.registers.numbers import take_numbers
from pos.registers.queries import RegisterPlace, register_place


def open_ticket(
    *, draft: OrderDraft, actor: Actor, at: dt.datetime, approval: str | None = None
) -> WholeOrder:
    """Open a ticket: it has its order's number, a price, and moves neither money nor goods.

    The same ticket again is answered with the order as it is now. Raises `OrderIdConflict` for an id used
    otherwise, `TillNeeded`, `OnlyPractice`, `ApprovalRequired` for a discount beyond the actor's limits, and what
    pricing raises.
    """
    place = None if actor.register_id is None else register_place(register_id=actor.register_id)
    if place is None:
        raise TillNeeded
    refuse_practice(actor)
    opened_before = _opened_before(draft)
    if opened_before is not None:
        return opened_before
    basket = _priced(draft, place, at)
    try:
        return run_transaction(partial(_write, draft, basket, place, actor, at, approval))
    except IntegrityError as error:
        opened_before = _opened_before(draft)
        if opened_before is not None:
            return opened_before
        if constraint(error).startswith("pos_orderline_pkey"):
            raise LineIdConflict("Ids are made once and never used again.") from error
        raise


def ticket_digest(draft: OrderDraft) -> str:
    """What tells a repeat from another ticket; never the digest of a sale with the same content."""
    return hashlib.sha256(f"ticket {draft.digest}".encode()).hexdigest()


def _opened_before(draft: OrderDraft) -> WholeOrder | None:
    digest = draft_digest(order_id=draft.id)
    if digest is None:
        return None
    if digest != ticket_digest(draft):
        raise OrderIdConflict("An order with this id and other content was made before.", pointer="/id")
    return whole_order(order_id=draft.id)


def _priced(draft: OrderDraft, place: RegisterPlace, at: dt.datetime) -> Basket:
    currency = current_tenant().currency
    check_currency(draft=draft, currency=currency)
    sold = SoldAt(at=draft.placed_at or at, time_zone=place.time_zone, location_id=place.location_id)
    return price_basket(draft=draft, sold=sold, heard_at=at, currency=currency, may_be_empty=True)


def _write(
    draft: OrderDraft,
    basket: Basket,
    place: RegisterPlace,
    actor: Actor,
    at: dt.datetime,
    approval: str | None,
) -> WholeOrder:
    with unit_of_work():
        _approve(draft, basket, actor, at, approval)
        order = _order_row(draft, basket, place, actor, at)
        order.number = take_numbers(register_id=place.id, orders=1).order_number
        lines = line_rows(order_id=order.id, basket=basket, line_ids=[line.id for line in draft.lines])
        taxes = tax_rows(order_id=order.id, priced=basket.priced)
        # By variant, because foreign keys lock what they point to in the order of the rows.
        by_variant = sorted(lines, key=lambda line: line.variant_id)
        insert_rows([order], by_variant, taxes)
        whole = whole_order(order_id=order.id)
        tell(TicketOpened, whole, at=at)
    return whole


def _approve(draft: OrderDraft, basket: Basket, actor: Actor, at: dt.datetime, approval: str | None) -> None:
    """Discounts and prices by hand on a ticket are questions: beyond the actor's limits somebody approves them."""
    keys = {line.id for line in draft.lines}
    if draft.discounts or draft.waived_charges or draft.exempt or any(line.discounts for line in draft.lines):
        approve_discounts(basket=basket, actor=actor, subject_id=draft.id, at=at, token=approval)
    if has_price_by_hand(basket, line_ids=keys):
        approve_prices(basket=basket, actor=actor, subject_id=draft.id, at=at, token=approval, line_ids=keys)


def _order_row(
    draft: OrderDraft, basket: Basket, place: RegisterPlace, actor: Actor, at: dt.datetime
) -> Order:
    priced, opened_at = basket.priced, draft.placed_at or at
    sold = SoldAt(at=opened_at, time_zone=place.time_zone, location_id=place.location_id)
    business_date = place.business_date(opened_at)
    odd = basket_flags(basket=basket, actor=actor, sold=sold)
    return Order(
        id=draft.id,
        register_id=place.id,
        location_id=place.location_id,
        number=0,
        fulfilment_state=states.DRAFT,
        payment_state=states.UNPAID,
        currency=priced.currency,
        net_minor=priced.subtotal_minor,
        tax_minor=priced.tax_minor,
        total_minor=priced.total_minor,
        discount_minor=sum(given.amount_minor for given in priced.discounts),
        service_charge_minor=sum(charge.amount_minor for charge in priced.service_charges),
        tip_minor=priced.tip_minor,
        opened_at=opened_at,
        placed_at=opened_at,
        business_date=business_date,
        device_id=actor.device_id,
        employee_id=actor.employee_id,
        employee_name=actor.name if actor.employee_id else "",
        name=draft.name,
        customer=draft.customer,
        note=draft.note,
        kitchen_note=draft.kitchen_note,
        internal_note=draft.internal_note,
        flags=[
            *(flag for flag in odd if flag["code"] not in ASKED_FOR),
            *odd_choices(problems=basket.problems),
            *expired_goods(draft=draft, business_date=business_date),
        ],
        price_book_id=basket.book.version_id,
        context=context_values(basket),
        discounts=discount_values(priced),
        service_charges=charge_values(priced),
        draft=stored_draft(replace(draft, price_book=basket.book.version_id)),
        explanation=explanation(basket) if draft.lines else None,
        pricing_engine=priced.engine_version,
        rounding_policy=priced.policy.code,
        pricing_digest=priced.digest,
        draft_digest=ticket_digest(draft),
    )
