"""One step of ours in a process of its own, which is killed where a failpoint says."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

import datetime as dt
import multiprocessing
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection

from fynlo.core.tenancy import platform_context, tenant_context
from fynlo.events.log import unit_of_work
from payments.gateways import services
from payments.webhooks.services import receive_for_merchant
from tenants.models import Tenant

Step = Callable[..., Any]

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def plan(*, at: dt.datetime, **facts: Any) -> None:
    """Decide a refund and send it, as the till's request does."""
    with unit_of_work():
        refund = services.plan_refund(at=at, part_id=None, reason="cold", business_date=at.date(), **facts)
    services.send_refund(refund_id=refund.pk, at=at)


STEPS: dict[str, Step] = {
    "start": services.start_attempt,
    "drive": services.drive_attempt,
    "look": services.look_at_attempt,
    "increment": services.increment_attempt,
    "capture": services.capture_attempt,
    "cancel": services.cancel_attempt,
    "type_slip": services.type_slip,
    "refund": plan,
    "bell": receive_for_merchant,
    "sweep": services.resolve_due,
}


def run(step: str, *, name: str, failpoint: str, keys: dict[str, str], facts: dict[str, Any]) -> int:
    """Run a step in database `name` until it ends or reaches `failpoint`; its exit code, or minus a signal."""
    process = _context.Process(target=_run, args=(step, name, failpoint, keys, facts))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _run(step: str, name: str, failpoint: str, keys: dict[str, str], facts: dict[str, Any]) -> None:
    settings.FYNLO_FAILPOINTS = [failpoint]
    for key, value in keys.items():
        setattr(settings, key, value)
    connection.settings_dict["NAME"] = name
    try:
        with platform_context():
            tenant = Tenant.objects.get(slug="cafe")
        with tenant_context(tenant):
            STEPS[step](**facts)
    finally:
        connection.close()
