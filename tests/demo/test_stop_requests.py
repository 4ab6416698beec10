"""A stop signal that comes while a child is being made is remembered, not raised into the fork."""

import os
import signal
import subprocess
from collections import UserDict
from typing import Any

import pytest

from fynlo.demo.supervisor import StopRequested, StopRequests, stop_requests
from fynlo.embedded import processes


class Interrupting(UserDict[str, str]):
    """An environment that brings a Ctrl-C just when it is read for the child."""

    def keys(self) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return super().keys()


def test_a_signal_while_a_child_is_made_waits_for_the_next_look() -> None:
    with stop_requests() as requests:
        child = processes.spawn(["true"], environment=Interrupting(), output=subprocess.DEVNULL)
        assert child.wait() == 0
        with pytest.raises(StopRequested, match="SIGINT"):
            requests.check()


def test_a_signal_at_any_other_moment_is_raised_at_once() -> None:
    with stop_requests(), pytest.raises(StopRequested, match="SIGINT"):
        os.kill(os.getpid(), signal.SIGINT)


def test_no_signal_is_no_request() -> None:
    assert StopRequests().check() is None
