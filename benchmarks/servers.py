"""Servers of a benchmark's own, with durable settings, in a folder that is removed afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fynlo.embedded.services import Services, erased_afterwards, running


@contextmanager
def own_servers() -> Iterator[tuple[Services, Path]]:
    """PostgreSQL and Valkey for the length of the `with`, and their folder; this process's environment names them.

    Nothing of Django may be set up before: settings read the environment once.
    """
    with tempfile.TemporaryDirectory(prefix="fynlo-benchmark-") as name, erased_afterwards(root=Path(name)):
        inherited = {key: value for key, value in os.environ.items() if "_URL" not in key}
        with running(root=Path(name), environ=inherited) as services:
            os.environ.update(services.environment())
            os.environ |= {
                "FYNLO_ENV": "development",
                "FYNLO_LOG_LEVEL": "WARNING",
                "DJANGO_SETTINGS_MODULE": "fynlo.settings",
            }
            yield services, Path(name)
