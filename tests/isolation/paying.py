"""What a merchant has of payments, for the isolation walk: an account, a reader, an attempt that is open."""

import datetime as dt
from typing import Any
from uuid import UUID

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import current_tenant


def keep_payments(word: str, *, order_id: UUID, at: dt.datetime) -> dict[str, Any]:
    """Rows of gateways full of `word`; their keys by kind."""
    from payments.gateways.models import GatewayRefund
    from payments.gateways.services import (
        AttemptDraft,
        ConnectionDraft,
        ReaderDraft,
        attach_signature,
        drive_attempt,
        save_connection,
        save_reader,
        start_attempt,
    )
    from payments.gateways.signatures import drawn

    account = ConnectionDraft(
        id=new_id(), gateway="card_machine", name=word, account=word, settings={"note": word}
    )
    connection = save_connection(draft=account, actor=SYSTEM, at=at)
    reader = ReaderDraft(id=new_id(), connection_id=connection.pk, vendor_id=word, name=word)
    save_reader(draft=reader, actor=SYSTEM)
    asked = AttemptDraft(
        id=new_id(),
        order_id=order_id,
        connection_id=connection.pk,
        tender_type="card",
        channel="manual",
        amount=Money(700, current_tenant().currency),
        reference=word,
    )
    start_attempt(draft=asked, actor=SYSTEM, at=at)
    drive_attempt(attempt_id=asked.id, at=at)
    signed = drawn([((0, 0), (400, 300)), ((0, 300), (400, 0))])
    attach_signature(attempt_id=asked.id, signature=signed, actor=SYSTEM, at=at)
    owed = GatewayRefund.objects.create(
        attempt_id=asked.id,
        amount_minor=700,
        currency=current_tenant().currency,
        state="failed",
        key=word,
        reason=word,
        failure_text=word,
        at=at,
        business_date=at.date(),
    )
    return {
        "gateway_refund": owed.pk,
        "payment_connection": connection.pk,
        "payment_reader": reader.id,
        "payment_attempt": asked.id,
    }
