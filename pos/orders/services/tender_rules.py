"""The rules of ways to pay, asked of what a guest hands over: a question is refused, a fact is flagged."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fynlo.core.errors import FieldProblem
from fynlo.core.money import Money, spell_money
from payments.tenders.queries import TenderTerms
from payments.tenders.rules import Broken, broken_rules, foreign_worth
from payments.tenders.services import TenderTaken
from pos.orders.drafts import TenderDraft
from pos.orders.flags import Flag
from pos.orders.transfers import TenderInvalid


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
            amount=draft.amount,
            due_minor=due_minor - (together - draft.amount.minor),
            reference=draft.reference,
            foreign=draft.foreign,
            currency=currency,
        )
    ]
    if problems:
        raise TenderInvalid(problems[0].detail, errors=problems)


def rule_flags(*, tenders: Sequence[TenderTaken], currency: str) -> list[Flag]:
    """The same of what was taken already. That it was only a part is nothing odd."""
    return [
        {"code": each.code, "pointer": f"/tenders/{index}/{each.member}"}
        for index, tender in enumerate(tenders)
        for each in _broken(
            replace(tender.terms, rules=replace(tender.terms.rules, is_partial=True)),
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
    amount: Money,
    due_minor: int,
    reference: str,
    foreign: Money | None,
    currency: str,
) -> Iterator[Broken]:
    rules = terms.rules
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
