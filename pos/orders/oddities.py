"""What is odd about a basket, whether it is quoted or sold: asked of the catalogue, told as flags."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Final
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money
from pos.catalog.queries.stops import stopped_variants
from pos.orders.basket import Basket, SoldAt, variant_places
from pos.orders.drafts import BasketDraft, ModifierDraft
from pos.orders.flags import (
    Flag,
    inactive_items,
    inactive_modifiers,
    price_book_flags,
    stopped_items,
    unapproved_discounts,
    unapproved_exemption,
    unapproved_prices,
)
from pos.orders.limits import over_limits
from pos.registers.errors import WrongCurrency

DISCOUNT: Final = "orders.discount"
"""The permission to give discounts by hand, to waive charges, to leave taxes out and to make prices."""

ASKED_FOR: Final = frozenset(
    {
        "unapproved_discount",
        "unapproved_exemption",
        "unapproved_price",
        "discount_over_limit",
        "override_over_limit",
    }
)
"""Flags of facts. On a ticket somebody is asked instead, so there is nothing to flag."""


def basket_flags(
    *, basket: Basket, actor: Actor, sold: SoldAt, stopped: Collection[UUID] | None = None
) -> Iterator[Flag]:
    """Everything but the choices, in one statement, none if somebody asked already what is `stopped`.

    The basket's own price decides what is a price at all.
    """
    draft, booked = basket.draft, basket.book.variants
    places, modifiers = list(variant_places(draft)), list(modifier_places(draft))
    may_discount = DISCOUNT in actor.permissions
    yield from price_book_flags(
        stated=draft.price_book,
        used=basket.book.version_id,
        too_old=basket.too_old,
        is_superseded=basket.book.is_superseded,
    )
    inactive = {key for key, variant in booked.items() if not variant.is_active}
    yield from inactive_items(places=places, inactive=inactive)
    yield from inactive_modifiers(
        places=modifiers,
        inactive=set(_inactive(basket, (chosen for _, chosen in modifiers))),
    )
    if stopped is None:
        stopped = stopped_variants(variant_ids=draft.variant_ids, location_id=sold.location_id, at=sold.at)
    yield from stopped_items(places=places, stopped=stopped)
    yield from unapproved_discounts(draft=draft, may_discount=may_discount)
    yield from unapproved_exemption(draft=draft, may_discount=may_discount)
    yield from unapproved_prices(
        draft=draft,
        priced=basket.priced,
        open_priced={key for key, variant in booked.items() if variant.has_open_price},
        may_discount=may_discount,
    )
    yield from over_limits(basket=basket, actor=actor)


def _inactive(basket: Basket, chosen: Iterable[ModifierDraft]) -> Iterator[UUID]:
    """Modifiers that are switched off. Components of what is no combo may name any key: nobody reads them."""
    for each in chosen:
        booked = basket.book.modifiers.get(each.modifier_id)
        if booked is not None and not booked.is_active:
            yield each.modifier_id


def check_currency(*, draft: BasketDraft, currency: str, others: Iterable[tuple[str, Money]] = ()) -> None:
    """Raise `WrongCurrency` with a pointer to every amount, of the basket and `others`, in another currency."""
    amounts = chain(money_said(draft), others)
    wrong = [f"{pointer}/currency" for pointer, money in amounts if money.currency != currency]
    if wrong:
        detail = f"Amounts are in {currency} here."
        raise WrongCurrency(
            detail, errors=[FieldProblem(pointer, WrongCurrency.code, detail) for pointer in wrong]
        )


def modifier_places(draft: BasketDraft) -> Iterator[tuple[str, ModifierDraft]]:
    """Every modifier of a draft with the pointer to where it stands."""
    for index, line in enumerate(draft.lines):
        yield from _below(line.modifiers, f"/lines/{index}/modifiers")
        for place, component in enumerate(line.components):
            yield from _below(component.modifiers, f"/lines/{index}/components/{place}/modifiers")


def money_said(draft: BasketDraft) -> Iterator[tuple[str, Money]]:
    """Every amount of a basket with the pointer to where it stands."""
    for index, line in enumerate(draft.lines):
        for name in ("expected_unit_price", "override", "printed_amount"):
            money = getattr(line, name)
            if money is not None:
                yield f"/lines/{index}/{name}", money
        for place, given in enumerate(line.discounts):
            if given.amount is not None:
                yield f"/lines/{index}/discounts/{place}/amount", given.amount
    for place, given in enumerate(draft.discounts):
        if given.amount is not None:
            yield f"/discounts/{place}/amount", given.amount
    if draft.tip is not None:
        yield "/tip", draft.tip


def _below(modifiers: tuple[ModifierDraft, ...], pointer: str) -> Iterator[tuple[str, ModifierDraft]]:
    for place, chosen in enumerate(modifiers):
        yield f"{pointer}/{place}", chosen
        yield from _below(chosen.modifiers, f"{pointer}/{place}/modifiers")
