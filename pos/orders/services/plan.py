"""Everything about a sale that can be known before a row is locked: reads, rules, prices, transfers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.money import MAX_MINOR, Money, spell_money
from fynlo.core.tenancy import current_tenant
from payments.ledger.services import Posting
from payments.tenders.queries import TenderTerms
from payments.tenders.services import TenderTaken
from payments.tenders.settlement import settle
from pos.inventory.goods import Taken, goods_taken
from pos.inventory.queries.needs import StockNeeds
from pos.orders.basket import Basket, SoldAt, price_basket
from pos.orders.drafts import OrderDraft, TenderDraft
from pos.orders.errors import DuplicateId, TillNeeded, UnknownTenderType
from pos.orders.explanations import explanation
from pos.orders.flags import (
    Flag,
    clock_skew,
    expired_goods,
    inactive_tender_types,
    odd_choices,
    placed_earlier,
    price_mismatches,
)
from pos.orders.goods import goods_sold, modifier_ids
from pos.orders.oddities import basket_flags, check_currency
from pos.orders.queries.terms import SaleTerms, sale_terms
from pos.orders.services.tender_rules import check_rules, tip_beyond_due
from pos.orders.services.tendering import tenders_taken
from pos.orders.services.value_tenders import Asking
from pos.orders.transfers import Tender, TenderInvalid, TransferLine, cost_postings, order_transfers
from pos.pricing.cash import cash_rounding
from pos.registers.queries import RegisterPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class SalePlan:
    """A sale ready to be written."""

    draft: OrderDraft
    actor: Actor
    basket: Basket
    tenders: tuple[TenderTaken, ...]
    postings: tuple[Posting, ...]
    flags: tuple[Flag, ...]
    explanation: dict[str, Any]
    placed_at: dt.datetime
    business_date: dt.date
    heard_at: dt.datetime
    terms: SaleTerms
    taken: tuple[Taken, ...]

    @property
    def is_training(self) -> bool:
        """Whether it is for practice: the register is, or the till says so of this sale."""
        return self.terms.is_training or self.draft.training

    @property
    def place(self) -> RegisterPlace:
        """The register, and where it stands."""
        return self.terms.place

    @property
    def needs(self) -> StockNeeds:
        """How stock of what is sold is kept."""
        return self.terms.needs

    @property
    def paid_minor(self) -> int:
        """What of the tenders pays."""
        return sum(tender.share.amount_minor for tender in self.tenders)


def plan_sale(*, draft: OrderDraft, actor: Actor, at: dt.datetime) -> SalePlan:
    """Read, check and price `draft`, in one statement. `at` is when the server heard of it.

    One statement more for a house account, one for the house rules of a version no sale of this process met
    before, and up to six if the price book lacks what was sold.

    Raises the errors of `pos.orders.errors` and `pos.pricing.errors`; nothing is written or locked.
    """
    placed_at = draft.placed_at or at
    terms = _terms(draft, actor, placed_at)
    currency = current_tenant().currency
    check_currency(draft=draft, currency=currency, others=_amounts(draft))
    _check_ids(draft)
    place = terms.place
    sold = SoldAt(at=placed_at, time_zone=place.time_zone, location_id=place.location_id)
    basket = price_basket(draft=draft, sold=sold, heard_at=at, currency=currency, first=terms.book)
    business_date = place.business_date(placed_at)
    offered = _offered(draft, terms)
    due_minor = basket.priced.payable_minor
    tip_minor = tip_beyond_due(drafts=draft.tenders, terms=offered, due_minor=due_minor)
    if tip_minor:
        tipped = replace(draft, tip=Money(basket.priced.tip_minor + tip_minor, currency))
        basket = price_basket(draft=tipped, sold=sold, heard_at=at, currency=currency, first=terms.book)
    asking = Asking(actor=actor, at=at, is_fact=draft.placed_at is not None)
    tenders = _tenders(draft, offered, basket, asking)
    goods = goods_sold(draft=draft, lines=basket.priced.lines)
    return SalePlan(
        draft=draft,
        actor=actor,
        basket=basket,
        tenders=tenders,
        postings=_postings(basket, tenders),
        flags=(
            *_flags(draft, actor, basket, offered, sold=sold, at=at, stopped=terms.stopped),
            *expired_goods(draft=draft, business_date=business_date),
        ),
        explanation=explanation(basket),
        placed_at=placed_at,
        business_date=business_date,
        heard_at=at,
        terms=terms,
        taken=tuple(goods_taken(sold=goods, recipes=terms.needs.recipes, policies=terms.needs.policies)),
    )


def _terms(draft: OrderDraft, actor: Actor, placed_at: dt.datetime) -> SaleTerms:
    found = actor.register_id and sale_terms(
        register_id=actor.register_id,
        at=placed_at,
        price_book=draft.price_book,
        variant_ids=draft.variant_ids,
        modifier_ids=modifier_ids(draft),
        tender_types={tender.tender_type for tender in draft.tenders},
    )
    if not found:
        raise TillNeeded
    return found


def _amounts(draft: OrderDraft) -> Iterator[tuple[str, Money]]:
    for index, tender in enumerate(draft.tenders):
        yield f"/tenders/{index}/amount", tender.amount
    for name in ("expected_tax", "expected_total"):
        money = getattr(draft, name)
        if money is not None:
            yield f"/{name}", money


def _check_ids(draft: OrderDraft) -> None:
    seen: set[tuple[str, UUID]] = set()
    twice: list[str] = []
    named = chain(
        (("lines", index, line.id) for index, line in enumerate(draft.lines)),
        (("tenders", index, tender.id) for index, tender in enumerate(draft.tenders)),
    )
    for name, index, key in named:
        if (name, key) in seen:
            twice.append(f"/{name}/{index}/id")
        seen.add((name, key))
    if twice:
        detail = "Every line and every tender has an id of its own."
        raise DuplicateId(
            detail, errors=[FieldProblem(pointer, DuplicateId.code, detail) for pointer in twice]
        )


def _offered(draft: OrderDraft, terms: SaleTerms) -> tuple[TenderTerms, ...]:
    known = terms.tenders
    unknown = [index for index, tender in enumerate(draft.tenders) if tender.tender_type not in known]
    if unknown:
        detail = "The merchant has no such way to pay."
        pointers = [f"/tenders/{index}/tender_type" for index in unknown]
        raise UnknownTenderType(
            detail, errors=[FieldProblem(pointer, UnknownTenderType.code, detail) for pointer in pointers]
        )
    return tuple(known[tender.tender_type] for tender in draft.tenders)


def _tenders(
    draft: OrderDraft, terms: tuple[TenderTerms, ...], basket: Basket, asking: Asking
) -> tuple[TenderTaken, ...]:
    _check_tender_amounts(draft.tenders, basket.priced.currency)
    increment = basket.book.cash_increment

    def round_cash(due_minor: int) -> int:
        return cash_rounding(due_minor=due_minor, increment=increment).rounded_minor

    offers = [
        (tender.amount.minor, term.gives_change) for tender, term in zip(draft.tenders, terms, strict=True)
    ]
    if not asking.is_fact:
        due = basket.priced.payable_minor
        check_rules(drafts=draft.tenders, terms=terms, due_minor=due, currency=basket.priced.currency)
    shares = settle(
        total_minor=basket.priced.payable_minor,
        tenders=offers,
        round_cash=round_cash,
        foreign=[place for place, term in enumerate(terms) if term.is_foreign],
    )
    return tenders_taken(drafts=draft.tenders, terms=terms, shares=shares, asking=asking)


def _check_tender_amounts(tenders: tuple[TenderDraft, ...], currency: str) -> None:
    together = 0
    for index, tender in enumerate(tenders):
        pointer = f"/tenders/{index}/amount/amount_minor"
        if tender.amount.minor < 0:
            raise TenderInvalid("A tender is above zero.", pointer=pointer)
        together += tender.amount.minor
        if together > MAX_MINOR:  # the change would be more than an answer can carry
            most = spell_money(MAX_MINOR, currency)
            raise TenderInvalid(f"Tenders are at most {most} together.", pointer=pointer)


def _postings(basket: Basket, tenders: tuple[TenderTaken, ...]) -> tuple[Posting, ...]:
    moves = order_transfers(
        priced=basket.priced,
        tenders=[
            Tender(
                code=tender.terms.code,
                is_cash=tender.terms.is_cash,
                gives_change=tender.terms.gives_change,
                tendered_minor=tender.share.tendered_minor,
                change_minor=tender.share.change_minor,
                rounding_minor=tender.share.rounding_minor,
                house="" if tender.house is None else tender.house.code,
                value="" if tender.value is None else tender.value.posting_key,
            )
            for tender in tenders
        ],
    )
    return tuple(_posting(move, tenders) for move in moves)


def cost_of(value_minor: int) -> tuple[Posting, ...]:
    """What the goods that left the shelf cost, as it is booked with the sale."""
    return tuple(_posting(move, ()) for move in cost_postings(value_minor=value_minor))


def _posting(move: TransferLine, tenders: Sequence[TenderTaken]) -> Posting:
    return Posting(
        debit=move.debit,
        credit=move.credit,
        amount_minor=move.amount_minor,
        kind=move.kind,
        payment_id=None if move.tender is None else tenders[move.tender].id,
    )


def _flags(
    draft: OrderDraft,
    actor: Actor,
    basket: Basket,
    terms: tuple[TenderTerms, ...],
    *,
    sold: SoldAt,
    at: dt.datetime,
    stopped: frozenset[UUID],
) -> Iterator[Flag]:
    yield from price_mismatches(draft=draft, priced=basket.priced)
    yield from basket_flags(basket=basket, actor=actor, sold=sold, stopped=stopped)
    yield from odd_choices(problems=basket.problems)
    yield from inactive_tender_types(tenders=[(term.code, term.is_active) for term in terms])
    yield from clock_skew(placed_at=sold.at, at=at)
    yield from placed_earlier(placed_at=sold.at, at=at)
