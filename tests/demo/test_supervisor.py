"""Processes that belong together end together, in order, and leave nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fynlo.demo.errors import StepFailedError
from fynlo.demo.supervisor import StopRequested, StopRequests, supervising
from fynlo.embedded import processes
from tests.embedded.conftest import PATIENCE, ROOT, becomes_true


@dataclass
class Stand:
    """A supervisor in a process of its own."""

    process: subprocess.Popen[str]
    pids: list[int]
    folder: Path

    def ends(self) -> tuple[int, str]:
        """Its exit code and last words."""
        said, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said.strip()

    def all_gone(self) -> bool:
        """Whether none of its programs runs any more."""
        return becomes_true(lambda: all(processes.identity_of(pid) is None for pid in self.pids))


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Callable[[str], Stand]]:
    """`stand("polite")`: a supervisor whose programs are all up."""
    started: list[subprocess.Popen[str]] = []

    def start(case: str) -> Stand:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.demo.stand", str(tmp_path), case],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        word, *pids = process.stdout.readline().split()
        assert word == "up"
        return Stand(process, [int(pid) for pid in pids], tmp_path)

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_in_order(stand: Callable[[str], Stand], number: signal.Signals) -> None:
    running = stand("polite")
    running.process.send_signal(number)
    assert running.ends() == (0, f"stopped by {number.name}")
    assert (running.folder / "notes").read_text().split() == ["web", "relay", "worker"]
    assert running.all_gone()


def test_one_that_ends_by_itself_takes_the_others_along_and_is_named(stand: Callable[[str], Stand]) -> None:
    running = stand("polite")
    os.kill(running.pids[1], signal.SIGKILL)
    code, said = running.ends()
    assert code == 6
    assert said.splitlines() == [
        "relay ended unexpectedly (killed by SIGKILL).",
        "Its last lines:",
        "    relay is up",
        f"Its log is {running.folder}/relay.log.",
    ]
    assert (running.folder / "notes").read_text().split() == ["web", "worker"]
    assert running.all_gone()


def test_nothing_outlives_a_killed_supervisor(stand: Callable[[str], Stand]) -> None:
    running = stand("polite")
    running.process.kill()
    assert running.all_gone()


def test_a_second_signal_kills_what_does_not_want_to_end(stand: Callable[[str], Stand]) -> None:
    running = stand("stubborn")
    running.process.send_signal(signal.SIGINT)
    assert becomes_true((running.folder / "notes").exists)
    running.process.send_signal(signal.SIGINT)
    assert running.ends() == (0, "stopped by SIGINT")
    assert running.all_gone()


def test_a_step_gives_back_its_lines_or_says_why_it_failed(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "GREETING": "hello"}
    with supervising(environment=environment, folder=tmp_path, log_folder=tmp_path) as supervisor:
        assert supervisor.run("greet", ["/bin/sh", "-c", 'echo "$GREETING"; pwd']) == ["hello", str(tmp_path)]
        assert supervisor.run(
            "greet", ["/bin/sh", "-c", 'echo "$GREETING"'], environment={"GREETING": "hi"}
        ) == ["hi"]
        with pytest.raises(StepFailedError) as caught:
            supervisor.run("write", ["/bin/sh", "-c", "echo 'No space left on device' >&2; exit 3"])
    assert str(caught.value).splitlines() == [
        "The step “write” failed (exit code 3).",
        "It says: the disk is full; free some space and start again.",
        "Its last lines:",
        "    No space left on device",
        f"Its log is {tmp_path}/write.log.",
    ]
    assert (tmp_path / "greet.log.1").read_text().splitlines() == ["hello", str(tmp_path)]


def test_a_request_that_python_swallowed_is_not_forgotten(tmp_path: Path) -> None:
    class Swallows:
        def __del__(self) -> None:
            with pytest.raises(StopRequested):
                requests.make(signal.SIGTERM, None)

    requests = StopRequests()
    Swallows()
    with (
        pytest.raises(StopRequested, match="SIGTERM"),
        supervising(environment={}, folder=tmp_path, log_folder=tmp_path, requests=requests) as supervisor,
    ):
        supervisor.watch()
