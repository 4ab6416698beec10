"""Which notes of other currencies a drawer takes: those of the merchant's ways to pay, at their rates."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from fynlo.core.actors import Actor
from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant
from payments.ledger.accounts import CASH_OVER_SHORT
from payments.ledger.services import Posting
from payments.tenders.queries import ForeignTerms, foreign_terms
from pos.registers.cash_rows import foreign_columns
from pos.registers.counting import CountNegative
from pos.registers.errors import WrongCurrency
from pos.registers.foreign import ForeignCount, Notes, notes_of
from pos.registers.models import CashMovement, CashSession, Drawer
from pos.registers.services.holding import person


def check_foreign(
    amounts: Sequence[Money], *, pointer: str = "/foreign/{}/amount"
) -> dict[str, ForeignTerms]:
    """Amounts of other currencies that a drawer can hold, each once, and how they are taken.

    Raises `WrongCurrency` for one that no way to pay takes, and `CountNegative`.
    """
    terms = foreign_terms(currencies={each.currency for each in amounts})
    problems = []
    seen: set[str] = set()
    for place, money in enumerate(amounts):
        where = f"{pointer.format(place)}/currency"
        if money.currency not in terms:
            detail = f"No way to pay takes notes in {money.currency}."
            problems.append(FieldProblem(where, WrongCurrency.code, detail))
        elif money.currency in seen:
            problems.append(FieldProblem(where, "repeated", "This currency is stated twice; add them up."))
        seen.add(money.currency)
    if problems:
        raise WrongCurrency(problems[0].detail, errors=problems)
    for place, money in enumerate(amounts):
        if money.minor < 0:
            where = f"{pointer.format(place)}/amount_minor"
            raise CountNegative("A drawer cannot hold less than nothing.", pointer=where)
    return terms


def foreign_rates(currencies: Iterable[str]) -> dict[str, Decimal]:
    """What each is taken at now; those nobody takes are missing."""
    return {name: terms.rate for name, terms in foreign_terms(currencies=currencies).items()}


def stated_floats(foreign: Sequence[ForeignCount]) -> list[dict[str, Any]]:
    """The float of other currencies as a session keeps it."""
    return [
        {
            "currency": each.money.currency,
            "amount_minor": each.money.minor,
            "denominations": [
                {"value_minor": piece.value_minor, "count": piece.count} for piece in each.pieces
            ],
        }
        for each in foreign
    ]


def declared(session: CashSession) -> set[str]:
    """The currencies of the session's float, beside the merchant's own."""
    return {each["currency"] for each in session.opening_foreign}


def declared_notes(session: CashSession, rates: dict[str, Decimal]) -> list[Notes]:
    """The float of other currencies, worth what it is at these rates; none of what nobody takes any more."""
    return [
        notes_of(
            money=Money(each["amount_minor"], each["currency"]),
            rate=rates[each["currency"]],
            currency=current_tenant().currency,
        )
        for each in session.opening_foreign
        if each["amount_minor"] and each["currency"] in rates
    ]


def float_movements(
    session: CashSession, *, drawer: Drawer, actor: Actor, at: dt.datetime
) -> list[CashMovement]:
    """The float of other currencies, each worth what it is today."""
    return [
        CashMovement(
            register_id=session.register_id,
            session_id=session.id,
            drawer_id=drawer.pk,
            kind=CashMovement.FLOAT,
            amount_minor=0,
            currency=current_tenant().currency,
            **foreign_columns(notes),
            employee_id=actor.employee_id,
            employee_name=person(actor),
            at=at,
            business_date=session.business_date,
        )
        for notes in declared_notes(session, foreign_rates(declared(session)))
    ]


def variance_postings(counted: Iterable[dict[str, Any]]) -> list[Posting]:
    """What brings the books of each currency to what was counted of it."""
    differing = [each for each in counted if each["variance_worth_minor"]]
    terms = foreign_terms(currencies={each["currency"] for each in differing})
    postings = []
    for each in differing:
        worth = each["variance_worth_minor"]
        account = account_of(each["currency"], terms)
        debit, credit = (account, CASH_OVER_SHORT) if worth > 0 else (CASH_OVER_SHORT, account)
        postings.append(Posting(debit=debit, credit=credit, amount_minor=abs(worth), kind="over_short"))
    return postings


def account_of(currency: str, terms: dict[str, ForeignTerms]) -> str:
    """The account of the books that notes of a currency stand in."""
    return terms[currency].account if currency in terms else f"tender:{currency.lower()}"
