"""The slip of a gift card or a store credit: what happened to it and what is left, or only what is on it."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from fynlo.core.clock import business_date
from fynlo.core.errors import NotFound
from payments.credit.kinds import (
    ADJUST_DECREMENT,
    ADJUST_INCREMENT,
    DEACTIVATE,
    TRANSFER_FROM,
    TRANSFER_TO,
    UNLINKED_REFUND,
)
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.queries import stored_value
from pos.receipts.around import around
from pos.receipts.sheets import VALUE_SLIP, SheetDocument, SheetFact, SheetRow, SheetSection
from pos.registers.models import Location, Register

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        UNLINKED_REFUND: "refund",
        ADJUST_INCREMENT: "correction",
        ADJUST_DECREMENT: "correction",
        TRANSFER_FROM: "transfer",
        TRANSFER_TO: "transfer",
        DEACTIVATE: "closed",
    }
)
"""Kinds of activity whose word on paper is another's."""


def value_slip(
    *, account_id: UUID, cause_id: UUID | None, register_id: UUID | None, at: dt.datetime
) -> SheetDocument:
    """What `cause_id` (its sale, a payment, a refund, a request) did to it; without one what is on it now.

    The balance is that after it, and of the code there are its last characters. The shop is that of the register
    where it happened, else of `register_id`. Raises `NotFound`.
    """
    account = stored_value(account_id=account_id)
    row = None if cause_id is None else _caused(account, cause_id)
    register = _register(register_id if row is None or row.register_id is None else row.register_id)
    location = register.location if register is not None else Location.objects.order_by("code")[0]
    words = around(location=location)
    happened = at if row is None else row.at
    return SheetDocument(
        kind=VALUE_SLIP,
        language=words.language,
        currency=account.currency,
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        tax_number=words.tax_number,
        number=f"*{account.shown}",
        register="" if register is None else register.name,
        employee="" if row is None else row.employee_name,
        at=happened.astimezone(words.zone),
        business_date=_day(location, at) if row is None else row.business_date,
        facts=_facts(account, row),
        sections=(SheetSection(key=account.kind, rows=_rows(account, row)),),
    )


def _caused(account: StoredValue, cause_id: UUID) -> ValueActivity:
    row: ValueActivity | None = account.activities.filter(cause_id=cause_id).order_by("-id").first()
    if row is None:
        raise NotFound("Nothing of this id happened to the gift card.")
    return row


def _facts(account: StoredValue, row: ValueActivity | None) -> tuple[SheetFact, ...]:
    facts = []
    if account.expires_on is not None:
        facts.append(SheetFact(key="valid_until", day=account.expires_on))
    if row is not None and row.reason:
        facts.append(SheetFact(key="reason", text=row.reason))
    return tuple(facts)


def _rows(account: StoredValue, row: ValueActivity | None) -> tuple[SheetRow, ...]:
    if row is None:
        left = account.balance_minor - account.overdrawn_minor
        return (SheetRow(key="balance", amount_minor=left, is_sum=True),)
    return (
        SheetRow(key=_WORDS.get(row.kind, row.kind), amount_minor=row.amount_minor),
        SheetRow(key="balance", amount_minor=row.balance_minor - row.overdrawn_minor, is_sum=True),
    )


def _register(register_id: UUID | None) -> Register | None:
    if register_id is None:
        return None
    found: Register | None = Register.objects.select_related("location").filter(pk=register_id).first()
    return found


def _day(location: Location, at: dt.datetime) -> dt.date:
    return business_date(at=at, time_zone=location.time_zone, cut_off=location.cut_off)
