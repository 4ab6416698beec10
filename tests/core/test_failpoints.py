"""Places where a process dies when a test says so, and nowhere else."""

import os
import signal
import subprocess
import sys

import pytest

from fynlo.core.failpoints import reach

SCRIPT = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "fynlo.settings"
from fynlo.core.failpoints import reach
for _ in range(3):
    reach("attempt.begin.answered")
    print("alive", flush=True)
"""


@pytest.mark.parametrize(
    ("named", "lines", "code"),
    [
        ("", 3, 0),
        ("attempt.capture.answered", 3, 0),
        ("attempt.begin.answered", 0, -signal.SIGKILL),
        ("other,attempt.begin.answered@3", 2, -signal.SIGKILL),
    ],
    ids=["none", "another", "the first time", "the third time"],
)
def test_a_process_dies_where_it_is_named(named: str, lines: int, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "FYNLO_FAILPOINTS": named},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.count("alive"), done.returncode) == (lines, code), done.stderr


def test_nothing_happens_where_nothing_is_named() -> None:
    reach("attempt.begin.committed")
