"""The journals' background work."""

from uuid import UUID

from celery import shared_task

from fynlo.core import clock
from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import registry
from pos.registers.journal.services.checkpoints import sign_checkpoints as sign
from pos.registers.journal.services.signing import sign_what_was_told
from pos.registers.journal.services.technical import note_software
from pos.registers.journal.units import unit_name


@shared_task(base=TenantTask, name="pos.sign_checkpoints")
def sign_checkpoints(*, closed: list[str] | None = None) -> int:
    """Verify what came since the last checkpoint and sign it, once a day and register; note new software.

    Registers in `closed` (ids) are signed whatever the day. Safe to run as often as one likes. Returns how many
    registers were signed.
    """
    at = clock.now()
    note_software(at=at)
    return sign(at=at, closed={UUID(key) for key in closed or ()})


@shared_task(base=TenantTask, name="pos.sign_checkpoints_everywhere")
def sign_checkpoints_everywhere() -> int:
    """Send the task above to every live merchant. Returns to how many; beat starts it every hour."""
    tenants = registry.live_tenants()
    for tenant in tenants:
        sign_checkpoints.apply_async(headers={HEADER: tenant.schema_name})
    return len(tenants)


@shared_task(base=TenantTask, name="pos.sign_receipts")
def sign_receipts() -> int:
    """Have the merchant's signing unit sign what was recorded since the last time. Safe to run twice.

    Returns how many entries were signed; 0 where there is no unit.
    """
    unit = unit_name()
    return 0 if unit is None else sign_what_was_told(unit=unit, at=clock.now())
