"""How far discounts and prices made by hand go, against how far somebody may go by themselves.

What somebody asks for now (a ticket, a change of one) needs an approval beyond their limits; what a till reports as
having happened is kept and flagged (`discount_over_limit`, `override_over_limit`).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from pos.orders.basket import Basket
from pos.orders.drafts import DiscountDraft
from pos.orders.flags import Flag
from staff.access.services.approvals import Approver, approver_for

DISCOUNT: Final = "orders.discount"
_BY_HAND: Final = ("line", "order")
"""Kinds of discounts that somebody gave; promotions are the merchant's own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How far something goes: the highest percentage, rounded up, and the money of all of it."""

    percent: int = 0
    amount_minor: int = 0


def discount_asked(basket: Basket) -> Asked:
    """How far the discounts by hand of a basket go: the most on one line or on the order, and all together.

    A stated percentage counts as it was stated, whatever rounding made of it; several on one line add up.
    """
    priced, draft = basket.priced, basket.draft
    given = {each.id: each.amount_minor for each in priced.discounts if each.kind in _BY_HAND}
    bases = {line.line.id: line.base_minor for line in priced.lines}
    shares = [_together(line.discounts, given, bases[str(line.id)]) for line in draft.lines]
    whole = sum(bases.values())
    return Asked(
        percent=max([*shares, _together(draft.discounts, given, whole)]),
        amount_minor=sum(given.values()),
    )


def override_asked(basket: Basket, *, line_ids: Collection[UUID] | None = None) -> Asked:
    """How far typed prices go below the catalogue's, of these lines or of all.

    Open prices are there to be typed.
    """
    percent = amount = 0
    for draft, priced in zip(basket.draft.lines, basket.priced.lines, strict=True):
        if draft.override is None or basket.book.variants[draft.variant_id].has_open_price:
            continue
        if line_ids is None or draft.id in line_ids:
            below = priced.list_price_minor - priced.unit_price_minor
            percent = max(percent, _percent(below, priced.list_price_minor))
            amount += max(ceil(below * draft.quantity), 0)
    return Asked(percent=percent, amount_minor=amount)


def over_limits(*, basket: Basket, actor: Actor) -> Iterator[Flag]:
    """What of a sale that happened goes further than the actor may go; who may not at all is flagged elsewhere."""
    if not actor.may(DISCOUNT):
        return
    given, typed = discount_asked(basket), override_asked(basket)
    limit = _exceeded(actor, given, ("discount_percent", "discount_minor"))
    if limit is not None:
        yield _flag("discount_over_limit", limit, given, actor)
    limit = _exceeded(actor, typed, ("override_percent",))
    if limit is not None:
        yield _flag("override_over_limit", limit, typed, actor)


def approve_discounts(
    *, basket: Basket, actor: Actor, subject_id: UUID, at: dt.datetime, token: str | None
) -> Approver | None:
    """Who answers for the discounts by hand and waived charges of a basket besides the actor.

    Raises `ApprovalRequired` and `ApprovalInvalid`.
    """
    given = discount_asked(basket)
    return approver_for(
        actor=actor,
        limit=_exceeded(actor, given, ("discount_percent", "discount_minor")),
        permission=DISCOUNT,
        token=token,
        action="discount",
        subject_id=subject_id,
        at=at,
        amount_minor=given.amount_minor,
        percent=given.percent,
    )


def approve_prices(
    *,
    basket: Basket,
    actor: Actor,
    subject_id: UUID,
    at: dt.datetime,
    token: str | None,
    line_ids: Collection[UUID],
) -> Approver | None:
    """Who answers for the typed prices of these lines besides the actor. Raises as `approve_discounts`."""
    typed = override_asked(basket, line_ids=line_ids)
    return approver_for(
        actor=actor,
        limit=_exceeded(actor, typed, ("override_percent",)),
        permission=DISCOUNT,
        token=token,
        action="override",
        subject_id=subject_id,
        at=at,
        amount_minor=typed.amount_minor,
        percent=typed.percent,
    )


def has_price_by_hand(basket: Basket, *, line_ids: Collection[UUID]) -> bool:
    """Whether somebody typed a price for one of these lines that is not there to be typed."""
    return any(
        line.override is not None and not basket.book.variants[line.variant_id].has_open_price
        for line in basket.draft.lines
        if line.id in line_ids
    )


def _together(discounts: Iterable[DiscountDraft], given: Mapping[str, int], base_minor: int) -> int:
    """What these discounts are of what they are taken off, in whole per cent, rounded up."""
    share = Fraction(0)
    for each in discounts:
        if each.percent is not None:
            share += Fraction(each.percent)
        elif base_minor > 0:
            share += Fraction(given.get(str(each.id), 0), base_minor)
    return ceil(100 * share)


def _percent(amount_minor: int, of_minor: int) -> int:
    """A share in whole per cent, rounded up; of nothing it is nothing."""
    return ceil(Fraction(100 * amount_minor, of_minor)) if amount_minor > 0 and of_minor > 0 else 0


def _exceeded(actor: Actor, asked: Asked, names: Collection[str]) -> str | None:
    """The first of these limits that `asked` goes beyond."""
    for name in names:
        limit = actor.limit(name)
        value = asked.percent if name.endswith("_percent") else asked.amount_minor
        if limit is not None and value > limit:
            return name
    return None


def _flag(code: str, limit: str, asked: Asked, actor: Actor) -> Flag:
    value = asked.percent if limit.endswith("_percent") else asked.amount_minor
    return {"code": code, "pointer": "", "limit": limit, "asked": value, "allowed": actor.limit(limit)}
