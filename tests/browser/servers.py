"""Servers of the walk's own, as the demo starts them: a merchant of the examples, two web processes, the relay."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fynlo.demo.programs import environment, listen, metrics_folder, programs
from fynlo.demo.supervisor import supervising
from fynlo.embedded.services import ROOT, Services, erased_afterwards, running

MERCHANT: Final = "docs/examples/grocer/merchant.yaml"


@contextmanager
def own_servers() -> Iterator[tuple[Services, Path]]:
    """PostgreSQL and Valkey in a folder that is removed; this process's environment names them.

    Nothing of Django may be set up before: settings read the environment once.
    """
    with tempfile.TemporaryDirectory(prefix="fynlo-browser-") as name, erased_afterwards(root=Path(name)):
        inherited = {key: value for key, value in os.environ.items() if "_URL" not in key}
        with running(root=Path(name), environ=inherited) as services:
            os.environ.update(services.environment())
            os.environ |= {
                "FYNLO_ENV": "development",
                "FYNLO_LOG_LEVEL": "WARNING",
                "DJANGO_SETTINGS_MODULE": "fynlo.settings",
            }
            yield services, Path(name)


def onboard() -> None:
    """Make the tables and the merchant."""
    for arguments in (("migrate",), ("onboard", MERCHANT)):
        finished = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if finished.returncode:
            raise SystemExit(f"manage.py {' '.join(arguments)}:\n{finished.stdout}{finished.stderr}")


@contextmanager
def serving(services: Services, folder: Path) -> Iterator[int]:
    """Two web processes and the relay on a free port."""
    listener = listen(0)
    port = int(listener.getsockname()[1])
    variables = environment(services=services, secrets={}, port=port, inherited=dict(os.environ))
    with supervising(environment=variables, folder=ROOT, log_folder=folder) as supervisor:
        for program in programs(listener=listener, state_folder=folder, metrics=metrics_folder(folder)):
            if program.name != "worker":
                supervisor.start(program)
        yield port
