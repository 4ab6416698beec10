"""What tenders and refunds move in a drawer: the merchant's own cash, and notes of other currencies."""

from collections.abc import Iterable
from decimal import Decimal

from fynlo.core.money import Money
from payments.tenders.queries import TenderTerms
from payments.tenders.services import TenderTaken
from pos.orders.services.refund_money import MoneyPlan
from pos.registers.cash_rows import CashTaken
from pos.registers.foreign import Notes
from pos.registers.services.sale_cash import CashGiven


def notes_taken(
    *, terms: TenderTerms, foreign: Money | None, worth_minor: int, rate: Decimal | None = None
) -> Notes | None:
    """The notes that a way to pay took; None for any other, and where a till did not say which they were."""
    if not terms.is_foreign or foreign is None or not foreign.minor:
        return None
    if foreign.currency != terms.rules.foreign_currency:  # flagged; which drawer it lies in nobody knows
        return None
    return Notes(money=foreign, worth_minor=worth_minor, rate=rate or terms.rules.foreign_rate)


def cash_taken(tenders: Iterable[TenderTaken]) -> list[CashTaken]:
    """What of these tenders went into the drawer, and what came out again as change."""
    return [
        CashTaken(
            payment_id=tender.id,
            tendered_minor=tender.share.tendered_minor if tender.terms.is_cash else 0,
            change_minor=tender.share.change_minor,
            foreign=notes_taken(
                terms=tender.terms, foreign=tender.foreign, worth_minor=tender.share.tendered_minor
            ),
        )
        for tender in tenders
        if tender.terms.gives_change
    ]


def cash_given(money: MoneyPlan) -> list[CashGiven]:
    """What of a refund leaves the drawer: own cash row by row, the notes of a tender with its first row."""
    worth: dict[tuple[str, int], int] = {}
    for row in money.rows:
        key = (row.terms.code, row.part.way)
        worth[key] = worth.get(key, 0) + row.part.given_minor
    return [
        CashGiven(
            payment_id=row.id,
            amount_minor=row.part.given_minor if row.terms.is_cash else 0,
            foreign=notes_taken(
                terms=row.terms,
                foreign=row.foreign,
                worth_minor=worth[row.terms.code, row.part.way],
                rate=row.foreign_rate,
            ),
        )
        for row in money.rows
        if row.terms.gives_change
    ]


def own_cash(taken: Iterable[CashTaken]) -> int:
    """What of the merchant's own money is more in the drawer by it."""
    return sum(each.tendered_minor - each.change_minor for each in taken)


def foreign_notes(taken: Iterable[CashTaken]) -> tuple[Notes, ...]:
    """Which notes of other currencies are."""
    return tuple(each.foreign for each in taken if each.foreign is not None)
