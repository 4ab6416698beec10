"""What is being asked for by payment providers while an order is paid another way: nobody pays twice.

Money that is open at a reader, that nobody knows about, or that was taken and is not put to its order yet counts as
paid until it is known better. The order is locked by whoever asks and by whoever pays, so neither misses the other.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from fynlo.core.money import spell_money
from payments.gateways.errors import PaymentOutcomeUnknown
from payments.gateways.models import Attempt, AttemptStep
from payments.gateways.states import BLOCKING, CAPTURED, DECLINED, OPEN
from pos.orders.drafts import TenderDraft
from pos.orders.errors import NothingOwed
from pos.orders.flags import Flag
from pos.orders.models import Order
from pos.orders.states import GIVEN_BACK, PAID


def under_way_minor(*, order_id: UUID, besides: int | None = None, without: UUID | None = None) -> int:
    """What is under way for the order, without what blocks the amount `besides` by its own constraint, and without
    the attempt `without`.
    """
    is_taken = Q(state=CAPTURED, settled_at=None)
    is_open = Q(state__in=OPEN, overridden_at=None)
    is_asked_again = Q(state=DECLINED, overridden_at=None) & Exists(unanswered_shown())
    rows = Attempt.objects.filter(is_open | is_asked_again | is_taken, order_id=order_id)
    if besides is not None:
        rows = rows.exclude(amount_minor=besides, state__in=BLOCKING)
    if without is not None:
        rows = rows.exclude(pk=without)
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)


def unanswered_shown() -> QuerySet[AttemptStep, AttemptStep]:
    """Steps that put an attempt before a guest, and nobody heard what came of it yet."""
    answers = AttemptStep.objects.filter(attempt=OuterRef("attempt"), key=OuterRef("key"), what="answered")
    shown = AttemptStep.objects.filter(attempt=OuterRef("pk"), verb="present", what="sent")
    found: QuerySet[AttemptStep, AttemptStep] = shown.exclude(Exists(answers))
    return found


def check_owing(order: Order) -> None:
    """Raise `NothingOwed` for an order that was paid; what went back of it is sold again by another order."""
    if order.payment_state in GIVEN_BACK:
        detail = "The order was paid and given back: sell it again as another order."
        raise NothingOwed(detail, why=order.payment_state)
    if order.payment_state == PAID:
        raise NothingOwed("The order is paid already.", why="paid")


def beside_under_way(
    *, order: Order, due_minor: int, tenders: tuple[TenderDraft, ...], is_fact: bool
) -> list[Flag]:
    """Flags of a payment that happened while the same money was under way. The order is locked.

    Raises `PaymentOutcomeUnknown` for one that is asked for now: wait for the other, cancel or override it.
    """
    if any(tender.is_asked for tender in tenders):
        return []
    waiting = under_way_minor(order_id=order.pk)
    tendered = sum(tender.amount.minor for tender in tenders)
    if not waiting or min(tendered, due_minor) <= due_minor - waiting:
        return []
    if is_fact:
        return [{"code": "paid_beside_attempt", "pointer": "/tenders", "under_way_minor": waiting}]
    amount = spell_money(waiting, order.currency)
    detail = f"{amount} is being asked for already: wait for it, cancel or override it."
    raise PaymentOutcomeUnknown(detail, pointer="/tenders", under_way_minor=waiting)
