"""Amounts of refunds between rows and arithmetic: what an order's rows hold, what a refund's rows keep."""

from collections.abc import Iterable, Mapping
from typing import Any

from pos.inventory.quantities import plain_quantity
from pos.orders.models import OrderLine, OrderTax, RefundLine
from pos.orders.refund_shares import CHARGES, Amounts, LineSold, Sold, TaxKey, TaxPart, added, ordered_taxes
from pos.orders.whole import WholeOrder

_LONGEST_CODE = 40  # as the order's taxes keep them


def sold_of(whole: WholeOrder) -> Sold:
    """The order as it was sold. What its total has beyond the lines are service charges."""
    names = {tax.tax_class_code: tax.name for tax in whole.taxes}
    lines = tuple(
        LineSold(id=line.id, quantity=line.quantity, amounts=_line_amounts(line, names))
        for line in whole.lines_left
    )
    of_lines = added(line.amounts for line in lines)
    taxes = _tax_rows(whole.taxes)
    charged = Amounts(nets={}, taxes=taxes) - Amounts(nets={}, taxes=of_lines.taxes)
    net = whole.order.net_minor - of_lines.net_minor
    charges = Amounts(
        nets={CHARGES: net} if net else {},
        taxes={key: part for key, part in charged.taxes.items() if part != TaxPart(0, 0)},
    )
    return Sold(lines=lines, charges=charges)


def stored_nets(amounts: Amounts) -> list[list[Any]]:
    """Nets by class as they are kept: pairs, because the database's JSON keeps no order of members."""
    return [[name, net] for name, net in amounts.nets.items()]


def stored_taxes(amounts: Amounts) -> list[dict[str, Any]]:
    """Taxes as they are kept, in the order in which they are told; those that come to nothing are left out."""
    return [
        {
            "code": key.code,
            "name": key.name,
            "rate": key.rate,
            "per_unit_minor": key.per_unit_minor,
            "is_inclusive": key.is_inclusive,
            "net_minor": part.net_minor,
            "tax_minor": part.tax_minor,
        }
        for key, part in ordered_taxes(amounts)
    ]


def sold_amounts(line: OrderLine) -> Amounts:
    """What a line that was just priced comes to."""
    return _line_amounts(line, {})


def kept_amounts(row: RefundLine | Mapping[str, Any]) -> Amounts:
    """What a refund's line or its charges gave back."""
    nets, taxes = (row.nets, row.taxes) if isinstance(row, RefundLine) else (row["nets"], row["taxes"])
    return Amounts(nets={name: net for name, net in nets}, taxes=_stored(taxes))  # noqa: C416  pairs, typed


def _line_amounts(line: OrderLine, names: Mapping[str, str]) -> Amounts:
    if line.base_minor is None:  # from before there were price lists: one tax, and the order knows its name
        rate = plain_quantity(line.tax_rate)
        name = names.get(line.tax_class_code, "")
        key = TaxKey(line.tax_class_code[:_LONGEST_CODE], rate, None, line.is_tax_inclusive, name)
        taxes = {key: TaxPart(line.net_minor, line.tax_minor)}
        return Amounts(nets={line.tax_class_code: line.net_minor}, taxes=taxes)
    nets: dict[str, int] = {}
    parts: list[Mapping[str, Any]] = list(line.components)
    for part in parts or [{"tax_class": line.tax_class_code, "net_minor": line.net_minor}]:
        nets[part["tax_class"]] = nets.get(part["tax_class"], 0) + part["net_minor"]
    return Amounts(nets=nets, taxes=_stored(line.taxes))


def _stored(taxes: Iterable[Mapping[str, Any]]) -> dict[TaxKey, TaxPart]:
    found: dict[TaxKey, TaxPart] = {}
    for tax in taxes:
        key = TaxKey(
            tax["code"][:_LONGEST_CODE], tax["rate"], tax["per_unit_minor"], tax["is_inclusive"], tax["name"]
        )
        before = found.get(key, TaxPart(0, 0))
        found[key] = TaxPart(before.net_minor + tax["net_minor"], before.tax_minor + tax["tax_minor"])
    return found


def _tax_rows(rows: Iterable[OrderTax]) -> dict[TaxKey, TaxPart]:
    return {
        TaxKey(
            row.tax_class_code, plain_quantity(row.rate), row.per_unit_minor, row.is_inclusive, row.name
        ): TaxPart(row.net_minor, row.tax_minor)
        for row in rows
    }
