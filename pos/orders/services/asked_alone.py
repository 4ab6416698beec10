"""Money that is asked for at a provider and belongs to no order: what it is for, and what of it is under way.

An order has its own constraint (`payments_attempt_one_open`). A card, a credit and a house account have not:
whoever asks for money for one locks the register, then its row, and looks here. So of two that ask at once, at one
till or at two, the second sees the first.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from fynlo.core.money import spell_money
from payments.gateways.documents import truth
from payments.gateways.errors import PaymentOutcomeUnknown
from payments.gateways.models import Attempt, AttemptStep
from payments.gateways.sentences import LINKS
from payments.gateways.services.withdrawing import let_go_of, withdraw
from payments.gateways.states import BLOCKING, CAPTURED, DECLINED, OPEN, UNKNOWN
from payments.gateways.unwanted import is_unwanted
from pos.orders.errors import NothingOwed
from pos.orders.services.under_way import unanswered_shown

CARD: Final = "gift_card_id"
HOUSE: Final = "house_account_id"
KIND: Final = "kind"
ENDED_BY: Final = {False: (DECLINED,), True: (*OPEN, DECLINED)}
"""What was asked for and is over once other money was taken, a fact or not: a question waits for what is open."""
_ABOUT: Final = "details__asked__about__"


@dataclass(frozen=True, slots=True)
class Asked:
    """Money for this card or account (`name` says which), of this amount; None: of any."""

    name: str
    key: UUID
    amount_minor: int | None


def about(attempt: Attempt) -> dict[str, str]:
    """What an attempt of no order was asked for."""
    return dict(attempt.details["asked"].get("about", {}))


def asked_minor(attempt: Attempt) -> int:
    """How much was asked for; `amount_minor` may be what people typed."""
    return int(attempt.details["asked"]["amount_minor"])


def is_let_go(attempt: Attempt) -> bool:
    """Whether somebody was told that nothing was taken, or took other money for it: what comes then is listed, and
    changes nothing that a guest has gone away without.
    """
    return is_unwanted(attempt) or AttemptStep.objects.filter(attempt=attempt, verb="decide").exists()


def check_not_let_go(attempt: Attempt) -> None:
    """Raise `NothingOwed` for one that was let go, given back or kept as credit."""
    if is_let_go(attempt):
        detail = "It was let go before the money came. Give it back, or keep it as credit."
        raise NothingOwed(detail, why="cancelled")


def under_way(*, asked: Asked, without: UUID | None = None) -> Attempt | None:
    """An attempt for it that may take money still, or took some that is not put there yet. The register is locked,
    and so is what it is for.
    """
    is_asked_again = Q(state=DECLINED) & Exists(unanswered_shown())
    is_taken = Q(state=CAPTURED, settled_at=None)
    rows = _of(asked).filter(Q(state__in=OPEN) | is_asked_again | is_taken)
    found = _besides(without, rows.filter(overridden_at=None))
    return next((row for row in found if row.state != CAPTURED or not is_let_go(row)), None)


def check_alone(
    *, asked: Asked, amount_minor: int, register_id: UUID | None, without: UUID | None = None
) -> None:
    """Raise `PaymentOutcomeUnknown` while the same is being asked for. For a card also while nobody knows what
    became of this amount for another card at this register, or a reader waits for it there: a till that begins anew
    makes another card for the same guest.
    """
    other = under_way(asked=asked, without=without)
    if other is None and asked.name == CARD:
        beside = Attempt.objects.filter(
            Q(state=UNKNOWN) | Q(state__in=BLOCKING) & ~Q(channel__in=LINKS),
            order_id=None,
            register_id=register_id,
            amount_minor=amount_minor,
            overridden_at=None,
            next_look_at__isnull=False,  # so it is read by the index of what the resolver looks at
            **{f"{_ABOUT}{asked.name}__isnull": False},
        )
        other = _besides(without, beside).order_by("id").first()
    if other is not None:
        raise PaymentOutcomeUnknown(truth(other), attempt_id=str(other.pk), state=other.state)


def asked_already(other: Attempt, *, pointer: str) -> PaymentOutcomeUnknown:
    """What says that other money is not taken for what is being asked for."""
    waiting = spell_money(other.amount_minor, other.currency)
    detail = f"{waiting} is being asked for already: wait for it, cancel or override it."
    return PaymentOutcomeUnknown(detail, pointer=pointer, attempt_id=str(other.pk), state=other.state)


def let_go_instead(*, asked: Asked, by: str, at: dt.datetime, states: Iterable[str] = (DECLINED,)) -> None:
    """Other money is taken, or asked for anew: what was declined for it is over, and so is what is in `states`.

    Said in the caller's transaction, after the register and before what it is for is locked; done after COMMIT,
    else by the sweep.
    """
    rows = _of(asked).filter(state__in=tuple(states))
    keys = withdraw(
        attempt_ids=list(rows.values_list("pk", flat=True)), why="It is paid another way.", by=by, at=at
    )
    if keys:
        transaction.on_commit(partial(let_go_of, attempt_ids=keys, by=by, at=at), robust=True)


def _besides(without: UUID | None, rows: QuerySet[Attempt, Attempt]) -> QuerySet[Attempt, Attempt]:
    return rows if without is None else rows.exclude(pk=without)


def _of(asked: Asked) -> QuerySet[Attempt, Attempt]:
    """Few at a time: whatever can still take money, or took some nobody has yet, is looked at by the resolver."""
    facts: dict[str, Any] = {f"{_ABOUT}{asked.name}": str(asked.key)}
    if asked.amount_minor is not None:
        facts["amount_minor"] = asked.amount_minor
    rows: QuerySet[Attempt, Attempt] = Attempt.objects.filter(
        order_id=None, next_look_at__isnull=False, **facts
    )
    return rows.order_by("id")
