"""Which version of the price book prices a sale, when the one it would be sold from lacks what was sold.

Writes nothing, but for the first sale of a merchant without a price book (see `pos.orders.basket`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from uuid import UUID

from pos.catalog.queries.book import BookForSale
from pos.catalog.services.publishing import sale_book
from pos.orders.drafts import BasketDraft
from pos.pricing.choices import Problem, choice_problems
from pos.pricing.types import Cart, CartComponent, CartLine, CartModifier

_NOT_OFFERED: Final = frozenset(
    {"modifier_not_offered", "slot_unknown", "component_not_offered", "components_unexpected"}
)
"""Problems with choices that may mean that the version is older than the choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """The version that prices a cart. `too_old` is the one that would have, if it had had what was sold."""

    book: BookForSale
    problems: tuple[Problem, ...]
    too_old: UUID | None = None


def book_for(
    *,
    draft: BasketDraft,
    cart: Cart,
    at: dt.datetime,
    heard_at: dt.datetime,
    first: BookForSale | None = None,
) -> Booking:
    """The version `draft` names, else the one in force `at`; unless that cannot be what the till sold from.

    A version that lacks something sold (a variant, its tax class, a modifier, a component, or a unit that can be
    sold in parts) is older than the sale, whatever the till says. Then the newest one in force at `heard_at`
    takes its place, for the whole cart, if that has all of it. One look at a version is two statements, three
    the first time; a second look is taken only when something is missing. `first` is the first look, if somebody
    took it already.
    """
    variants = draft.variant_ids
    book = first or sale_book(variant_ids=variants, at=at, version_id=draft.price_book)
    problems = _problems(cart, book)
    missing, odd = set(_missing(cart, book)), _not_offered(problems)
    if missing or odd:
        newest = sale_book(variant_ids=variants, at=heard_at)
        if newest.revision > book.revision:
            theirs = _problems(cart, newest)
            fewer = bool(missing) or _not_offered(theirs) < odd
            if fewer and not any(_missing(cart, newest)):
                return Booking(book=newest, problems=theirs, too_old=book.version_id)
    return Booking(book=book, problems=problems)


def _problems(cart: Cart, book: BookForSale) -> tuple[Problem, ...]:
    """What is wrong with the choices; most carts have nothing to choose and nothing chosen."""
    offered = any(item.modifier_groups or item.combo for item in book.book.items)
    if offered or any(line.modifiers or line.components for line in cart.lines):
        return choice_problems(cart=cart, book=book.book)
    return ()


def _not_offered(problems: Iterable[Problem]) -> set[str]:
    return {problem.pointer for problem in problems if problem.code in _NOT_OFFERED}


def _missing(cart: Cart, book: BookForSale) -> Iterator[str]:
    """The ids the version lacks. Without them nothing can be priced as the till did, or at all."""
    for line in cart.lines:
        yield from _missing_of(line, book)
        item = book.book.index.item_of.get(line.variant_id)
        if item is not None and item.combo is not None:  # components of anything else are not read
            for component in line.components:
                yield from _missing_of(component, book)
        booked = book.variants.get(UUID(line.variant_id))
        if booked is not None and booked.unit == "each" and line.quantity != int(line.quantity):
            yield line.variant_id


def _missing_of(sold: CartLine | CartComponent, book: BookForSale) -> Iterator[str]:
    booked = book.variants.get(UUID(sold.variant_id))
    if booked is None or booked.id in book.later or booked.tax_class not in book.book.index.tax_classes:
        yield sold.variant_id
    known = book.book.index.modifiers
    yield from (each for each in _modifier_ids(sold.modifiers) if each not in known)


def _modifier_ids(modifiers: Iterable[CartModifier]) -> Iterator[str]:
    for chosen in modifiers:
        yield from chain((chosen.modifier_id,), _modifier_ids(chosen.modifiers))
