"""The receipt of a sale for practice, from the journal: it is kept nowhere else."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.errors import NotFound
from pos.orders.queries.trainings import training_document, training_entries
from pos.receipts.around import around
from pos.receipts.document import (
    TRAINING,
    ReceiptAmount,
    ReceiptComponent,
    ReceiptDocument,
    ReceiptLine,
    ReceiptModifier,
    ReceiptTax,
    ReceiptTender,
)
from pos.registers.models import Register

Stored = Mapping[str, Any]


def training_receipt(*, register_id: UUID, number: int) -> ReceiptDocument:
    """What the receipt would say, marked so that nobody takes it for one. Raises `NotFound`."""
    register = Register.objects.select_related("location").filter(pk=register_id).first()
    if register is None:
        raise NotFound("There is no such register.")
    name = f"{register.code}-T{number}"
    entry = training_entries(register_id=register_id).filter(number=name).order_by("-position").first()
    if entry is None:
        raise NotFound("There is no such sale for practice.")
    stored, words = training_document(entry), around(location=register.location)
    employee, shown = stored["employee"], sum(_minor(line["base"]) for line in stored["lines"])
    discounts = tuple(_given(stored, "order"))
    charges = tuple(
        ReceiptAmount(name=one["name"], amount_minor=_minor(one["amount"]))
        for one in stored["service_charges"]
    )
    taxes = tuple(map(_tax, stored["taxes"]))
    added = sum(tax.tax_minor for tax in taxes if not tax.is_inclusive)
    expected = shown - _minor(stored["discount"]) + _minor(stored["service_charge"]) + added
    return ReceiptDocument(
        kind=TRAINING,
        is_training=True,
        language=words.language,
        currency=stored["total"]["currency"],
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        header=words.header,
        footer=words.footer,
        logo=words.logo,
        tax_number=words.tax_number,
        number=name,
        register=register.name,
        employee="" if employee is None else employee["name"],
        sold_at=dt.datetime.fromisoformat(stored["placed_at"]).astimezone(words.zone),
        business_date=dt.date.fromisoformat(stored["business_date"]),
        lines=tuple(_line(line, stored) for line in stored["lines"]),
        taxes=taxes,
        total_minor=_minor(stored["total"]),
        tenders=tuple(map(_tender, stored["payments"])),
        order_type=stored["context"]["order_type"] or "",
        note=stored["note"] or "",
        discounts=discounts,
        charges=charges,
        removed_tax_minor=expected - _minor(stored["total"]),
        tip_minor=_minor(stored["tip"]),
        rounding_minor=_minor(stored["rounding"]),
    )


def _line(line: Stored, order: Stored) -> ReceiptLine:
    usual = order["context"]["order_type"]
    return ReceiptLine(
        name=line["name"],
        quantity=Decimal(line["quantity"]),
        unit=line["unit"],
        unit_price_minor=_minor(line["unit_price"]),
        amount_minor=_minor(line["base"]),
        taxes=tuple(map(_key, line["taxes"])),
        modifiers=tuple(_modifiers(line["modifiers"])),
        components=tuple(
            ReceiptComponent(
                name=part["name"],
                taxes=tuple(map(_key, part["taxes"])),
                modifiers=tuple(_modifiers(part["modifiers"])),
            )
            for part in line["components"]
        ),
        discounts=tuple(_given(order, "line", line["id"])),
        order_type="" if line["order_type"] == usual else line["order_type"] or "",
        lot=line["lot"] or "",
        use_by=None if line["use_by"] is None else dt.date.fromisoformat(line["use_by"]),
        note=line["note"] or "",
    )


def _given(order: Stored, of: str, line_id: str | None = None) -> Iterator[ReceiptAmount]:
    """What was taken off the order as a whole, or off one line."""
    for given in order["discounts"]:
        if (given["kind"] == "order") != (of == "order"):
            continue
        if of == "order":
            yield ReceiptAmount(name=given["name"], amount_minor=_minor(given["amount"]))
            continue
        for share in given["allocations"]:
            if share["line_id"] == line_id:
                yield ReceiptAmount(name=given["name"], amount_minor=_minor(share["amount"]))


def _modifiers(chosen: Iterable[Stored], depth: int = 0) -> Iterator[ReceiptModifier]:
    for one in chosen:
        yield ReceiptModifier(
            name=one["name"], quantity=one["quantity"], price_minor=_minor(one["price"]), depth=depth
        )
        yield from _modifiers(one["modifiers"], depth + 1)


def _tax(tax: Stored) -> ReceiptTax:
    return ReceiptTax(
        key=_key(tax),
        name=tax["name"],
        rate=None if tax["per_unit"] is not None else Decimal(tax["rate"]),
        is_inclusive=tax["is_inclusive"],
        net_minor=_minor(tax["net"]),
        tax_minor=_minor(tax["tax"]),
        gross_minor=_minor(tax["net"]) + _minor(tax["tax"]),
    )


def _tender(paid: Stored) -> ReceiptTender:
    return ReceiptTender(
        name=paid["name"], tendered_minor=_minor(paid["tendered"]), change_minor=_minor(paid["change"])
    )


def _key(tax: Stored) -> str:
    per_unit = tax["per_unit"]
    return (
        f"{tax['code']} {Decimal(tax['rate'])} {per_unit and per_unit['amount_minor']} {tax['is_inclusive']}"
    )


def _minor(money: Stored) -> int:
    return int(money["amount_minor"])
