"""Background work: `celery -A fynlo.celery worker`. Every task runs inside the tenant of its message."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, task_postrun, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

from fynlo.core.tasks import HEADER, TenantTask
from fynlo.core.tenancy import PLATFORM_SCHEMA

app = Celery("fynlo", task_cls=TenantTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# What beat starts runs on the platform, and sends one task to each merchant where it concerns them.
_PLATFORM = {"headers": {HEADER: PLATFORM_SCHEMA}}
app.conf.beat_schedule = {
    "forget idempotency keys": {
        "task": "api.forget_idempotency_keys_everywhere",
        "schedule": 3600.0,
        "options": _PLATFORM,
    },
    "settle stock": {
        "task": "pos.settle_stock_everywhere",
        "schedule": 300.0,
        "options": _PLATFORM,
    },
    "finish stock files": {
        "task": "pos.finish_stock_files_everywhere",
        "schedule": 60.0,
        "options": _PLATFORM,
    },
    "send purchase e-mails": {
        "task": "pos.send_purchase_emails_everywhere",
        "schedule": 60.0,
        "options": _PLATFORM,
    },
    "release reservations": {
        "task": "pos.release_reservations_everywhere",
        "schedule": 60.0,
        "options": _PLATFORM,
    },
    "sign checkpoints": {
        "task": "pos.sign_checkpoints_everywhere",
        "schedule": crontab(minute=23),
        "options": _PLATFORM,
    },
    "audit stock": {
        "task": "pos.audit_stock_everywhere",
        "schedule": crontab(hour=3, minute=17),
        "options": _PLATFORM,
    },
    "resolve payments": {
        "task": "payments.resolve_attempts_everywhere",
        "schedule": 10.0,
        "options": _PLATFORM,
    },
    "measure unknown payments": {
        "task": "payments.measure_unknown_everywhere",
        "schedule": 60.0,
        "options": _PLATFORM,
    },
    "check payment accounts": {
        "task": "payments.check_connections_everywhere",
        "schedule": 1800.0,
        "options": _PLATFORM,
    },
    "release gift cards": {
        "task": "payments.release_gift_cards_everywhere",
        "schedule": 60.0,
        "options": _PLATFORM,
    },
    "lapse gift cards": {
        "task": "payments.lapse_gift_cards_everywhere",
        "schedule": crontab(hour=2, minute=47),
        "options": _PLATFORM,
    },
    "watch expiry": {
        "task": "pos.watch_expiry_everywhere",
        "schedule": crontab(minute=11),
        "options": _PLATFORM,
    },
    "handle what vendors said": {
        "task": "payments.handle_inbound_due_everywhere",
        "schedule": 30.0,
        "options": _PLATFORM,
    },
    "forget what vendors said": {
        "task": "payments.forget_inbound_everywhere",
        "schedule": crontab(hour=3, minute=17),
        "options": _PLATFORM,
    },
    "go on reconciling": {
        "task": "payments.reconcile_due_everywhere",
        "schedule": 60.0,
        "options": _PLATFORM,
    },
    "reconcile": {
        "task": "payments.reconcile_everywhere",
        "schedule": crontab(hour=4, minute=41),
        "options": _PLATFORM,
    },
}


@setup_logging.connect
def _configure_logging(**_: Any) -> None:
    from fynlo.observability.logging import configure

    configure()


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_start(**_: Any) -> None:
    from fynlo.checks import refuse_unsafe_start

    refuse_unsafe_start()


@task_postrun.connect
def _leave(task: Any, **_: Any) -> None:
    from fynlo.core.tenancy import leave

    if not task.request.is_eager:
        leave()
