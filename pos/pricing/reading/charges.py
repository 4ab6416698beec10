"""Service charges out of JSON."""

from typing import Any

from pos.pricing.book import ServiceCharge
from pos.pricing.conditions import ALWAYS
from pos.pricing.errors import InvalidValue
from pos.pricing.reading.conditions import read_when
from pos.pricing.reading.members import Members
from pos.pricing.reading.values import flag, identifier, percent, price, priority, text, word


def read_service_charge(value: Any, pointer: str = "") -> ServiceCharge:
    """A service charge. One that comes after the tax cannot be taxed."""
    members = Members(value, pointer)
    members.one_of(("percent", "amount_minor", "per_cover_minor"))
    phase = members.optional("phase", word("before_tax", "after_tax"), "before_tax")
    charge = ServiceCharge(
        id=members.required("id", identifier),
        name=members.optional("name", text, ""),
        priority=members.optional("priority", priority, 0),
        when=members.optional("when", read_when, ALWAYS),
        percent=members.nullable("percent", percent),
        amount_minor=members.nullable("amount_minor", price),
        per_cover_minor=members.nullable("per_cover_minor", price),
        phase="after_tax" if phase == "after_tax" else "before_tax",
        taxable=members.optional("taxable", flag, default=False),
        tax_class=members.nullable("tax_class", identifier),
    )
    members.close()
    if charge.taxable and charge.phase == "after_tax":
        raise InvalidValue("a charge after tax is not taxed", pointer=f"{pointer}/taxable")
    if charge.tax_class is not None and not charge.taxable:
        raise InvalidValue("only a taxable charge has a tax class", pointer=f"{pointer}/tax_class")
    return charge
