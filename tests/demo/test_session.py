"""The whole demo, from nothing to serving and back: what ends it is said, and nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fynlo.demo.web import Site
from fynlo.embedded import processes, services
from tests.embedded.conftest import ROOT, Clone, clone, environ

__all__ = ["clone", "environ"]
pytestmark = pytest.mark.serial

PATIENCE = 300.0
PARTS = (
    "docs",
    "fynlo",
    "manage.py",
    "payments",
    "plugins",
    "pos",
    "requirements.txt",
    "staff",
    "sync",
    "tenants",
)
START = """
import sys
from pathlib import Path
from fynlo.demo.__main__ import say
from fynlo.demo.session import Wishes, run_demo
sys.exit(run_demo(Wishes(root=Path(sys.argv[1]), port=int(sys.argv[2]), is_fresh=False, is_check=False, say=say)))
"""


@dataclass
class Demo:
    """A demo in a process of its own."""

    process: subprocess.Popen[str]
    port: int
    state: Path

    def page(self) -> str:
        """What it says until it serves."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("====") and len(lines) > 1 and any("Fynlo is up" in said for said in lines):
                break
        return "".join(lines)

    def end(self) -> tuple[int, str]:
        """Its exit code and what it says after the page."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said

    def pids(self) -> list[int]:
        """All processes it has started and that still run."""
        return [
            int(folder.name)
            for folder in Path("/proc").iterdir()
            if folder.name.isdigit() and _belongs_to(folder, self.state)
        ]


def _belongs_to(folder: Path, state: Path) -> bool:
    try:
        about = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
    except OSError:
        return False
    return os.fsencode(state) in about


@pytest.fixture
def demo(clone: Clone) -> Iterator[Callable[..., Demo]]:
    """`demo()`: a demo with data of its own that runs this code."""
    for part in PARTS:
        (clone.root / part).symlink_to(ROOT / part)
    started: list[subprocess.Popen[str]] = []

    def start(*, port: int = 0) -> Demo:
        chosen = port or _free_port()
        process = subprocess.Popen(
            [sys.executable, "-c", START, str(clone.root), str(chosen)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return Demo(process, chosen, clone.state)

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def nothing_left(demo: Demo) -> bool:
    """Whether every process of the demo ends."""
    return processes.wait_until(lambda: not demo.pids(), seconds=60)


def test_from_nothing_to_serving_and_back(clone: Clone, demo: Callable[..., Demo]) -> None:
    first = demo()
    page = first.page()
    assert "Migrating the database\n" in page
    assert f"http://cafe.localhost:{first.port}/admin/" in page
    assert f"curl -H 'Host: cafe.localhost' http://127.0.0.1:{first.port}/health/ready" in page
    assert Site("boutique.localhost", first.port).is_ready()
    assert len(first.pids()) >= 5

    second = demo()
    code, said = second.end()
    assert code == 3
    assert f"already runs from this folder (process {first.process.pid})" in said
    assert first.process.poll() is None

    data = services.find_running(root=clone.root)
    assert data is not None
    os.kill(int((clone.state / "data" / "pg" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    code, said = first.end()
    assert code == 6
    assert said.startswith("PostgreSQL ended unexpectedly (killed by SIGKILL).\nIts last lines:\n")
    assert said.endswith("Everything else was stopped.\n")
    assert nothing_left(first)

    third = demo()
    page = third.page()
    assert "Migrating" not in page
    assert "Onboarding" not in page
    again = services.find_running(root=clone.root)
    assert again is not None
    assert again.data_id == data.data_id
    assert Site("cafe.localhost", third.port).is_ready()
    third.process.send_signal(signal.SIGINT)
    assert third.end() == (0, "Stopped; nothing is left running.\n")
    assert nothing_left(third)

    fourth = demo()
    fourth.page()
    fourth.process.kill()
    assert nothing_left(fourth)


def test_a_taken_port_is_said_before_anything_starts(clone: Clone, demo: Callable[..., Demo]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = demo(port=port).end()
    assert code == 3
    assert (
        said
        == f"Port {port} cannot be used (Address already in use). Choose another one: bin/demo --port {port + 1}\n"
    )
    assert not clone.state.exists()


def test_the_demo_refuses_production(clone: Clone) -> None:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://db.example/fynlo"}
    done = subprocess.run(
        [sys.executable, "-c", START, str(clone.root), "8000"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    assert "say FYNLO_ENV=development to run the demo on your own servers" in done.stdout


def test_a_start_that_is_interrupted_leaves_nothing(clone: Clone, demo: Callable[..., Demo]) -> None:
    starting = demo()
    assert starting.process.stdout is not None
    for line in starting.process.stdout:
        if line == "Migrating the database\n":
            break
    starting.process.send_signal(signal.SIGINT)
    assert starting.end() == (128 + signal.SIGINT, "Stopped; nothing is left running.\n")
    assert nothing_left(starting)
    assert services.find_running(root=clone.root) is None
