"""Reservations of gift cards end, cards lapse, and every night balances, activities and books are compared."""

from typing import Any, Final
from uuid import UUID

import structlog
from celery import current_app, shared_task

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.errors import DomainError
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from payments.credit.queries.values_audit import value_differences
from payments.credit.services import (
    begin_import,
    expire_reservations,
    import_staged,
    lapse_values,
    record_failure,
)

log = structlog.get_logger("fynlo.gift_cards")

LONGEST: Final = 1800
"""Seconds an import may take: thousands of PINs are hashed one after the other. Below the broker's hour."""


def hand_over_import(*, import_id: UUID, actor: Actor) -> None:
    """Have a file that was sent imported in the background; the message has no code in it.

    Nobody waits for a provider here, so it is not in their queue. Raises `GiftCardImportBusy` and `NotFound`.
    """
    begin_import(import_id=import_id, actor=actor)
    by = {
        "kind": actor.kind,
        "id": str(actor.id) if actor.id else None,
        "name": actor.name,
        "employee_id": str(actor.employee_id) if actor.employee_id else None,
        "permissions": sorted(actor.permissions & {"gift_cards.manage"}),
    }
    kwargs = {"import_id": str(import_id), "by": by}
    import_gift_cards.apply_async(kwargs=kwargs, queue=current_app.conf.task_default_queue)


@shared_task(base=TenantTask, name="payments.import_gift_cards", time_limit=LONGEST)
def import_gift_cards(*, import_id: str, by: dict[str, Any]) -> int:
    """Import a file that was sent, all or nothing, for somebody who may. Returns how many cards it has.

    Safe to run twice: what a worker hashed of it before it was killed is gone on from. A refusal is kept where the
    page of the file finds it.
    """
    key = UUID(import_id)
    actor = Actor(
        kind=by["kind"],
        id=UUID(by["id"]) if by["id"] else None,
        name=by["name"],
        employee_id=UUID(by["employee_id"]) if by.get("employee_id") else None,
        permissions=frozenset(by["permissions"]),
    )
    try:
        return import_staged(import_id=key, actor=actor, at=clock.now()).rows_count
    except DomainError as error:
        record_failure(import_id=key, detail=error.detail)
        return 0


@shared_task(base=TenantTask, name="payments.release_gift_cards")
def release_gift_cards() -> int:
    """Let go what was kept for tills until now. Returns how many; safe to run twice and beside sales."""
    return expire_reservations(at=clock.now())


@shared_task(base=TenantTask, name="payments.lapse_gift_cards")
def lapse_gift_cards() -> int:
    """Close cards whose last day is over, then look whether everything agrees. Returns how many were closed."""
    closed = lapse_values(at=clock.now())
    for each in value_differences():
        log.error(
            "gift_cards_differ",
            what=each.what,
            account_id=None if each.account_id is None else str(each.account_id),
            kept_minor=each.kept_minor,
            found_minor=each.found_minor,
        )
    return closed


@shared_task(base=TenantTask, name="payments.release_gift_cards_everywhere")
def release_gift_cards_everywhere() -> int:
    """Send the first task to every live merchant. Returns to how many; beat starts it every minute."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        release_gift_cards.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)


@shared_task(base=TenantTask, name="payments.lapse_gift_cards_everywhere")
def lapse_gift_cards_everywhere() -> int:
    """Send the second task to every live merchant. Returns to how many; beat starts it every night."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        lapse_gift_cards.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)
