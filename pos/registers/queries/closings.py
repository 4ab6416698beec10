"""Closings as they are told: lists, one with its late section."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fynlo.core.clock import rfc3339
from fynlo.core.tenancy import current_tenant
from pos.registers.closing_documents import told
from pos.registers.models import Closing


def closings(
    *,
    register_id: UUID | None = None,
    location_id: UUID | None = None,
    business_date: dt.date | None = None,
) -> QuerySet[Closing]:
    """Z after Z, for lists, with their registers; late entries are told with their Z."""
    found = Closing.objects.filter(late_number=None).select_related("register").defer("document")
    if register_id is not None:
        found = found.filter(register_id=register_id)
    if location_id is not None:
        found = found.filter(register__location_id=location_id)
    return found if business_date is None else found.filter(business_date=business_date)


def closing(*, closing_id: UUID) -> Closing | None:
    """One Z (or late entry) with its register."""
    return Closing.objects.select_related("register").filter(pk=closing_id).first()


def late_entries(*, closing: Closing) -> list[Closing]:
    """What came late to a Z, in the order it came."""
    rows = Closing.objects.filter(
        register_id=closing.register_id, number=closing.number, late_number__isnull=False
    )
    return list(rows.select_related("register").order_by("late_number"))


def closing_head(closing: Closing) -> dict[str, Any]:
    """A Z without its figures. `register` is loaded."""
    currency = current_tenant().currency
    return {
        "id": str(closing.pk),
        "number": readable(closing),
        "register": {"id": str(closing.register_id), "code": closing.register.code},
        "session_id": None if closing.session_id is None else str(closing.session_id),
        "positions": {"from": closing.from_position, "to": closing.to_position},
        "grand_total": _money(closing.grand_total_minor, currency),
        "refund_total": _money(closing.refund_total_minor, currency),
        "digest": closing.digest,
        "employee_name": closing.employee_name,
        "at": rfc3339(closing.at),
        "business_date": closing.business_date.isoformat(),
    }


def closing_document(closing: Closing, *, late: Iterable[Closing]) -> dict[str, Any]:
    """A Z with its figures, and what came late to it with what is left of the variance then."""
    currency = current_tenant().currency
    entries = [entry.document for entry in late]
    cash = closing.document["cash"] or {}
    variance = cash.get("variance_minor")
    explained = sum(entry["cash_minor"] for entry in entries)
    section = {
        "count": len(entries),
        "total_minor": sum(entry["total_minor"] for entry in entries),
        "cash_minor": explained,
        "variance_minor": None if variance is None else variance - explained,
        "entries": entries,
    }
    return {
        **closing_head(closing),
        "document": told(closing.document, currency=currency),
        "late": told(section, currency=currency),
    }


def readable(closing: Closing) -> str:
    """The number people read: `K1-Z4`, `K1-Z4-L2`."""
    number = f"{closing.register.code}-Z{closing.number}"
    return number if closing.late_number is None else f"{number}-L{closing.late_number}"


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": minor, "currency": currency}
