"""Goods against other goods: a refund and a sale in one transaction, the money of the one paying for the other.

What came back beyond what the new goods cost goes back to the guest as of any refund; what they cost beyond it is
paid by the tenders of the new order.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.errors import DomainError
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
from pos.orders.services.tender_ids import OF_ATTEMPT, sale_with_own_ids

_CONFLICTS: Final[dict[str, tuple[type[DomainError], str]]] = {
    "pos_order_pkey": (OrderIdConflict, "/order/id"),
    "pos_orderline_pkey": (LineIdConflict, "/order/lines"),
    "pos_stockmovement_once_per_line": (LineIdConflict, "/order/lines"),
    "payments_payment_pkey": (PaymentIdConflict, "/order/tenders"),
    "payments_refund_pkey": (PaymentIdConflict, "/refund/tenders"),
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
    def is_fact(self) -> bool:
        """Whether it has happened already."""
        return self.refund.at is not None or self.order.placed_at is not None

    @property
    def digest(self) -> str:
        """SHA-256 over both."""
        return hashlib.sha256(f"{self.refund.digest}:{self.order.digest}".encode()).hexdigest()


def exchange_goods(*, draft: ExchangeDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Take goods of an order back and sell others for them; the documents of both, the same for the same draft.

    What has happened (`refund.at` or `order.placed_at`) is not refused for an id that is an attempt's. Raises what
    `refund_order` and `place_order` raise, with pointers into what was sent; then neither was done.
    """
    for attempt in range(1, ATTEMPTS + 1):
        known = _made_before(draft)
        if known is not None:
            return known
        try:
            return _made(draft, actor, at)
        except (DomainError, IntegrityError) as error:
            known = _made_before(draft)  # a twin of this request may have been faster
            if known is not None:
                return known
            refusal = _refusal(error, is_last=attempt == ATTEMPTS)
            if refusal is error:
                raise
            if refusal is not None:
                raise refusal from error
    raise AssertionError("unreachable")


def _made_before(draft: ExchangeDraft) -> dict[str, Any] | None:
    """Both documents, if this exchange was made. Raises `RefundIdConflict` for another under its id."""
    known = refund_before(draft_id=draft.id, digest=draft.digest)
    if known is None:
        return None
    return {"refund": known, "order": order_document(whole_order(order_id=draft.order.id))}


def _refusal(error: DomainError | IntegrityError, *, is_last: bool) -> Exception | None:
    """What to say of it; None: others were first with something else, so look again at what is left."""
    if isinstance(error, OrderMoved):
        return error if is_last else None
    if isinstance(error, DomainError):
        return error
    name = constraint(error)
    for prefix, (kind, pointer) in _CONFLICTS.items():
        if name.startswith(prefix):
            return kind("Ids are made once and never used again.", pointer=pointer)
    if not name.startswith(GUARDS):
        return error
    return RefundOvertaken() if is_last else None


def _made(draft: ExchangeDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    with told_within("/order"):
        # What it costs; how it is paid is looked at with the money of the exchange among it.
        sale = plan_sale(draft=replace(draft.order, tenders=()), actor=actor, at=at)
    if sale.is_training:
        raise OnlyPractice("An exchange is never for practice.", pointer="/order/training")
    with told_within("/refund"):
        payable = sale.basket.priced.payable_minor
        plan = plan_refund(draft=draft.refund, actor=actor, at=at, exchange_minor=payable)
    write = partial(_write, draft, plan, sale, actor, at)
    try:
        return run_transaction(write)
    except IntegrityError as error:
        if not constraint(error).startswith(OF_ATTEMPT) or not draft.is_fact:
            raise
        return run_transaction(partial(write, own=sale_with_own_ids))


def _write(
    draft: ExchangeDraft,
    plan: RefundPlan,
    priced: SalePlan,
    actor: Actor,
    at: dt.datetime,
    own: Callable[[SalePlan], SalePlan] = lambda plan: plan,
) -> dict[str, Any]:
    """Both, in one transaction. The money of the exchange is the last tender: places stay as they were sent."""
    with unit_of_work():
        with told_within("/refund"):
            written = refund_in_unit(plan, exchanged=_exchanged(draft, priced))
        money = _money(plan, reference=written.whole.reference)
        with told_within("/order", sent=len(draft.order.tenders)):
            order = replace(draft.order, tenders=(*draft.order.tenders, *money))
            whole = write_sale(plan=own(plan_sale(draft=order, actor=actor, at=at)))
        return {"refund": written.document, "order": order_document(whole)}


@contextmanager
def told_within(member: str, *, sent: int | None = None) -> Iterator[None]:
    """What is wrong inside is told where it was sent: below this member of the exchange.

    After the tenders that were `sent` comes the money of the exchange, which is in nobody's request.
    """
    try:
        yield
    except DomainError as error:
        added = f"/tenders/{sent}/"
        error.errors = tuple(
            replace(
                problem,
                pointer=member + ("/tenders" if problem.pointer.startswith(added) else problem.pointer),
            )
            for problem in error.errors
        )
        raise


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
    """The money of the exchange as a tender of the new order, under the refund's key and number."""
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
