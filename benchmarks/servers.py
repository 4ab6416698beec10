"""Servers of a benchmark of its own, durable, in a folder that is removed afterwards; and who asks them."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.report import ROOT
from fynlo.demo.programs import environment, listen, metrics_folder, programs
from fynlo.demo.supervisor import supervising
from fynlo.embedded.providers import postgres_programs
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


def manage(*arguments: str) -> None:
    """Run a command of the project; its output matters only when it fails."""
    finished = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}:\n{finished.stdout}{finished.stderr}")


def pgbench(
    services: Services, files: list[Path], *, clients: int, seconds: int, options: tuple[str, ...] = ()
) -> list[float]:
    """Latencies in ms of the statements alone; the schema is the café's until they say otherwise."""
    program = next(iter(postgres_programs(os.environ))).executable.parent / "pgbench"
    url = urlsplit(services.database_url)
    with tempfile.TemporaryDirectory(prefix="fynlo-pgbench-") as folder:
        command = [
            *(os.fspath(program), "--no-vacuum", "--client", str(clients), "--jobs", str(min(clients, 2))),
            *options,
            *("--time", str(seconds), "--log", "--log-prefix", f"{folder}/latency"),
            *(part for path in files for part in ("--file", os.fspath(path))),
            *("--host", str(url.hostname), "--port", str(url.port), "--username", str(url.username)),
            url.path.removeprefix("/"),
        ]
        finished = subprocess.run(
            command,
            env={
                **os.environ,
                "PGPASSWORD": str(url.password),
                "PGOPTIONS": "-c search_path=t_cafe,extensions",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        failed = re.search(r"number of failed transactions: (\d+)", finished.stdout)
        if finished.returncode or (failed and failed.group(1) != "0"):
            raise SystemExit(f"pgbench: {finished.stdout}\n{finished.stderr[:3000]}")
        lines = [line.split() for path in Path(folder).iterdir() for line in path.read_text().splitlines()]
    return [int(line[2]) / 1000 for line in lines]


def load(job: dict[str, Any]) -> dict[str, Any]:
    """What one run of the load client measured."""
    finished = subprocess.run(
        [sys.executable, "benchmarks/client.py"],
        cwd=ROOT,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise SystemExit(f"the load client failed:\n{finished.stderr}")
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


@contextmanager
def serving(services: Services, folder: Path) -> Iterator[int]:
    """Two web processes and the relay on a free port."""
    listener = listen(0)
    port = listener.getsockname()[1]
    variables = environment(services=services, secrets={}, port=port, inherited=dict(os.environ))
    with supervising(environment=variables, folder=ROOT, log_folder=folder, servers=()) as supervisor:
        for program in programs(listener=listener, state_folder=folder, metrics=metrics_folder(folder)):
            if program.name != "worker":
                supervisor.start(program)
        yield port
