"""From what a till says to a priced basket: the same reading and pricing for a quote and for an order.

Writes nothing. The only exception is the very first sale of a merchant from before there were price books:
it has the catalogue published (`pos.catalog.services.publishing.sale_book`).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from fynlo.core.errors import DomainError, FieldProblem
from pos.catalog.queries.book import BookedVariant, BookForSale
from pos.orders.booking import book_for
from pos.orders.drafts import BasketDraft, ComponentDraft, DiscountDraft, LineDraft, ModifierDraft
from pos.orders.errors import FractionalQuantity, UnknownVariant
from pos.pricing.choices import Problem
from pos.pricing.engine import price_cart
from pos.pricing.types import (
    ENGINE_VERSION,
    Cart,
    CartComponent,
    CartDiscount,
    CartLine,
    CartModifier,
    Context,
    PricedCart,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldAt:
    """Where and when something is sold: `at` is exact, the location (if known) has the clock on the wall."""

    at: dt.datetime
    time_zone: str
    location_id: UUID | None

    @property
    def local(self) -> dt.datetime:
        """What the clock on the wall says."""
        return self.at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What is bought, from which price book, and what it costs; lines in the order of the draft.

    `too_old` is the version that lacked something sold, so that a newer one priced it.
    """

    draft: BasketDraft
    book: BookForSale
    context: Context
    priced: PricedCart
    problems: tuple[Problem, ...]
    too_old: UUID | None

    @property
    def variants(self) -> list[BookedVariant]:
        """What each line sells."""
        return [self.book.variants[line.variant_id] for line in self.draft.lines]


def price_basket(
    *,
    draft: BasketDraft,
    sold: SoldAt,
    heard_at: dt.datetime,
    currency: str,
    may_be_empty: bool = False,
    first: BookForSale | None = None,
) -> Basket:
    """Price `draft` by the price book it names, or by the one in force when it was sold.

    If that lacks something sold it is the newest one in force at `heard_at`, when the server heard of it. At
    most three statements, three more if something is missing. Choices that the catalogue does not offer are in
    `problems`; what cannot be priced raises `UnknownVariant`, `FractionalQuantity`, or an error of
    `pos.pricing.errors`, each with pointers into what was sent. A basket of nothing costs nothing where it
    `may_be_empty`: a ticket on which nothing was put yet. `first` is the price book it would be priced by, if it
    was read already.
    """
    cart = _cart(draft)
    booking = book_for(draft=draft, cart=cart, at=sold.at, heard_at=heard_at, first=first)
    book = booking.book
    _refuse_unknown(draft, book)
    _refuse_parts(draft, book)
    context = _context(draft, book, sold, currency)
    if may_be_empty and not draft.lines:
        nothing = _nothing(context, book)
        return Basket(draft=draft, book=book, context=context, priced=nothing, problems=(), too_old=None)
    try:
        priced = price_cart(cart=cart, context=context, book=book.book)
    except DomainError as error:
        error.errors = tuple(_as_sent(problem) for problem in error.errors)
        raise
    return Basket(
        draft=draft,
        book=book,
        context=context,
        priced=priced,
        problems=booking.problems,
        too_old=booking.too_old,
    )


def _nothing(context: Context, book: BookForSale) -> PricedCart:
    return PricedCart(
        currency=context.currency,
        engine_version=ENGINE_VERSION,
        policy=book.rounding,
        lines=(),
        discounts=(),
        service_charges=(),
        taxes=(),
        sales=(),
        subtotal_minor=0,
        tax_minor=0,
        tip_minor=0,
        digest="",
    )


def _context(draft: BasketDraft, book: BookForSale, sold: SoldAt, currency: str) -> Context:
    return Context(
        currency=currency,
        at=sold.local,
        location_id=None if sold.location_id is None else str(sold.location_id),
        channel=draft.channel,
        order_type=draft.order_type,
        customer_group=draft.customer_group,
        exempt=draft.exempt,
        destination=draft.destination,
        covers=draft.covers,
        coupons=frozenset(draft.coupons),
        rounding=book.rounding,
    )


def _cart(draft: BasketDraft) -> Cart:
    return Cart(
        lines=tuple(_line(line) for line in draft.lines),
        discounts=_discounts(draft.discounts),
        tip_minor=0 if draft.tip is None else draft.tip.minor,
        waived_charges=frozenset(str(key) for key in draft.waived_charges),
    )


def _line(line: LineDraft) -> CartLine:
    return CartLine(
        id=str(line.id),
        variant_id=str(line.variant_id),
        quantity=line.quantity,
        unit_price_minor=None if line.override is None else line.override.minor,
        amount_minor=None if line.printed_amount is None else line.printed_amount.minor,
        order_type=line.order_type,
        modifiers=_modifiers(line.modifiers),
        components=tuple(_component(component) for component in line.components),
        discounts=_discounts(line.discounts),
    )


def _component(component: ComponentDraft) -> CartComponent:
    return CartComponent(
        slot_id=str(component.slot_id),
        variant_id=str(component.variant_id),
        modifiers=_modifiers(component.modifiers),
    )


def _modifiers(modifiers: Iterable[ModifierDraft]) -> tuple[CartModifier, ...]:
    return tuple(
        CartModifier(
            modifier_id=str(chosen.modifier_id),
            quantity=chosen.quantity,
            modifiers=_modifiers(chosen.modifiers),
        )
        for chosen in modifiers
    )


def _discounts(discounts: Iterable[DiscountDraft]) -> tuple[CartDiscount, ...]:
    return tuple(
        CartDiscount(
            id=str(given.id),
            name=given.name,
            percent=None if given.percent is None else Fraction(given.percent),
            amount_minor=None if given.amount is None else given.amount.minor,
        )
        for given in discounts
    )


def _refuse_unknown(draft: BasketDraft, book: BookForSale) -> None:
    detail = "There is no such variant in the catalogue."
    unknown = [pointer for pointer, key in variant_places(draft) if key not in book.variants]
    _refuse(UnknownVariant, detail, unknown)


def _refuse_parts(draft: BasketDraft, book: BookForSale) -> None:
    parts = [
        f"/lines/{index}/quantity"
        for index, line in enumerate(draft.lines)
        if book.variants[line.variant_id].unit == "each" and line.quantity != int(line.quantity)
    ]
    _refuse(FractionalQuantity, "This is sold by the piece; a whole number is expected.", parts)


def variant_places(draft: BasketDraft) -> Iterator[tuple[str, UUID]]:
    """Every variant of a draft with the pointer to where it stands: lines, then their components."""
    for index, line in enumerate(draft.lines):
        yield f"/lines/{index}/variant_id", line.variant_id
        for place, component in enumerate(line.components):
            yield f"/lines/{index}/components/{place}/variant_id", component.variant_id


def _refuse(error: type[DomainError], detail: str, pointers: list[str]) -> None:
    if pointers:
        raise error(detail, errors=[FieldProblem(pointer, error.code, detail) for pointer in pointers])


# What pricing calls a member → what the API calls it: money is an object with its currency there.
_SENT_AS = (
    ("/discounts/", "/amount_minor", "/amount/amount_minor"),
    ("/lines/", "/unit_price_minor", "/override/amount_minor"),
    ("/lines/", "/amount_minor", "/printed_amount/amount_minor"),
    ("", "/tip_minor", "/tip/amount_minor"),
)


def _as_sent(problem: FieldProblem) -> FieldProblem:
    for inside, priced_as, sent_as in _SENT_AS:
        if inside in problem.pointer and problem.pointer.endswith(priced_as):
            pointer = problem.pointer.removesuffix(priced_as) + sent_as
            return FieldProblem(pointer, problem.code, problem.detail)
    return problem
