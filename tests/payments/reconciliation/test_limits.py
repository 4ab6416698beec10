"""How long the background work of payments may take: less than the broker waits before it gives it out again."""

from typing import Any

from celery import Task
from django.conf import settings

from fynlo.celery import app
from payments.reconciliation.tasks import LONGEST

LONG = {"payments.reconcile_account", "payments.reconcile_due"}
_SPARE = 300


def ours() -> dict[str, Task]:
    """Every task of the payments app, by its name."""
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if name.startswith("payments.")}


def limit_of(task: Any) -> int:
    """Seconds after which the worker ends it."""
    return int(task.time_limit or app.conf.task_time_limit)


def test_a_long_run_is_ended_before_the_broker_gives_it_to_somebody_else() -> None:
    patience = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert app.conf.broker_transport_options["visibility_timeout"] == patience == 3600
    assert {name: limit_of(task) for name, task in ours().items() if limit_of(task) > patience - _SPARE} == {}
    assert all(task.acks_late for task in ours().values())  # what is ended half way is given out again


def test_what_lists_at_a_provider_may_take_longest_on_the_queue_of_payments() -> None:
    limits = {name: limit_of(task) for name, task in ours().items()}
    assert {name for name, seconds in limits.items() if seconds == LONGEST} == LONG
    assert limits["payments.resolve_attempts"] == settings.CELERY_TASK_TIME_LIMIT == 300
    assert {app.amqp.router.route({}, name)["queue"].name for name in LONG} == {"payments"}
