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
        "foreign": _foreign(movement),
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


def _foreign(movement: CashMovement) -> dict[str, Any] | None:
    """Notes of another currency, what they were worth, and at which rate; None for the merchant's own money."""
    if not movement.foreign_currency:
        return None
    return {
        "amount": {"amount_minor": movement.foreign_minor, "currency": movement.foreign_currency},
        "worth": {"amount_minor": movement.worth_minor, "currency": movement.currency},
        "rate": None if movement.foreign_rate is None else f"{movement.foreign_rate.normalize():f}",
    }


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
