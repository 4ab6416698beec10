"""Goods against other goods: a refund and a sale in one transaction, the money of the one paying for the other.

What came back beyond what the new goods cost goes back to the guest as of any refund; what they cost beyond it is
paid by the tenders of the new order.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import DomainError, FieldProblem
from fynlo.core.money import Money
from fynlo.events.log import unit_of_work
from payments.credit.queries import value_terms
from payments.tenders.offers import exchange_terms
from pos.orders.documents import order_document
from pos.orders.drafts import OrderDraft, TenderDraft
from pos.orders.errors import (
    LineIdConflict,
    OnlyPractice,
    OrderIdConflict,
    OrderMoved,
    PaymentIdConflict,
    RefundOvertaken,
)
from pos.orders.queries import whole_order
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.place import write_sale
from pos.orders.services.plan import SalePlan, plan_sale
from pos.orders.services.refund_plan import RefundPlan, plan_refund
from pos.orders.services.refund_rows import Exchanged
from pos.orders.services.refunds import ATTEMPTS, GUARDS, refund_before, refund_in_unit

_TENDER = re.compile(r"/tenders/(?P<place>[0-9]{1,4})(?=/|$)")
_CONFLICTS = {
    "pos_order_pkey": OrderIdConflict,
    "pos_orderline_pkey": LineIdConflict,
    "payments_payment_pkey": PaymentIdConflict,
    "payments_refund_pkey": PaymentIdConflict,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeDraft:
    """A refund and the order it pays for; its own id is the refund's."""

    refund: RefundDraft
    order: OrderDraft

    @property
    def id(self) -> UUID:
        """The exchange's key."""
        return self.refund.id

    @property
    def digest(self) -> str:
        """SHA-256 over both."""
        return hashlib.sha256(f"{self.refund.digest}:{self.order.digest}".encode()).hexdigest()


def exchange_goods(*, draft: ExchangeDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Take goods of an order back and sell others for them; the documents of both, the same for the same draft.

    Raises what `refund_order` and `place_order` raise; then neither was done.
    """
    for attempt in range(1, ATTEMPTS + 1):
        known = refund_before(draft_id=draft.id, digest=draft.digest)
        if known is not None:
            return {"refund": known, "order": order_document(whole_order(order_id=draft.order.id))}
        try:
            # What it costs; how it is paid is looked at with the money of the exchange among it.
            sale = plan_sale(draft=replace(draft.order, tenders=()), actor=actor, at=at)
            if sale.is_training:
                raise OnlyPractice("An exchange is never for practice.", pointer="/order/training")
            payable = sale.basket.priced.payable_minor
            plan = plan_refund(draft=draft.refund, actor=actor, at=at, exchange_minor=payable)
            return run_transaction(partial(_write, draft, plan, sale, actor, at))
        except OrderMoved:
            if attempt == ATTEMPTS:
                raise
        except IntegrityError as error:
            name = constraint(error)
            for prefix, kind in _CONFLICTS.items():
                if name.startswith(prefix):
                    raise kind("Ids are made once and never used again.") from error
            if not name.startswith(GUARDS):
                raise
            if attempt == ATTEMPTS:
                raise RefundOvertaken from error
    raise AssertionError("unreachable")


def _write(
    draft: ExchangeDraft, plan: RefundPlan, priced: SalePlan, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    with unit_of_work():
        written = refund_in_unit(plan, exchanged=_exchanged(draft, priced))
        money = _money(plan, reference=written.whole.reference)
        tenders = (*money, *draft.order.tenders)
        try:
            sale = plan_sale(draft=replace(draft.order, tenders=tenders), actor=actor, at=at)
            whole = write_sale(plan=sale)
        except DomainError as error:
            error.errors = tuple(_as_sent(problem, added=len(money)) for problem in error.errors)
            raise
        return {"refund": written.document, "order": order_document(whole)}


def _as_sent(problem: FieldProblem, *, added: int) -> FieldProblem:
    """Where it is in what the till sent, whose tenders come after those that were added here."""
    found = _TENDER.match(problem.pointer)
    if found is None or int(found["place"]) < added:
        return problem
    place = f"/order/tenders/{int(found['place']) - added}{problem.pointer[found.end() :]}"
    return replace(problem, pointer=place)


def _exchanged(draft: ExchangeDraft, priced: SalePlan) -> Exchanged:
    """What is sold for it, as far as others could wait for it."""
    houses = (tender.house_account_id for tender in draft.order.tenders)
    return Exchanged(
        order_id=draft.order.id,
        digest=draft.digest,
        variant_ids=frozenset(each.variant_id for each in priced.taken),
        house_account_ids=frozenset(key for key in houses if key is not None),
        value_ids=_cards(draft.order.tenders),
        reservation_id=draft.order.reservation_id,
    )


def _cards(tenders: Sequence[TenderDraft]) -> frozenset[UUID]:
    """The gift cards that pay, by whatever tenders name them; one statement if any does."""
    ids = {tender.value_id for tender in tenders if tender.value_id is not None}
    digests = {tender.value.digest for tender in tenders if tender.value is not None}
    return (
        frozenset(terms.id for terms in value_terms(ids=ids, digests=digests))
        if ids or digests
        else frozenset()
    )


def _money(plan: RefundPlan, *, reference: str) -> tuple[TenderDraft, ...]:
    """The money of the exchange as the new order's first tender, under the refund's key and number."""
    exchanged = plan.money.exchanged_minor
    if not exchanged:
        return ()
    return (
        TenderDraft(
            id=plan.draft.id,
            tender_type=exchange_terms().code,
            amount=Money(exchanged, plan.order.currency),
            reference=reference,
            is_exchange=True,
        ),
    )
