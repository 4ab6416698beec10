"""What a basket would cost: priced as an order would be, checked more strictly, and nothing is saved."""

import datetime as dt
from typing import Any

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.tenancy import current_tenant
from pos.orders.basket import SoldAt, price_basket
from pos.orders.documents import quote_document
from pos.orders.drafts import QuoteDraft
from pos.orders.errors import ChoicesNotOffered
from pos.orders.explanations import explanation, told_explanation
from pos.orders.flags import expired_goods
from pos.orders.oddities import basket_flags, check_currency
from pos.registers.queries import RegisterPlace, register_place


def quote(*, draft: QuoteDraft, actor: Actor, at: dt.datetime, explained: bool) -> dict[str, Any]:
    """What `draft` costs at `at`, or when it says; with every step if `explained`. At most five statements.

    Raises `ChoicesNotOffered` for modifiers and components that the catalogue does not offer so, and what
    `price_basket` raises.
    """
    currency = current_tenant().currency
    check_currency(draft=draft, currency=currency)
    place = None if actor.register_id is None else register_place(register_id=actor.register_id)
    sold = _sold(place, at=draft.placed_at or at)
    basket = price_basket(draft=draft, sold=sold, heard_at=at, currency=currency)
    if basket.problems:
        problems = [FieldProblem(each.pointer, each.code, each.detail) for each in basket.problems]
        raise ChoicesNotOffered(problems[0].detail, errors=problems)
    day = sold.local.date() if place is None else place.business_date(sold.at)
    flags = [
        *basket_flags(basket=basket, actor=actor, sold=sold),
        *expired_goods(draft=draft, business_date=day),
    ]
    document = quote_document(basket=basket, line_ids=draft.given_ids, flags=flags)
    if explained:
        document["explanation"] = told_explanation(explanation(basket))
    return document


def _sold(place: RegisterPlace | None, *, at: dt.datetime) -> SoldAt:
    """Where the till stands; without one, nowhere in particular, by the merchant's clock."""
    if place is None:
        return SoldAt(at=at, time_zone=current_tenant().time_zone, location_id=None)
    return SoldAt(at=at, time_zone=place.time_zone, location_id=place.location_id)
