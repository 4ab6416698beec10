"""A receipt's document, from an order and the merchant's words around it. Any number of times the same."""

from uuid import UUID
from zoneinfo import ZoneInfo

from fynlo.core.tenancy import current_tenant
from pos.configuration import PosSection, ReceiptSection
from pos.orders.documents import WholeOrder, reference
from pos.orders.queries import whole_order
from pos.receipts.document import ReceiptDocument, ReceiptTender
from pos.receipts.parts import (
    receipt_charges,
    receipt_discounts,
    receipt_lines,
    receipt_taxes,
    removed_tax,
)
from pos.registers.models import Register
from tenants.configuration.queries import current_section


def receipt_document(*, order_id: UUID) -> ReceiptDocument:
    """What the receipt of an order says, in six statements. Raises `NotFound`.

    What was sold, for how much and by whom is what was stored with the order; the merchant's name, the
    address and the lines around it are those in force now.
    """
    whole = whole_order(order_id=order_id)
    order, tenant, around = whole.order, current_tenant(), _words_around()
    register = Register.objects.select_related("location").get(pk=order.register_id)
    location = register.location
    return ReceiptDocument(
        language=tenant.language,
        currency=order.currency,
        merchant=tenant.name,
        location=location.name,
        address=tuple(location.address),
        header=around.header,
        number=reference(register_code=register.code, number=order.number),
        register=register.name,
        employee=order.employee_name,
        sold_at=order.placed_at.astimezone(ZoneInfo(location.time_zone)),
        business_date=order.business_date,
        lines=receipt_lines(whole),
        taxes=receipt_taxes(whole),
        total_minor=order.total_minor,
        tenders=_tenders(whole),
        footer=around.footer,
        order_type=order.context.get("order_type") or "",
        note=order.note,
        discounts=receipt_discounts(whole),
        charges=receipt_charges(whole),
        removed_tax_minor=removed_tax(whole),
        tip_minor=order.tip_minor,
        rounding_minor=whole.rounding_minor,
    )


def _words_around() -> ReceiptSection:
    section = current_section(tenant=current_tenant(), model=PosSection)
    return ReceiptSection() if section is None else section.receipt


def _tenders(whole: WholeOrder) -> tuple[ReceiptTender, ...]:
    return tuple(
        ReceiptTender(
            name=payment.tender_name,
            tendered_minor=payment.tendered_minor,
            change_minor=payment.change_minor,
        )
        for payment in whole.payments
    )
