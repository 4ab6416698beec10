"""Tax classes out of JSON."""

from typing import Any

from pos.pricing.conditions import ALWAYS
from pos.pricing.errors import DefaultRuleMissing, InvalidValue, TaxRateOutOfRange
from pos.pricing.limits import MAX_TAXED
from pos.pricing.reading.conditions import read_when
from pos.pricing.reading.members import Members, refuse_duplicates
from pos.pricing.reading.values import flag, identifier, price, rate, text
from pos.pricing.tax_rules import TaxClass, TaxComponent, TaxRule, taxes_on_base

MAX_TAX_COMPONENTS = 10


def read_tax_class(value: Any, pointer: str = "") -> TaxClass:
    """A tax class: its last rule always holds, so that nothing is untaxed by accident."""
    members = Members(value, pointer)
    code = members.required("code", identifier)
    tax_class = TaxClass(
        id=members.optional("id", identifier, code),
        code=code,
        name=members.optional("name", text, ""),
        rules=members.many("rules", _rule),
    )
    members.close()
    rules = tax_class.rules
    if not rules or rules[-1].when != ALWAYS:
        at = f"{pointer}/rules/{len(rules) - 1}/when" if rules else f"{pointer}/rules"
        raise DefaultRuleMissing("the last rule of a tax class has no conditions", pointer=at)
    if rules[-1].net_of_contained:
        raise InvalidValue(
            "the default rule has no other rule whose tax it could leave out",
            pointer=f"{pointer}/rules/{len(rules) - 1}/net_of_contained",
        )
    return tax_class


def _rule(value: Any, pointer: str) -> TaxRule:
    members = Members(value, pointer)
    rule = TaxRule(
        when=members.optional("when", read_when, ALWAYS),
        inclusive=members.required("inclusive", flag),
        net_of_contained=members.optional("net_of_contained", flag, default=False),
        components=members.many("components", _component),
    )
    members.close()
    if rule.net_of_contained and rule.inclusive:
        at = f"{pointer}/net_of_contained"
        raise InvalidValue("a price without the contained tax cannot contain it", pointer=at)
    if len(rule.components) > MAX_TAX_COMPONENTS:
        at = f"{pointer}/components"
        raise InvalidValue(f"a rule has at most {MAX_TAX_COMPONENTS} components", pointer=at)
    if 1 + sum(taxes_on_base(rule.components)[0]) > MAX_TAXED:
        at = f"{pointer}/components"
        raise TaxRateOutOfRange(f"taxes make a price at most {MAX_TAXED} times as high", pointer=at)
    refuse_duplicates(
        (component.code, f"{pointer}/components/{place}/code")
        for place, component in enumerate(rule.components)
    )
    return rule


def _component(value: Any, pointer: str) -> TaxComponent:
    members = Members(value, pointer)
    members.one_of(("rate", "per_unit_minor"))
    component = TaxComponent(
        code=members.required("code", identifier),
        name=members.optional("name", text, ""),
        rate=members.nullable("rate", rate),
        compound=members.optional("compound", flag, default=False),
        per_unit_minor=members.nullable("per_unit_minor", price),
    )
    members.close()
    if component.compound and component.rate is None:
        raise InvalidValue("only a rate can be compound", pointer=f"{pointer}/compound")
    return component
