"""What the sale of a gift card writes, in one transaction: value, payments, cash, books, journal, feed."""

from collections.abc import Sequence
from typing import Any, Final

from fynlo.core.clock import rfc3339
from fynlo.core.inserts import insert_rows
from fynlo.events.log import append
from payments.credit.documents import stored_value_document
from payments.credit.models import StoredValue
from payments.credit.queries import stored_value
from payments.credit.services import put_on
from payments.tenders.models import Payment
from payments.tenders.queries import TenderTerms
from pos.events import StoredValueSold
from pos.orders.services.value_sale_rows import (
    ValueSale,
    ValueSaleDraft,
    book_sale,
    into_drawer,
    record_late_value,
    sale_entry,
    sale_payments,
)
from pos.registers.journal.services import append_entries
from pos.registers.numbers import Numbers
from pos.registers.services.late import ClosedSession

CAUSE: Final = "sale"


def write_sale(
    sale: ValueSale, *, account: StoredValue, numbers: Numbers, late: ClosedSession | None
) -> dict[str, Any]:
    """Put it on the card and write everything about it; the sale's document. Register and card are locked.

    Raises `GiftCardState` for a card that is blocked or closed, `GiftCardFull`.
    """
    draft = sale.draft
    activity = put_on(
        account=account,
        amount_minor=draft.amount.minor,
        cause=CAUSE,
        cause_id=draft.id,
        occasion=sale.occasion,
    )
    payments = sale_payments(sale, account)
    insert_rows(payments)
    into_drawer(sale, payments, account, numbers)
    book_sale(sale, payments, account)
    entries = [sale_entry(sale, number, account, numbers) for number in range(len(payments))]
    append_entries(register_id=sale.place.id, drafts=entries, recorded_at=sale.recorded_at)
    if late is not None:
        record_late_value(sale, account, late)
    now = stored_value(account_id=account.pk)
    document = sale_document(draft, now, activity.kind, payments, sale.terms)
    append(StoredValueSold(entity_id=draft.id, at=sale.happened, sale=document))
    return document


def sale_document(
    draft: ValueSaleDraft,
    account: StoredValue,
    kind: str,
    payments: Sequence[Payment],
    terms: Sequence[TenderTerms],
) -> dict[str, Any]:
    """A sale as till and feed are told it."""

    def money(amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": draft.amount.currency}

    return {
        "id": str(draft.id),
        "kind": kind,
        "gift_card": stored_value_document(account),
        "amount": money(draft.amount.minor),
        "payments": [
            {
                "id": str(payment.id),
                "tender_type": each.code,
                "name": each.name,
                "amount": money(payment.amount_minor),
                "tendered": money(payment.tendered_minor),
                "change": money(payment.change_minor),
                "last4": payment.card_last4 or None,
                "reference": payment.reference or None,
            }
            for payment, each in zip(payments, terms, strict=True)
        ],
        "at": rfc3339(payments[0].at),
        "business_date": payments[0].business_date.isoformat(),
    }
