"""The rules of a way to pay: how much at once, what becomes of more than is due, and foreign notes. Pure.

Foreign cash is counted in its own currency and taken at a rate that is kept with the payment: `rate` of the
merchant's currency for one of the foreign one, both in major units. What it comes to is rounded down to whole minor
units, so nobody is given credit for a part of a cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from fynlo.core.money import Money, exponent, spell_money

REFUSE: Final = "refuse"
TIP: Final = "tip"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderRules:
    """What a merchant wants of a way to pay; amounts are minor units of the merchant's currency."""

    smallest_minor: int | None = None
    largest_minor: int | None = None
    over: str = REFUSE
    is_partial: bool = True
    needs_reference: bool = False
    foreign_currency: str = ""
    foreign_rate: Decimal | None = None


NO_RULES: Final = TenderRules()


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a tender does not keep: a code, what people are told, and which member it is about."""

    code: str
    text: str
    member: str


def rules_of(values: Mapping[str, Any] | None) -> TenderRules:
    """From what the database says: only what is not as usual is there; None when nothing is."""
    if not values:
        return NO_RULES
    rate = values.get("foreign_rate")
    return TenderRules(**{**values, "foreign_rate": None if rate is None else Decimal(str(rate))})


def broken_rules(
    *, rules: TenderRules, amount_minor: int, due_minor: int, reference: str, currency: str
) -> Iterator[Broken]:
    """What a tender of `amount` for `due` does not keep of `rules`."""
    if rules.smallest_minor is not None and amount_minor < rules.smallest_minor:
        least = spell_money(rules.smallest_minor, currency)
        yield Broken("tender_too_small", f"This way to pay takes {least} or more.", "amount")
    if rules.largest_minor is not None and amount_minor > rules.largest_minor:
        most = spell_money(rules.largest_minor, currency)
        yield Broken("tender_too_large", f"This way to pay takes {most} at most.", "amount")
    if not rules.is_partial and amount_minor < due_minor:
        due = spell_money(due_minor, currency)
        yield Broken("tender_not_partial", f"This way to pay takes all that is due, {due}.", "amount")
    if rules.needs_reference and not reference:
        yield Broken("reference_needed", "The number on the slip is needed.", "reference")


def beyond_due(*, rules: TenderRules, amount_minor: int, due_minor: int) -> int:
    """What of the amount is a tip, because it is more than is due and the rules say so."""
    return max(amount_minor - due_minor, 0) if rules.over == TIP else 0


def foreign_worth(*, foreign: Money, rate: Decimal, currency: str) -> int:
    """What foreign money comes to, in minor units of `currency`."""
    major = Decimal(foreign.minor).scaleb(-exponent(foreign.currency))
    return int((major * rate).scaleb(exponent(currency)).to_integral_value(rounding=ROUND_FLOOR))
