"""Gift cards are sold and loaded at a till: what is paid is owed from then on. No turnover and no tax.

Cash goes into the drawer as it does when a house account is paid, so closings, books and journal know of it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from django.db.utils import IntegrityError

from fynlo.core.actors import Actor
from fynlo.core.database import constraint, run_transaction
from fynlo.core.money import spell_money
from fynlo.core.tenancy import current_tenant
from fynlo.events.log import unit_of_work
from payments.credit.errors import GiftCardCodeTaken, GiftCardIdConflict, GiftCardState
from payments.credit.kinds import ACTIVATE, LOAD
from payments.credit.services import done_before, locked_value, open_value
from payments.tenders.kinds import EXCHANGE, HOUSE_ACCOUNT, STORED_VALUE
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms
from payments.tenders.settlement import settle
from pos.inventory.services.happening import moment_of
from pos.orders.errors import PaymentIdConflict
from pos.orders.services.asked_alone import CARD, ENDED_BY, Asked, asked_already, let_go_instead, under_way
from pos.orders.services.asking_values import card_id
from pos.orders.services.late_refunds import closed_session_of
from pos.orders.services.refund_plan import place_of
from pos.orders.services.tender_checks import check_tenders, terms_of
from pos.orders.services.tender_ids import with_own_ids
from pos.orders.services.tender_rules import check_rules
from pos.orders.services.value_sale_rows import ValueSale, ValueSaleDraft
from pos.orders.services.value_sale_writing import sale_document, write_sale
from pos.orders.transfers import TenderInvalid
from pos.registers.errors import WrongCurrency
from pos.registers.numbers import take_numbers

SELL: Final = "gift_cards.sell"


def sell_value(*, draft: ValueSaleDraft, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Record it and return the sale's document. The same draft again is the same sale.

    Cash beyond the amount goes back as change; nothing else may be more. Raises `Forbidden`, `TillNeeded`,
    `OnlyPractice`, `WrongCurrency`, `UnknownTenderType`, `TenderInvalid`, `TimeOutOfRange`, `NotFound`,
    `GiftCardState`, `GiftCardCodeTaken`, `GiftCardIdConflict`, `PaymentIdConflict`, and for a question
    `PaymentOutcomeUnknown` while a provider is asked for the same.
    """
    actor.require(SELL)
    place = place_of(actor)
    if draft.at is not None:
        draft = replace(draft, tenders=with_own_ids(tenders=draft.tenders)[0])
    terms = _checked(draft)
    odd = _odd(draft, terms)
    shares = settle(
        total_minor=draft.amount.minor,
        tenders=[
            (tender.amount.minor, each.gives_change)
            for tender, each in zip(draft.tenders, terms, strict=True)
        ],
        foreign=[place for place, each in enumerate(terms) if each.is_foreign],
    )
    paid = sum(share.amount_minor for share in shares)
    if paid != draft.amount.minor:
        told, due = (spell_money(each, draft.amount.currency) for each in (paid, draft.amount.minor))
        raise TenderInvalid(f"{told} was tendered for {due}.", pointer="/tenders")
    sale = ValueSale(
        draft=draft,
        actor=actor,
        place=place,
        terms=terms,
        shares=shares,
        happened=moment_of(stated=draft.at, at=at),
        recorded_at=at,
        odd=odd,
    )
    try:
        return run_transaction(partial(_sell, sale))
    except IntegrityError as error:
        if not constraint(error).startswith(("payments_payment_pkey", "payments_valueactivity_once")):
            raise
        known = _sold_before(draft)
        if known is None:
            raise PaymentIdConflict("Ids are made once and never used again.", pointer="/tenders") from error
        return known
    except (GiftCardCodeTaken, GiftCardIdConflict, GiftCardState):  # maybe by a twin of this request
        known = _sold_before(draft)
        if known is None:
            raise
        return known


def _checked(draft: ValueSaleDraft) -> tuple[TenderTerms, ...]:
    currency = current_tenant().currency
    if draft.amount.currency != currency:
        raise WrongCurrency(f"Amounts are in {currency} here.", pointer="/amount/currency")
    if draft.amount.minor <= 0:
        raise TenderInvalid("An amount is above zero.", pointer="/amount/amount_minor")
    check_tenders(tenders=draft.tenders, currency=currency)
    terms = terms_of(draft.tenders)
    for index, (tender, each) in enumerate(zip(draft.tenders, terms, strict=True)):
        if each.kind in (HOUSE_ACCOUNT, EXCHANGE, *STORED_VALUE):
            raise TenderInvalid("A card is paid with money.", pointer=f"/tenders/{index}/tender_type")
        if each.is_asked:
            detail = "A provider is asked for its money first: POST /gift-cards/attempts."
            raise TenderInvalid(detail, pointer=f"/tenders/{index}/tender_type")
        if tender.amount.minor <= 0:
            pointer = f"/tenders/{index}/amount/amount_minor"
            raise TenderInvalid("A tender is above zero.", pointer=pointer)
    return terms


def _odd(draft: ValueSaleDraft, terms: Sequence[TenderTerms]) -> tuple[str, ...]:
    """Rules of the ways to pay that were not kept: a question is refused, of what happened the journal tells them.

    A repeat of what was sold before is no question any more. Raises `TenderInvalid`.
    """
    due, currency = draft.amount.minor, draft.amount.currency
    try:
        check_rules(drafts=draft.tenders, terms=terms, due_minor=due, currency=currency)
    except TenderInvalid as error:
        if draft.at is None and _sold_before(draft) is None:
            raise
        return tuple(sorted({problem.code for problem in error.errors}))
    return ()


def _sell(sale: ValueSale) -> dict[str, Any]:
    draft, place = sale.draft, sale.place
    with unit_of_work():
        numbers = take_numbers(register_id=place.id)
        known = _sold_before(draft)
        if known is not None:
            return known
        late = closed_session_of(
            stated=draft.at, happened=sale.happened, register_id=place.id, numbers=numbers
        )
        if late is not None:
            numbers = replace(numbers, session_id=late.session_id)
        asked = _asked(draft)
        let_go_instead(
            asked=asked, states=ENDED_BY[draft.at is not None], by=sale.actor.name, at=sale.recorded_at
        )
        if draft.opened is not None:
            account = open_value(draft=draft.opened, at=sale.happened)
        else:
            account = locked_value(account_id=draft.account_id)
        waiting = under_way(asked=asked)
        if waiting is not None and draft.at is None:
            raise asked_already(waiting, pointer="/tenders")
        odd = () if waiting is None else ("paid_beside_attempt",)
        sale = replace(sale, odd=(*sale.odd, *odd))
        return write_sale(sale, account=account, numbers=numbers, late=late)


def _asked(draft: ValueSaleDraft) -> Asked:
    """What a provider may be asked for at the same time: money of any amount for a card that is sold, of this one
    for one that is loaded.
    """
    key = card_id(account_id=draft.account_id, opened=draft.opened)
    return Asked(CARD, key, draft.amount.minor if draft.opened is None else None)


def _sold_before(draft: ValueSaleDraft) -> dict[str, Any] | None:
    """The sale as it was made, with the card as it is now; None if there was none. Raises `GiftCardIdConflict`."""
    account = done_before(cause_id=draft.id, kinds=(ACTIVATE, LOAD), amount_minor=draft.amount.minor)
    if account is None:
        return None
    rows = {
        row.pk: row
        for row in Payment.objects.select_related("tender_type").filter(
            pk__in=[tender.id for tender in draft.tenders], stored_value=account
        )
    }
    if len(rows) != len(draft.tenders):
        raise PaymentIdConflict("Ids are made once and never used again.", pointer="/tenders")
    activity = account.activities.get(cause_id=draft.id)
    payments = [rows[tender.id] for tender in draft.tenders]
    return sale_document(draft, account, activity.kind, payments, terms_of(draft.tenders))
