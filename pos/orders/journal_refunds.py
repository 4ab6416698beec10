"""What the journal tells of money that went back."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fynlo.core.money import exponent
from pos.fiscal import kinds
from pos.fiscal.amounts import AmountText, amount_text
from pos.fiscal.canonical import Body
from pos.fiscal.entries import JournalDraft
from pos.fiscal.recipe import instant
from pos.orders.journal_parts import stored_tax_body


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedLine:
    """What of a line goes back, as it was sold. Amounts are above 0. `goods` says where they went."""

    sku: str
    name: str
    unit: str
    quantity: str
    total_minor: int
    net_minor: int
    tax_minor: int
    goods: str = "none"
    taxes: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundedTender:
    """How money went back: code, name and amount above 0."""

    code: str
    name: str
    amount_minor: int
    rounding_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """A refund in plain values. `of` is the number of the receipt it takes back, empty without one."""

    number: str
    of: str
    kind: str
    register: str
    location: str
    currency: str
    at: dt.datetime
    business_date: dt.date
    net_minor: int
    tax_minor: int
    total_minor: int
    tip_minor: int = 0
    rounding_minor: int = 0
    lines: Sequence[RefundedLine] = ()
    taxes: Sequence[Mapping[str, Any]] = ()
    tenders: Sequence[RefundedTender] = ()
    reason: str = ""
    employee: str = ""
    approver: str = ""
    flags: Sequence[str] = field(default=())


def refund_entry(refunded: Refunded) -> JournalDraft:
    """The draft of a refund, under its receipt's number."""
    return JournalDraft(
        kind=kinds.REFUND,
        at=refunded.at,
        business_date=refunded.business_date,
        number=refunded.number,
        body=refund_body(refunded),
    )


def refund_body(refunded: Refunded) -> Body:
    """What went back: lines, taxes, money, why, by whom. All amounts are above 0 and lower what was sold."""
    amount = amount_text(digits=exponent(refunded.currency))
    return {
        "of": refunded.of or None,
        "refund": refunded.kind,
        "location": refunded.location,
        "employee": refunded.employee or None,
        "approver": refunded.approver or None,
        "reason": refunded.reason or None,
        "refunded_at": instant(refunded.at),
        "currency": refunded.currency,
        "lines": [_refunded_line(line, amount) for line in refunded.lines],
        "taxes": [stored_tax_body(tax, amount) for tax in refunded.taxes],
        "tenders": [_refunded_tender(tender, amount) for tender in refunded.tenders],
        "net": amount(refunded.net_minor),
        "tax": amount(refunded.tax_minor),
        "total": amount(refunded.total_minor),
        "tip": amount(refunded.tip_minor),
        "rounding": amount(refunded.rounding_minor),
        "flags": list(refunded.flags) or None,
    }


def _refunded_line(line: RefundedLine, amount: AmountText) -> dict[str, Any]:
    return {
        "sku": line.sku,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "net": amount(line.net_minor),
        "tax": amount(line.tax_minor),
        "total": amount(line.total_minor),
        "goods": line.goods,
        "taxes": [stored_tax_body(tax, amount) for tax in line.taxes],
    }


def _refunded_tender(tender: RefundedTender, amount: AmountText) -> dict[str, Any]:
    return {
        "code": tender.code,
        "name": tender.name,
        "amount": amount(tender.amount_minor),
        "rounding": amount(tender.rounding_minor),
    }
