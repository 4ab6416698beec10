"""What is wrong with a tax class by itself, and its one form. Pure."""

from dataclasses import replace
from typing import Any, Final

from pos.catalog.documents.conditions import read_or_refuse, when_document
from pos.catalog.documents.limits import MAX_RULES
from pos.catalog.documents.shapes import Part
from pos.pricing.decimals import plain_decimal
from pos.pricing.reading.taxes import read_tax_class
from pos.pricing.tax_rules import TaxComponent, TaxRule

Document = dict[str, Any]

TAX_CLASS: Final = ("id", "code", "name", "rules")
MAX_TAX_CODE: Final = 20
MAX_TAX_NAME: Final = 80
_DEFAULT: Final = {"inclusive": True, "components": []}


def tax_class(part: Part) -> Document:
    """A tax class in its one form; its rules are checked one by one, so that all their problems are told."""
    code = part.text("code", longest=MAX_TAX_CODE)
    before = len(part.problems)
    rules = [_rule(part, place, rule) for place, rule in enumerate(part.values("rules", at_most=MAX_RULES))]
    if len(part.problems) == before:
        whole = {"code": "any", "rules": [_rule_document(rule) for rule in rules if rule is not None]}
        read_or_refuse(part, read_tax_class, whole, "")
    return {
        "id": part.ident("id"),
        "code": code,
        "name": part.text("name", longest=MAX_TAX_NAME),
        "rules": [_rule_document(rule) for rule in rules if rule is not None],
    }


def _rule(part: Part, place: int, rule: Any) -> TaxRule | None:
    """One rule, read as the first of a class of two; a problem names its own place."""
    before = len(part.problems)
    found = read_or_refuse(part, read_tax_class, {"code": "any", "rules": [rule, _DEFAULT]}, "")
    if found is None:
        first, here = f"{part.pointer}/rules/0", f"{part.pointer}/rules/{place}"
        part.problems[before:] = [
            type(problem)(here + problem.pointer.removeprefix(first), problem.code, problem.detail)
            for problem in part.problems[before:]
        ]
        return None
    read: TaxRule = found.rules[0]
    components = (
        _cleaned(part, component, f"/rules/{place}/components/{number}")
        for number, component in enumerate(read.components)
    )
    return replace(read, components=tuple(components))


def _cleaned(part: Part, component: TaxComponent, where: str) -> TaxComponent:
    """The component with its texts in their one form, as they are stored and printed."""
    return replace(
        component,
        code=part.clean(component.code, f"{where}/code", longest=MAX_TAX_CODE),
        name=part.clean(component.name, f"{where}/name", longest=MAX_TAX_NAME, needed=False),
    )


def _rule_document(rule: TaxRule) -> Document:
    return {
        "when": when_document(rule.when),
        "inclusive": rule.inclusive,
        "net_of_contained": rule.net_of_contained,
        "components": [_component(component) for component in rule.components],
    }


def _component(component: TaxComponent) -> Document:
    made: Document = {"code": component.code, "name": component.name}
    if component.rate is None:
        return {**made, "per_unit_minor": component.per_unit_minor}
    return {**made, "rate": plain_decimal(component.rate), "compound": component.compound}
