"""Orders and returns as papers: copies of what was agreed, with the names and addresses that hold now."""

from fynlo.core.tenancy import current_tenant
from pos.catalog.models import Variant
from pos.inventory.quantities import whole_minor
from pos.purchasing import states
from pos.purchasing.days import location_day
from pos.purchasing.documents import (
    SUPPLIER_RETURN,
    DocumentParty,
    PurchaseDocument,
    PurchaseDocumentLine,
)
from pos.purchasing.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierReturn
from pos.purchasing.packs import line_amount

LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})


def order_paper(order: PurchaseOrder) -> PurchaseDocument:
    """The paper of an order that has supplier, location and lines at hand."""
    tenant, location = current_tenant(), order.location
    here = DocumentParty(name=location.name, address=tuple(location.address))
    return PurchaseDocument(
        number=order.number,
        currency=order.currency,
        merchant=DocumentParty(name=tenant.name, address=tuple(location.address)),
        supplier=_party(order.supplier),
        lines=tuple(_line(line) for line in order.lines.all()),
        written_on=location_day(location, order.sent_at or order.created_at),
        language=order.supplier.language,
        deliver_to=here,
        deliver_on=order.expected_on,
        customer_number=order.supplier.account_number,
        reference=order.supplier_reference,
        note=order.note,
        paper=_paper(),
        is_draft=order.state == states.DRAFT,
        is_cancelled=order.state == states.CANCELLED,
    )


def return_paper(returned: SupplierReturn) -> PurchaseDocument:
    """The paper that goes with goods sent back; `lines`, supplier and location are at hand."""
    tenant, location = current_tenant(), returned.location
    supplier = returned.supplier
    skus = dict(
        Variant.objects.filter(pk__in=[line.variant_id for line in returned.lines.all()]).values_list(
            "pk", "sku"
        )
    )
    return PurchaseDocument(
        kind=SUPPLIER_RETURN,
        number=returned.number,
        currency=returned.currency,
        merchant=DocumentParty(name=tenant.name, address=tuple(location.address)),
        supplier=DocumentParty(name="") if supplier is None else _party(supplier),
        lines=tuple(
            PurchaseDocumentLine(
                description=line.description,
                packs=line.quantity,
                sku=skus.get(line.variant_id, ""),
                unit=line.unit,
                pack_price_minor=None if line.value_minor is None else line.value_minor / line.quantity,
                amount_minor=None if line.value_minor is None else whole_minor(line.value_minor),
                note=line.reason,
            )
            for line in returned.lines.all()
        ),
        written_on=returned.business_date,
        language=tenant.language if supplier is None else supplier.language,
        customer_number="" if supplier is None else supplier.account_number,
        reference=returned.reference,
        note=returned.note or returned.reason,
        paper=_paper(),
    )


def file_name(number: str, suffix: str) -> str:
    """What a paper's file is called: `PO-00042.pdf`."""
    return f"{number}.{suffix}"


def _line(line: PurchaseOrderLine) -> PurchaseDocumentLine:
    return PurchaseDocumentLine(
        description=line.description,
        packs=line.packs,
        supplier_code=line.supplier_code,
        sku=line.sku,
        pack_name=line.pack_name,
        pack_size=line.pack_size,
        unit=line.pack_unit,
        pack_price_minor=line.pack_price_minor,
        amount_minor=line_amount(packs=line.packs, pack_price_minor=line.pack_price_minor),
        note=line.note,
    )


def _party(supplier: Supplier) -> DocumentParty:
    return DocumentParty(
        name=supplier.name,
        address=tuple(supplier.address),
        email=supplier.email,
        phone=supplier.phone,
        tax_number=supplier.tax_number,
    )


def _paper() -> str:
    return "letter" if getattr(current_tenant(), "country", "") in LETTER_COUNTRIES else "a4"
