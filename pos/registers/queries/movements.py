"""A cash movement as it is told."""

from typing import Any
from uuid import UUID

from fynlo.core.clock import rfc3339
from pos.registers.models import CashMovement


def movement_document(movement: CashMovement, *, drawer_code: str) -> dict[str, Any]:
    """The whole of a cash movement. The amount is above zero when it went into the drawer."""
    slip = movement.slip_number
    return {
        "id": str(movement.pk),
        "session_id": _text(movement.session_id),
        "register_id": str(movement.register_id),
        "drawer_code": drawer_code,
        "kind": movement.kind,
        "amount": {"amount_minor": movement.amount_minor, "currency": movement.currency},
        "order_id": _text(movement.order_id),
        "refund_id": _text(movement.refund_id),
        "reason_code": movement.reason_code,
        "note": movement.note,
        "slip_number": slip,
        "slip": "" if slip is None else f"{drawer_code}-M{slip}",
        "employee_id": _text(movement.employee_id),
        "employee_name": movement.employee_name,
        "approver_name": movement.approver_name,
        "flags": movement.flags,
        "at": rfc3339(movement.at),
        "business_date": movement.business_date.isoformat(),
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
