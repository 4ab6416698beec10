"""A refund as the API answers it and the feed tells it: one shape, kept as it was answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from fynlo.core.money import Money
from pos.inventory.quantities import plain_quantity
from pos.orders.documents import foreign_told
from pos.orders.models import Refund, RefundLine
from pos.orders.whole import receipt_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTold:
    """A line of a refund with the names of what it is about."""

    row: RefundLine
    sku: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTold:
    """Money of a refund, with the name of its way."""

    id: UUID
    payment_id: UUID | None
    tender_type: str
    name: str
    amount_minor: int
    given_minor: int
    last4: str = ""
    reference: str = ""
    house_account: str | None = None
    stored_value: tuple[UUID, str] | None = None
    foreign: Money | None = None
    foreign_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRefund:
    """A refund with everything that belongs to it, and the numbers of its order if it has one."""

    refund: Refund
    register_code: str
    location_code: str
    lines: Sequence[LineTold]
    money: Sequence[MoneyTold]
    order_reference: str | None = None
    order_receipt: str | None = None
    return_id: UUID | None = None

    @property
    def reference(self) -> str:
        """The number of its receipt that people read: `K1-R13`."""
        return receipt_reference(register_code=self.register_code, number=self.refund.number)


def refund_document(whole: WholeRefund) -> dict[str, Any]:
    """The whole of a refund as JSON values. Amounts are above zero: they go to the guest."""
    refund = whole.refund

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": refund.currency}

    return {
        "id": str(refund.id),
        "order_id": _text(refund.order_id),
        "order_reference": whole.order_reference,
        "order_receipt": whole.order_receipt,
        "kind": refund.kind,
        "number": refund.number,
        "reference": whole.reference,
        "register": {"id": str(refund.register_id), "code": whole.register_code},
        "location": {"id": str(refund.location_id), "code": whole.location_code},
        "session_id": _text(refund.session_id),
        "device_id": _text(refund.device_id),
        "employee": _person(refund.employee_id, refund.employee_name),
        "approver": _person(refund.approver_id, refund.approver_name),
        "reason": refund.reason or None,
        "at": rfc3339(refund.at),
        "recorded_at": rfc3339(refund.recorded_at),
        "business_date": refund.business_date.isoformat(),
        "lines": [_line(each, money) for each in whole.lines],
        "service_charge": money(_charged(refund)),
        "goodwill": money(refund.goodwill_minor),
        "taxes": [tax_document(tax, money) for tax in refund.taxes],
        "net": money(refund.net_minor),
        "tax": money(refund.tax_minor),
        "total": money(refund.total_minor),
        "tip": money(refund.tip_minor),
        "amount": money(refund.amount_minor),
        "rounding": money(refund.rounding_minor),
        "given": money(refund.amount_minor - refund.rounding_minor),
        "tenders": [_tender(each, money) for each in whole.money],
        "stock_return_id": _text(whole.return_id),
        "exchange": _exchange(refund),
        "flags": list(refund.flags),
        "receipt": f"/api/v1/refunds/{refund.id}/receipt",
    }


def tax_document(tax: dict[str, Any], money: Any) -> dict[str, Any]:
    """A tax as documents of refunds tell it."""
    per_unit = tax["per_unit_minor"]
    return {
        "code": tax["code"],
        "name": tax["name"],
        "rate": tax["rate"],
        "per_unit": None if per_unit is None else money(per_unit),
        "is_inclusive": tax["is_inclusive"],
        "net": money(tax["net_minor"]),
        "tax": money(tax["tax_minor"]),
    }


def told_lines(lines: Iterable[LineTold]) -> list[LineTold]:
    """Those that say something: goods that came back. Money without goods is told as such, in one sum."""
    return [each for each in lines if each.row.quantity]


def _line(each: LineTold, money: Any) -> dict[str, Any]:
    row = each.row
    return {
        "order_line_id": _text(row.order_line_id),
        "variant_id": str(row.variant_id),
        "sku": each.sku,
        "name": each.name,
        "unit": each.unit,
        "quantity": plain_quantity(row.quantity),
        "left": plain_quantity(row.line_quantity - row.quantity_before - row.quantity),
        "goods": row.goods,
        "taxes": [tax_document(tax, money) for tax in row.taxes],
        "net": money(row.net_minor),
        "tax": money(row.tax_minor),
        "total": money(row.total_minor),
    }


def _tender(each: MoneyTold, money: Any) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "payment_id": _text(each.payment_id),
        "tender_type": each.tender_type,
        "name": each.name,
        "amount": money(each.amount_minor),
        "given": money(each.given_minor),
        "rounding": money(each.amount_minor - each.given_minor),
        "last4": each.last4 or None,
        "reference": each.reference or None,
        "house_account": each.house_account,
        "stored_value": None
        if each.stored_value is None
        else {"id": str(each.stored_value[0]), "last4": each.stored_value[1]},
        "foreign": foreign_told(each.foreign, each.foreign_rate),
    }


def _charged(refund: Refund) -> int:
    charges = refund.charges or {}
    return sum(
        sum(net for _, net in part["nets"]) + sum(tax["tax_minor"] for tax in part["taxes"])
        for part in (charges.get("goods"),)
        if part
    )


def _exchange(refund: Refund) -> dict[str, Any] | None:
    return None if refund.exchange_order_id is None else {"order_id": str(refund.exchange_order_id)}


def _person(key: UUID | None, name: str) -> dict[str, Any] | None:
    return None if key is None else {"id": str(key), "name": name}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
