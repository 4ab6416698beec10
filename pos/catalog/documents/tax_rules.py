"""The rules of a tax class, and the simple case of one rate that the columns of the class say. Pure."""

from decimal import Decimal
from typing import Any

from pos.pricing.decimals import plain_decimal

Rules = list[dict[str, Any]]


def simple_rules(*, code: str, name: str, rate: Decimal, inclusive: bool) -> Rules:
    """The one rule of a class that has a rate and no rules: its tax is called as the class is."""
    tax = {"code": code, "name": name, "rate": plain_decimal(rate), "compound": False}
    return [{"when": {}, "inclusive": inclusive, "net_of_contained": False, "components": [tax]}]


def simple_rate(*, code: str, name: str, rules: Rules) -> tuple[Decimal, bool] | None:
    """Rate and inclusiveness when `rules` say no more than these two can; None when they say more."""
    rule = rules[0]
    component = rule["components"][0] if rule["components"] else {}
    if "rate" not in component:
        return None
    rate, inclusive = Decimal(component["rate"]), bool(rule["inclusive"])
    fits = rate < 1 and simple_rules(code=code, name=name, rate=rate, inclusive=inclusive) == rules
    return (rate, inclusive) if fits else None


def default_rate(rules: Rules) -> tuple[Decimal, bool]:
    """What readers of the two columns see of rules that say more: the default rule's rates added, below one."""
    default = rules[-1]
    rates = sum((Decimal(tax["rate"]) for tax in default["components"] if "rate" in tax), Decimal(0))
    return min(rates, Decimal("0.999999")), bool(default["inclusive"])
