"""Letters to suppliers are sent in the background."""

from uuid import UUID

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.purchasing.letters import letter, post
from pos.purchasing.queries.papers import order_paper
from pos.purchasing.queries.records import whole_order
from pos.purchasing.services.emails import claim_email, due_emails, mark_failed, mark_sent

log = structlog.get_logger("fynlo.pos")


def hint(email_id: UUID) -> None:
    """Have a letter sent now. Called after COMMIT; never raises, for the sweep finds what was not heard."""
    try:
        send_purchase_email.apply_async(kwargs={"email_id": str(email_id)})
    except OperationalError as error:
        log.warning("email_hint_failed", error=type(error).__name__)


@shared_task(base=TenantTask, name="pos.send_purchase_email")
def send_purchase_email(*, email_id: str) -> bool:
    """Send a letter that is due and nobody else is sending. Safe to run twice. Returns whether it went out."""
    return _send(UUID(email_id))


@shared_task(base=TenantTask, name="pos.send_purchase_emails")
def send_purchase_emails() -> int:
    """Send whatever letter is due: those whose hint was lost, and those to be tried again. Returns how many."""
    sent = 0
    for key in due_emails(at=clock.now()):
        sent += _send(key)
    return sent


@shared_task(base=TenantTask, name="pos.send_purchase_emails_everywhere")
def send_purchase_emails_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every minute."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        send_purchase_emails.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)


def _send(key: UUID) -> bool:
    email = claim_email(email_id=key, at=clock.now())
    if email is None:
        return False
    document = order_paper(whole_order(order_id=email.order_id))
    failure = post(letter(email=email, document=document))
    if failure is None:
        mark_sent(email_id=key, at=clock.now())
    else:
        mark_failed(email_id=key, failure=failure, at=clock.now())
    return failure is None
