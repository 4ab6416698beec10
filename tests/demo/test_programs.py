"""What the demo's processes share is made anew, or it is said why not."""

import socket
from pathlib import Path

import pytest
from django.conf import settings

from fynlo.celery import app as celery
from fynlo.demo.errors import StepFailedError
from fynlo.demo.programs import metrics_folder, programs


def test_the_metrics_of_an_earlier_demo_are_gone(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").touch()
    assert metrics_folder(tmp_path) == {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics")}
    assert list((tmp_path / "metrics").iterdir()) == []


def test_metrics_that_cannot_be_emptied_are_named(tmp_path: Path) -> None:
    (tmp_path / "metrics").touch()  # what rmtree refuses to whoever runs the tests, root included
    with pytest.raises(StepFailedError) as caught:
        metrics_folder(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/metrics cannot be emptied (Not a directory). "
        "If another user ran the demo here, remove it as that user."
    )


def test_every_queue_has_a_worker(tmp_path: Path) -> None:
    used = {celery.conf.task_default_queue, *(to["queue"] for to in settings.CELERY_TASK_ROUTES.values())}
    with socket.socket() as listener:
        started = programs(listener=listener, state_folder=tmp_path, metrics={})
    worker = next(one.arguments for one in started if one.name == "worker")
    assert set(worker[worker.index("--queues") + 1].split(",")) == used
    entrypoint = (settings.BASE_DIR / "deploy" / "entrypoint.sh").read_text(encoding="utf-8")
    assert f'--queues "${{FYNLO_QUEUES:-{",".join(sorted(used))}}}"' in entrypoint


def test_what_waits_for_a_provider_keeps_nothing_else_waiting() -> None:
    celery.loader.import_default_modules()
    routes = {name: celery.amqp.router.route({}, name)["queue"].name for name in celery.tasks}
    slow = {name for name in routes if name.startswith("payments.")}
    assert {routes[name] for name in slow} == {"payments"}
    assert {queue for name, queue in routes.items() if name not in slow} == {"celery"}
    assert "payments.resolve_attempts" in slow
