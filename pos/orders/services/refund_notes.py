"""Notes of another currency that a refund hands out, and the rate they go at.

The rate is that of the payment whose money goes back, if it was in that currency: who paid with fifty dollars gets
fifty dollars. Without one it is the rate of now. It is kept with the refund.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from fynlo.core.errors import FieldProblem
from fynlo.core.money import spell_money
from payments.tenders.queries import TenderTerms
from payments.tenders.refunding import Paid
from payments.tenders.rules import foreign_worth
from pos.orders.flags import Flag
from pos.orders.refund_drafts import RefundTenderDraft
from pos.orders.transfers import TenderInvalid


def check_notes(
    *,
    tenders: Sequence[RefundTenderDraft],
    terms: Mapping[str, TenderTerms],
    paid: Sequence[Paid],
    currency: str,
    is_fact: bool,
) -> list[Flag]:
    """What is odd about the notes of a fact. Raises `TenderInvalid` for a question, with a pointer for each."""
    problems = [
        problem
        for index, tender in enumerate(tenders)
        for problem in _problems(index, tender, terms[tender.tender_type], paid, currency)
    ]
    if problems and not is_fact:
        raise TenderInvalid(problems[0].detail, errors=problems)
    return [{"code": problem.code, "pointer": problem.pointer} for problem in problems]


def rate_of_refund(*, terms: TenderTerms, paid: Sequence[Paid]) -> Decimal | None:
    """That of the latest payment in this way, else the one of now; None for a way that takes no notes."""
    if not terms.is_foreign:
        return None
    kept = [each.foreign_rate for each in paid if each.tender_type == terms.code and each.foreign_rate]
    return kept[-1] if kept else terms.rules.foreign_rate


def _problems(
    index: int, tender: RefundTenderDraft, terms: TenderTerms, paid: Sequence[Paid], currency: str
) -> Iterator[FieldProblem]:
    said = "" if tender.foreign is None else tender.foreign.currency
    if said != terms.rules.foreign_currency:
        wanted = terms.rules.foreign_currency or "no foreign money"
        detail = f"This way to pay gives {wanted}."
        yield FieldProblem(f"/tenders/{index}/foreign", "foreign_currency", detail)
        return
    rate = rate_of_refund(terms=terms, paid=paid)
    if tender.foreign is None or rate is None:
        return
    worth = foreign_worth(foreign=tender.foreign, rate=rate, currency=currency)
    if worth != tender.amount.minor:
        detail = f"At {rate.normalize():f} this is worth {spell_money(worth, currency)}."
        yield FieldProblem(f"/tenders/{index}/amount", "foreign_worth", detail)
