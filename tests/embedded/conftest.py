"""A clone to try servers in: a folder the servers' user can reach, and a system state folder beside it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fynlo.embedded.processes import wait_until

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@dataclass(frozen=True)
class Clone:
    """An empty clone (`root`) and what stands for /var/lib/fynlo."""

    root: Path
    system_state: Path

    @property
    def state(self) -> Path:
        """Its state folder."""
        return self.root / ".fynlo"


@dataclass
class Keeper:
    """Another process of the clone that holds the servers; it ends when its standard input closes."""

    process: subprocess.Popen[str]

    def said(self) -> str:
        """The next line it says: JSON about its servers, or why there are none."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def about(self) -> dict[str, Any]:
        """What it says about its servers once they run."""
        found: dict[str, Any] = json.loads(self.said())
        return found

    def let_go(self) -> int:
        """Let it end in order; returns its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End it without any chance to tidy up."""
        self.process.kill()
        self.process.wait(PATIENCE)


@pytest.fixture
def clone() -> Iterator[Clone]:
    """A clone in a folder everybody may enter (pytest's own folders are closed when root runs the tests)."""
    folder = Path(tempfile.mkdtemp(prefix="fynlo-test-"))
    folder.chmod(0o755)
    root = folder / "clone"
    root.mkdir(mode=0o755)
    yield Clone(root, folder / "system")
    shutil.rmtree(folder)


@pytest.fixture
def environ() -> dict[str, str]:
    """An environment that names no server."""
    return {"PATH": os.environ["PATH"]}


@pytest.fixture
def keeper(clone: Clone) -> Iterator[Callable[..., Keeper]]:
    """`keeper("running")`: start the servers in another process; stopped at the end of the test."""
    started: list[Keeper] = []

    def start(mode: str = "running", **variables: str) -> Keeper:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.keeper", mode, str(clone.root), str(clone.system_state)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(Keeper(process))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
            one.process.wait(PATIENCE)
        for pipe in (one.process.stdin, one.process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


def becomes_true(condition: Callable[[], bool]) -> bool:
    """Whether a condition comes true while we are patient."""
    return wait_until(condition, seconds=PATIENCE)
