"""The slip of money that went into a drawer or out of it."""

from uuid import UUID

from fynlo.core.errors import NotFound
from pos.receipts.around import around
from pos.receipts.sheets import DRAWER_SLIP, SheetDocument, SheetFact, SheetRow, SheetSection
from pos.registers.models import CashMovement, Drawer


def drawer_slip(*, movement_id: UUID) -> SheetDocument:
    """What is signed when cash moves other than by a sale; those have their receipt. Raises `NotFound`."""
    movement = (
        CashMovement.objects.select_related("register", "register__location").filter(pk=movement_id).first()
    )
    if movement is None or movement.slip_number is None:
        raise NotFound("There is no such movement.")
    words = around(location=movement.register.location)
    drawer = Drawer.objects.filter(pk=movement.drawer_id or movement.register_id).first()
    code = movement.register.code if drawer is None else drawer.code
    told = (
        SheetFact(key="drawer", text=code),
        SheetFact(key="reason", text=", ".join(filter(None, (movement.reason_code, movement.note)))),
        SheetFact(key="approved_by", text=movement.approver_name),
    )
    return SheetDocument(
        kind=DRAWER_SLIP,
        language=words.language,
        currency=movement.currency,
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        tax_number=words.tax_number,
        number=f"{code}-M{movement.slip_number}",
        register=movement.register.name,
        employee=movement.employee_name,
        at=movement.at.astimezone(words.zone),
        business_date=movement.business_date,
        facts=tuple(fact for fact in told if fact.text),
        sections=(
            SheetSection(
                key="cash",
                rows=(SheetRow(key=movement.kind, amount_minor=movement.amount_minor, is_sum=True),),
            ),
        ),
        is_signed=True,
    )
