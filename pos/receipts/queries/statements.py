"""The statement of a house account on paper."""

import datetime as dt
from typing import Final
from uuid import UUID

from fynlo.core.tenancy import current_tenant
from payments.credit.queries import house_account
from payments.credit.statements import CHARGE, PAYMENT, REFUND
from payments.tenders.house_entries import statement_of
from pos.receipts.around import around
from pos.receipts.renderers.labels import labels_for
from pos.receipts.sheets import STATEMENT, SheetDocument, SheetFact, SheetRow, SheetSection
from pos.registers.models import Location

_TERMS: Final = {CHARGE: "charged", PAYMENT: "paid", REFUND: "refund"}


def statement_sheet(*, house_id: UUID, first: dt.date, last: dt.date, at: dt.datetime) -> SheetDocument:
    """What an account was charged and paid from `first` to `last`, both in it. Raises `NotFound`."""
    statement = statement_of(account=house_account(account_id=house_id), first=first, last=last)
    tenant = current_tenant()
    place = Location.objects.filter(is_active=True).order_by("code").first()
    words = around(location=place or Location(name=tenant.name, time_zone=tenant.time_zone))
    labels = labels_for(words.language)
    entries = tuple(
        SheetRow(
            text=f"{line.entry.business_date.strftime(labels.date)} {labels.term(_TERMS[line.entry.kind])}",
            amount_minor=line.entry.amount_minor,
        )
        for line in statement.lines
    )
    days = f"{first.strftime(labels.date)} – {last.strftime(labels.date)}"
    return SheetDocument(
        kind=STATEMENT,
        language=words.language,
        currency=statement.currency,
        merchant=words.merchant,
        location=words.location,
        address=words.address,
        tax_number=words.tax_number,
        number=statement.code,
        register="",
        employee="",
        at=at.astimezone(words.zone),
        business_date=at.astimezone(words.zone).date(),
        facts=(SheetFact(key="account", text=statement.name), SheetFact(key="period", text=days)),
        sections=(
            SheetSection(
                key="balance",
                rows=(
                    SheetRow(key="opening_balance", amount_minor=statement.opening_minor, is_sum=True),
                    *entries,
                    SheetRow(key="closing_balance", amount_minor=statement.closing_minor, is_sum=True),
                ),
            ),
        ),
    )
