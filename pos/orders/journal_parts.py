"""Lines, taxes and tenders as a journal tells them: names, codes, quantities and amounts, all texts, no ids."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from fynlo.core.money import exponent
from payments.tenders.queries import PaymentTaken
from pos.fiscal.amounts import AmountText, amount_text
from pos.inventory.quantities import plain_quantity
from pos.orders.line_documents import base_minor
from pos.orders.models import OrderLine, OrderTax

_YES_NO: Final = {True: "yes", False: "no"}
_CARD: Final = ("card_last4", "reference")
"""What a payment by card may say of itself, where tenders keep it."""


def line_body(line: OrderLine, amount: AmountText) -> dict[str, Any]:
    """A line with every tax, modifier and component of it. A voided one says why."""
    return {
        "sku": line.sku,
        "name": line.name,
        "unit": line.unit,
        "quantity": plain_quantity(line.quantity),
        "unit_price": amount(line.unit_price_minor),
        "price_source": line.price_source,
        "base": amount(base_minor(line)),
        "discount": amount(line.discount_minor),
        "net": amount(line.net_minor),
        "tax": amount(line.tax_minor),
        "total": amount(line.total_minor),
        "tax_class": line.tax_class_code,
        "tax_rate": plain_quantity(line.tax_rate),
        "inclusive": _YES_NO[line.is_tax_inclusive],
        "taxes": [stored_tax_body(tax, amount) for tax in line.taxes],
        "modifiers": [_modifier(chosen, amount) for chosen in line.modifiers] or None,
        "components": [_component(part, amount) for part in line.components] or None,
        "lot": line.lot or None,
        "serial": line.serial or None,
        "void": (line.void_reason or "yes") if line.voided_at is not None else None,
    }


def _modifier(chosen: Mapping[str, Any], amount: AmountText) -> dict[str, Any]:
    return {
        "name": chosen["name"],
        "quantity": str(chosen["quantity"]),
        "price": amount(chosen["price_minor"]),
        "modifiers": [_modifier(below, amount) for below in chosen["modifiers"]] or None,
    }


def _component(part: Mapping[str, Any], amount: AmountText) -> dict[str, Any]:
    return {
        "slot": part["slot"],
        "sku": part["sku"],
        "name": part["name"],
        "total": amount(part["total_minor"]),
        "tax_class": part["tax_class"],
        "taxes": [stored_tax_body(tax, amount) for tax in part["taxes"]],
        "modifiers": [_modifier(chosen, amount) for chosen in part["modifiers"]] or None,
    }


def stored_tax_body(tax: Mapping[str, Any], amount: AmountText) -> dict[str, Any]:
    """A tax of a line, from the JSON a line keeps."""
    per_unit = tax.get("per_unit_minor")
    return {
        "code": tax["code"],
        "name": tax.get("name"),
        "rate": str(tax["rate"]),
        "per_unit": None if per_unit is None else amount(per_unit),
        "inclusive": _YES_NO[bool(tax.get("is_inclusive"))],
        "net": amount(tax["net_minor"]),
        "tax": amount(tax["tax_minor"]),
    }


def tax_body(tax: OrderTax, amount: AmountText) -> dict[str, Any]:
    """A tax of the whole order."""
    return {
        "code": tax.tax_class_code,
        "name": tax.name,
        "rate": plain_quantity(tax.rate),
        "per_unit": None if tax.per_unit_minor is None else amount(tax.per_unit_minor),
        "inclusive": _YES_NO[tax.is_inclusive],
        "net": amount(tax.net_minor),
        "tax": amount(tax.tax_minor),
    }


def discount_body(given: Mapping[str, Any], amount: AmountText) -> dict[str, Any]:
    """What was taken off, and as what."""
    return {"kind": given["kind"], "name": given["name"], "amount": amount(given["amount_minor"])}


def charge_body(charge: Mapping[str, Any], amount: AmountText) -> dict[str, Any]:
    """A service charge."""
    return {
        "name": charge["name"],
        "net": amount(charge["net_minor"]),
        "tax": amount(charge["tax_minor"]),
        "total": amount(charge["total_minor"]),
    }


def tender_body(payment: PaymentTaken, amount: AmountText) -> dict[str, Any]:
    """A payment: `tendered` and `rounding` together are `amount` and `change`."""
    told = {
        "code": payment.tender_type,
        "name": payment.tender_name,
        "amount": amount(payment.amount_minor),
        "tendered": amount(payment.tendered_minor),
        "change": amount(payment.change_minor),
        "rounding": amount(payment.rounding_minor),
    }
    if payment.foreign_minor is not None:
        told["foreign"] = (
            f"{amount_text(digits=exponent(payment.foreign_currency))(payment.foreign_minor)} "
            + (payment.foreign_currency)
        )
        if payment.foreign_rate is not None:
            told["foreign_rate"] = plain_quantity(payment.foreign_rate)
    return told | {name: value for name in _CARD if (value := getattr(payment, name, ""))}


def flag_codes(stored: Iterable[Any]) -> list[str] | None:
    """Codes of what was odd; a flag may be its code or hold it."""
    codes = [each if isinstance(each, str) else str(each["code"]) for each in stored]
    return codes or None
