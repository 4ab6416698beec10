"""The rules of ways to pay, asked of what a guest hands over: a question is refused, a fact is flagged."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money, spell_money
from payments.tenders.queries import TenderTerms
from payments.tenders.rules import TIP, Broken, TenderRules, beyond_due, broken_rules, foreign_worth
from payments.tenders.services import TenderTaken
from pos.orders.drafts import TenderDraft
from pos.orders.flags import Flag
from pos.orders.transfers import TenderInvalid

AS_TIP: Final = TenderRules(over=TIP)


def check_rules(
    *, drafts: Sequence[TenderDraft], terms: Sequence[TenderTerms], due_minor: int, currency: str
) -> None:
    """Raise `TenderInvalid` with a pointer for each rule that is not kept; `due_minor` is before these tenders."""
    together = sum(draft.amount.minor for draft in drafts)
    problems = [
        FieldProblem(f"/tenders/{index}/{each.member}", each.code, each.text)
        for index, (draft, offered) in enumerate(zip(drafts, terms, strict=True))
        for each in _broken(
            offered,
            is_asked=draft.is_asked,
            amount=draft.amount,
            due_minor=due_minor - (together - draft.amount.minor),
            reference=draft.reference,
            foreign=draft.foreign,
            currency=currency,
        )
    ]
    if problems:
        raise TenderInvalid(problems[0].detail, errors=problems)


def tip_beyond_due(*, drafts: Sequence[TenderDraft], terms: Sequence[TenderTerms], due_minor: int) -> int:
    """What ways to pay whose rule says so take as a tip, because it is more than is due.

    Other ways pay first; what gives change pays last, so it never makes a tip.
    """
    left, as_tip = due_minor, 0
    for draft, offered in zip(drafts, terms, strict=True):
        if offered.rules.over == TIP:
            as_tip += draft.amount.minor
        elif not offered.gives_change:
            left -= draft.amount.minor
    return beyond_due(rules=AS_TIP, amount_minor=as_tip, due_minor=max(left, 0))


def rule_flags(*, tenders: Sequence[TenderTaken], currency: str) -> list[Flag]:
    """The same of what was taken already. That it was only a part is nothing odd."""
    return [
        {"code": each.code, "pointer": f"/tenders/{index}/{each.member}"}
        for index, tender in enumerate(tenders)
        for each in _broken(
            replace(tender.terms, rules=replace(tender.terms.rules, is_partial=True)),
            is_asked=tender.is_asked,
            amount=Money(tender.share.tendered_minor, currency),
            due_minor=tender.share.amount_minor,
            reference=tender.reference,
            foreign=tender.foreign,
            currency=currency,
        )
    ]


def _broken(
    terms: TenderTerms,
    *,
    is_asked: bool,
    amount: Money,
    due_minor: int,
    reference: str,
    foreign: Money | None,
    currency: str,
) -> Iterator[Broken]:
    rules = terms.rules
    if terms.is_asked and not is_asked:
        yield Broken(
            "not_asked", f"{terms.name} is asked for through its provider: make an attempt.", "tender_type"
        )
    yield from broken_rules(
        rules=rules, amount_minor=amount.minor, due_minor=due_minor, reference=reference, currency=currency
    )
    stated = "" if foreign is None else foreign.currency
    if stated != rules.foreign_currency:
        wanted = rules.foreign_currency or "no foreign money"
        yield Broken("foreign_currency", f"This way to pay takes {wanted}.", "foreign")
    elif foreign is not None and rules.foreign_rate is not None:
        worth = foreign_worth(foreign=foreign, rate=rules.foreign_rate, currency=currency)
        if worth != amount.minor:
            detail = f"At {rules.foreign_rate.normalize():f} this is worth {spell_money(worth, currency)}."
            yield Broken("foreign_worth", detail, "amount")
