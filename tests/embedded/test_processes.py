"""Processes are recognised beyond their number, and end with their parent."""

import os
import signal
import subprocess
import sys
import textwrap

from fynlo.embedded import processes
from tests.embedded.conftest import ROOT, becomes_true

ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


def python(code: str, **options: object) -> "subprocess.Popen[bytes]":
    """A child that runs this code."""
    return processes.spawn(
        [sys.executable, "-c", textwrap.dedent(code)],
        environment=ENVIRONMENT,
        output=subprocess.DEVNULL,
        **options,  # type: ignore[arg-type]
    )


def test_a_number_with_another_beginning_is_another_process() -> None:
    child = python("input()", stdin=subprocess.PIPE)
    identity = processes.identity_of(child.pid)
    assert identity is not None
    assert processes.is_alive(identity)
    assert not processes.is_alive(processes.Identity(child.pid, "1"))
    assert child.stdin is not None
    child.stdin.close()
    child.wait()
    assert processes.identity_of(child.pid) is None
    assert not processes.is_alive(identity)


def test_a_zombie_is_not_alive() -> None:
    child = python("pass")
    assert becomes_true(lambda: processes.identity_of(child.pid) is None)
    child.wait()


def test_a_child_that_ignores_the_first_signal_gets_the_next() -> None:
    reading, writing = os.pipe()
    child = python(
        f"""
        import os, signal, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write({writing}, b"ready")
        time.sleep(600)
        """,
        pass_fds=[writing],
    )
    os.close(writing)
    assert os.read(reading, 5) == b"ready"
    os.close(reading)
    processes.stop(child, steps=((signal.SIGTERM, 0.2),))
    assert child.returncode == -signal.SIGKILL


def test_stopping_ends_the_grandchildren_too() -> None:
    reading, writing = os.pipe()
    child = python(
        f"""
        import os, signal, subprocess, sys
        grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        os.write({writing}, str(grandchild.pid).encode())
        signal.pause()
        """,
        pass_fds=[writing],
    )
    os.close(writing)
    grandchild = int(os.read(reading, 20))
    os.close(reading)
    processes.stop(child, steps=((signal.SIGTERM, 10.0),))
    assert becomes_true(lambda: processes.identity_of(grandchild) is None)


def test_a_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                """
                import os, signal, subprocess, sys
                from fynlo.embedded import processes
                child = processes.spawn(
                    [sys.executable, "-c", "import time; time.sleep(600)"],
                    environment=os.environ, output=subprocess.DEVNULL,
                )
                print(child.pid, flush=True)
                signal.pause()
                """
            ),
        ],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert becomes_true(lambda: processes.identity_of(child) is None)
