"""Receipts are sent in the background. The network waits here only."""

import datetime as dt
from typing import Final
from uuid import UUID

from celery import shared_task

from fynlo.core import clock
from fynlo.core.sealing import CannotUnseal, unseal
from fynlo.core.tasks import TenantTask
from pos.purchasing.letters import post
from pos.receipts.letters import letter
from pos.receipts.queries import Asked, receipt_document
from pos.receipts.services.emails import tell_emailed, tell_failed, was_emailed

PAUSES: Final = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))
"""After each failure but the last, a letter is tried again so much later."""


@shared_task(base=TenantTask, name="pos.send_receipt")
def send_receipt(
    *, letter_id: str, order_id: str, sealed_to: str, origin: str, position: int, attempt: int = 1
) -> bool:
    """Send a receipt that was asked for at `position` of the feed. Returns whether it went out now.

    Safe to run twice: once it is told that it went out nothing happens, and until then mailboxes know a second copy
    by its `Message-ID`.
    """
    key, order = UUID(letter_id), UUID(order_id)
    if was_emailed(letter_id=key, after=position):
        return False
    try:
        to = unseal(sealed_to).decode()
    except CannotUnseal as error:
        tell_failed(letter_id=key, order_id=order, reason=str(error), at=clock.now())
        return False
    document = receipt_document(order_id=order, asked=Asked(origin=origin))
    failure = post(letter(letter_id=key, to=to, document=document))
    if failure is None:
        tell_emailed(letter_id=key, order_id=order, at=clock.now())
        return True
    if failure.is_final or attempt > len(PAUSES):
        tell_failed(letter_id=key, order_id=order, reason=failure.reason, at=clock.now())
        return False
    again = {"letter_id": letter_id, "order_id": order_id, "sealed_to": sealed_to, "origin": origin}
    send_receipt.apply_async(
        kwargs=again | {"position": position, "attempt": attempt + 1},
        countdown=PAUSES[attempt - 1].total_seconds(),
    )
    return False
