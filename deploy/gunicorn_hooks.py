"""What gunicorn does beside serving: its `--config`. The rest is on the command line in entrypoint.sh."""

import os
from typing import Any


def on_starting(_server: Any) -> None:
    """Refuse an unsafe start in the first process: a worker that refused would be started again and again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fynlo.settings")

    import django

    django.setup()

    from django.db import connections

    from fynlo.checks import refuse_unsafe_start

    refuse_unsafe_start()
    connections.close_all()  # workers are forked from here and must not share a connection


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that has ended no longer counts among those alive."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
