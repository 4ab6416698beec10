"""Tenders that take from gift cards and store credit: which card each one is, and what is taken of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem, TooManyRequests
from payments.credit.errors import GiftCardUnknown
from payments.credit.queries import ValueTerms
from payments.credit.services import (
    Claim,
    Occasion,
    Presentation,
    account_id_of,
    count_guess,
    find_presented,
    may_guess,
    prove_pin,
    redeem,
)
from payments.tenders.kinds import STORED_VALUE
from payments.tenders.queries import TenderTerms
from payments.tenders.services import TenderTaken
from pos.orders.drafts import TenderDraft
from pos.orders.flags import Flag
from pos.orders.transfers import TenderInvalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who presents cards, and when. `is_fact`: a till took them when nobody could be asked."""

    actor: Actor
    at: dt.datetime
    is_fact: bool


def values_of(
    *, drafts: Sequence[TenderDraft], terms: Sequence[TenderTerms], asking: Asking
) -> list[ValueTerms | None]:
    """The card of each tender, None for other ways to pay; one statement if there is one, and two for each PIN.

    Raises `TenderInvalid` for a card that another way to pay is given, `GiftCardUnknown`, `PinNeeded`, `PinWrong`,
    `PinDelayed`, `TooManyRequests`. A fact needs no PIN, and its code may be one that nobody knows.
    """
    _check_places(drafts, terms)
    places = [index for index, each in enumerate(terms) if each.kind in STORED_VALUE]
    if not places:
        return [None] * len(drafts)
    presented = [
        Presentation(kind=terms[place].kind, id=drafts[place].value_id, code=drafts[place].value)
        for place in places
    ]
    if not asking.is_fact and any(drafts[place].value is not None for place in places):
        may_guess(actor=asking.actor)
    found = dict(zip(places, find_presented(presented=presented), strict=True))
    for place in places:
        found[place] = found[place] or _unknown(drafts[place], terms[place], asking, place)
        _prove(found[place], drafts[place], asking, place)
    return [found.get(place) for place in range(len(drafts))]


def redeem_values(
    *, tenders: Iterable[TenderTaken], occasion: Occasion, is_fact: bool, order_id: UUID
) -> list[Flag]:
    """Take from the cards what tenders pay, in the caller's unit of work; flags of facts that are odd.

    Raises what `payments.credit.services.redeem` raises.
    """
    claims = [
        Claim(place=place, value=tender.value, amount_minor=tender.share.amount_minor, payment_id=tender.id)
        for place, tender in enumerate(tenders)
        if tender.value is not None and tender.share.amount_minor
    ]
    if not claims:
        return []
    odd = redeem(claims=claims, occasion=occasion, is_fact=is_fact, order_id=order_id)
    return [{"code": each.code, "pointer": f"/tenders/{each.place}", **each.data} for each in odd]


def _check_places(drafts: Sequence[TenderDraft], terms: Sequence[TenderTerms]) -> None:
    for place, (draft, each) in enumerate(zip(drafts, terms, strict=True)):
        members = {"value_id": draft.value_id, "value_code": draft.value, "pin": draft.pin or None}
        said = [name for name, value in members.items() if value is not None]
        if said and each.kind not in STORED_VALUE:
            detail = "This way to pay takes from no gift card."
            raise TenderInvalid(detail, pointer=f"/tenders/{place}/{said[0]}")


def _unknown(draft: TenderDraft, terms: TenderTerms, asking: Asking, place: int) -> ValueTerms:
    """A card nobody knows: of a fact it is opened, so that what was taken has a place."""
    name = "value_id" if draft.value is None else "value_code"
    problem = FieldProblem(f"/tenders/{place}/{name}", GiftCardUnknown.code, "Nobody knows this card.")
    if draft.value is None:
        raise GiftCardUnknown(problem.detail, errors=[problem])
    if not asking.is_fact or draft.value_id is not None:
        count_guess(actor=asking.actor)
        raise GiftCardUnknown(problem.detail, errors=[problem])
    with suppress(TooManyRequests):  # it happened, and is counted all the same
        count_guess(actor=asking.actor)
    return ValueTerms(
        id=account_id_of(draft.value),
        kind=terms.kind,
        shown=draft.value.shown,
        digest=draft.value.digest,
        is_new=True,
    )


def _prove(value: ValueTerms | None, draft: TenderDraft, asking: Asking, place: int) -> None:
    if value is not None and value.has_pin and not asking.is_fact:
        prove_pin(account_id=value.id, pin=draft.pin, at=asking.at, pointer=f"/tenders/{place}/pin")
