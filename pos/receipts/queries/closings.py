"""X reports, Zs and late entries as papers: every figure of the closing's own document."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from fynlo.core.actors import Actor
from fynlo.core.errors import NotFound
from pos.receipts.around import Around, around
from pos.receipts.queries.closing_rows import sections
from pos.receipts.sheets import (
    LATE_ENTRY,
    X_REPORT,
    Z_REPORT,
    SheetDocument,
    SheetFact,
    SheetRow,
    SheetSection,
)
from pos.registers.models import Closing, Register
from pos.registers.queries.closings import closing
from pos.registers.services.x_reports import x_document

Stored = Mapping[str, Any]


def x_sheet(*, register_id: UUID, actor: Actor, at: dt.datetime) -> SheetDocument:
    """What a register did since its last Z. Where counting is blind it has no amounts. Raises `NotFound`."""
    stored = x_document(register_id=register_id, actor=actor, at=at)
    register = Register.objects.select_related("location").get(pk=register_id)
    return _report(stored, around(location=register.location), kind=X_REPORT)


def closing_sheet(*, closing_id: UUID) -> SheetDocument:
    """A Z, or a late entry of one. Raises `NotFound`."""
    found = closing(closing_id=closing_id)
    if found is None:
        raise NotFound("There is no such closing.")
    words = around(location=found.register.location)
    if found.late_number is not None:
        return _late(found, words)
    return _report(found.document, words, kind=Z_REPORT)


def _report(stored: Stored, words: Around, *, kind: str) -> SheetDocument:
    place = stored["location"]
    return SheetDocument(
        kind=kind,
        language=words.language,
        currency=stored["currency"],
        merchant=words.merchant,
        location=place["name"],
        address=tuple(place["address"]),
        tax_number=place["tax_number"],
        number=stored["number"],
        register=stored["register"]["name"],
        employee=stored["employee_name"],
        at=_local(stored["at"], words),
        business_date=dt.date.fromisoformat(stored["business_date"]),
        facts=tuple(_facts(stored, words)),
        sections=tuple(sections(stored)),
        is_signed=kind == Z_REPORT,
    )


def _facts(stored: Stored, words: Around) -> Iterator[SheetFact]:
    session, drawer, cash = stored["session"], stored["drawer"], stored["cash"]
    if drawer is not None:
        yield SheetFact(key="drawer", text=drawer["name"])
    if session is not None:
        yield SheetFact(key="opened", at=_local(session["opened_at"], words))
        if session["responsible_name"]:
            yield SheetFact(key="opened_by", text=session["responsible_name"])
    if stored["since"] is not None:
        yield SheetFact(key="last_closing", at=_local(stored["since"], words))
    if cash is not None and cash["approver_name"]:
        yield SheetFact(key="approved_by", text=cash["approver_name"])


def _late(row: Closing, words: Around) -> SheetDocument:
    stored: Stored = row.document
    figures = (
        SheetRow(text=stored["told"], amount_minor=stored["total_minor"]),
        SheetRow(key="cash", amount_minor=stored["cash_minor"]),
    )
    return SheetDocument(
        kind=LATE_ENTRY,
        language=words.language,
        currency=stored["currency"],
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        tax_number=words.tax_number,
        number=stored["number"],
        register=row.register.name,
        employee=stored["employee_name"],
        at=_local(stored["recorded_at"], words),
        business_date=row.business_date,
        facts=(
            SheetFact(key="z", text=stored["closing"]),
            SheetFact(key="happened", at=_local(stored["happened_at"], words)),
        ),
        sections=(SheetSection(key=stored["what"], rows=figures),),
    )


def _local(text: str, words: Around) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(words.zone)
