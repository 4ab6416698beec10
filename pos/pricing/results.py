"""Step 12: the sums, and the frozen result out of the working values."""

from collections.abc import Iterable
from itertools import chain

from pos.pricing.charges import Charge
from pos.pricing.tax_rules import TaxComponent, TaxKey
from pos.pricing.taxes import Taxed
from pos.pricing.types import PricedCharge, PricedLine, PricedPart, PricedTax, Sales
from pos.pricing.working import Line

LineTaxes = dict[Line, list[Taxed]]
"""The taxed parts of each line, in the order of its parts."""


def tax_sums(parts: Iterable[list[Taxed]]) -> tuple[PricedTax, ...]:
    """Taxes added up by what makes them one: by code, rates before amounts per unit, value, added before contained.

    Of several names of one tax the first in the alphabet is kept.
    """
    rows: dict[TaxKey, tuple[int, int, TaxComponent]] = {}
    for part in chain.from_iterable(parts):
        net, rule = part.net, part.rule
        for key, tax, component in zip(rule.keys, part.rounded, rule.components, strict=True):
            row = rows.get(key)
            if row is None:
                rows[key] = (net, tax, component)
            else:
                named = component if component.name < row[2].name else row[2]
                rows[key] = (row[0] + net, row[1] + tax, named)
    return tuple([_priced_tax(key, *rows[key]) for key in sorted(rows)])


def part_taxes(part: Taxed) -> tuple[PricedTax, ...]:
    """The taxes of one part, in the same order."""
    rule, net = part.rule, part.net
    return tuple(
        [
            _priced_tax(rule.keys[place], net, part.rounded[place], rule.components[place])
            for place in rule.ranks
        ]
    )


def priced_line(*, line: Line, taxed: list[Taxed]) -> PricedLine:
    """A line with its amounts."""
    return PricedLine(
        line=line.source,
        item_id=line.item.id,
        list_price_minor=line.list_price,
        unit_price_minor=line.unit_price,
        price_list_id=line.price_list_id,
        modifiers_minor=line.modifiers,
        extended_minor=line.extended,
        base_minor=line.base,
        discount_minor=line.base - line.left,
        removed_tax_minor=sum([part.removed for part in taxed]),
        net_minor=sum([part.net for part in taxed]),
        tax_minor=sum([part.tax for part in taxed]),
        tax_class=line.item.tax_class,
        taxes=part_taxes(taxed[0]) if len(taxed) == 1 else tax_sums([taxed]),
        parts=_parts(line, taxed),
    )


def priced_charge(charge: Charge) -> PricedCharge:
    """A charge with its taxes."""
    source = charge.source
    return PricedCharge(
        id=source.id,
        name=source.name,
        phase=source.phase,
        amount_minor=charge.amount,
        net_minor=charge.net,
        tax_minor=charge.tax,
        taxes=tax_sums([charge.taxed]),
    )


def net_sales(line_taxes: LineTaxes) -> tuple[Sales, ...]:
    """Net of the lines by tax class."""
    sums: dict[str, int] = {}
    for line, taxed in line_taxes.items():
        for part, own in zip(line.parts, taxed, strict=True):
            sums[part.tax_class] = sums.get(part.tax_class, 0) + own.net
    return tuple([Sales(tax_class=code, net_minor=sums[code]) for code in sorted(sums)])


def _parts(line: Line, taxed: list[Taxed]) -> tuple[PricedPart, ...]:
    """The components of a combo in the order of the cart; nothing for any other line."""
    places = {id(component): place for place, component in enumerate(line.source.components)}
    parts = [
        (
            places[id(part.component)],
            PricedPart(
                slot_id=part.component.slot_id,
                variant_id=part.component.variant_id,
                tax_class=part.tax_class,
                base_minor=part.base,
                discount_minor=part.base - part.left,
                removed_tax_minor=own.removed,
                net_minor=own.net,
                tax_minor=own.tax,
                taxes=part_taxes(own),
            ),
        )
        for part, own in zip(line.parts, taxed, strict=True)
        if part.component is not None
    ]
    return tuple([part for _, part in sorted(parts, key=lambda entry: entry[0])])


def _priced_tax(key: TaxKey, net: int, tax: int, component: TaxComponent) -> PricedTax:
    return PricedTax(
        code=component.code,
        name=component.name,
        rate=component.rate,
        per_unit_minor=component.per_unit_minor,
        inclusive=key[3],
        net_minor=net,
        tax_minor=tax,
    )
