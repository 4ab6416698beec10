"""bin/_install: skips what is done, redoes what was interrupted, and says what a machine lacks."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.conftest import ROOT

TOO_OLD = 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac'
WITHOUT_VENV = 'case "$2" in *print*) echo 3.12 ;; *ensurepip*) exit 1 ;; esac'
NO_PYTHON = (
    "Fynlo needs Python 3.11 or newer, and no python3 was found. "
    "Install it, or set FYNLO_PYTHON=/path/to/python3\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone without a .venv."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def install(root: Path, wanted: str, *, python: Path | str) -> tuple[int, str]:
    """Run bin/_install from somewhere else; returns exit code and what it says."""
    done = subprocess.run(
        [str(root / "bin" / "_install"), wanted],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "FYNLO_PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def script(path: Path, text: str) -> Path:
    """A stand-in for a Python of somebody's machine."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def pretend_installed(root: Path, *names: str) -> None:
    """Make a .venv whose stamp says that these locks are installed."""
    (root / ".venv" / "bin").mkdir(parents=True)
    script(root / ".venv" / "bin" / "python", f'exec "{sys.executable}" "$@"')
    text = (root / "bin" / "_install").read_text()
    program = text.split("<<'PYTHON'\n")[1].split("PYTHON\n")[0]
    lines = subprocess.run(
        [sys.executable, "-", str(root)], input=program, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    stamp = "".join(f"{line}\n" for line in lines if line.split()[0] in names)
    (root / ".venv" / "fynlo-installed").write_text(stamp)


def test_a_machine_without_a_suitable_python_is_told_what_it_lacks(root: Path, tmp_path: Path) -> None:
    assert install(root, "runtime", python="/nowhere/python3") == (4, NO_PYTHON)
    assert install(root, "runtime", python=script(tmp_path / "old", TOO_OLD)) == (
        4,
        "Fynlo needs Python 3.11 or newer; found only 3.9. Name another one with FYNLO_PYTHON=/path/to/python3\n",
    )
    assert install(root, "runtime", python=script(tmp_path / "bare", WITHOUT_VENV)) == (
        4,
        "Python 3.12 is here, but its venv module is not. On Debian or Ubuntu: apt install python3-venv\n",
    )


def test_nothing_happens_when_everything_is_there(root: Path) -> None:
    pretend_installed(root, "runtime", "all")
    assert install(root, "runtime", python="/nowhere/python3") == (0, "")
    assert install(root, "all", python="/nowhere/python3") == (0, "")
    assert not (root / ".fynlo").exists()


def test_a_demo_after_tests_and_tests_after_a_demo(root: Path) -> None:
    pretend_installed(root, "runtime")
    assert install(root, "runtime", python="/nowhere/python3") == (0, "")
    assert install(root, "all", python="/nowhere/python3")[0] == 4


@pytest.mark.parametrize("change", ["lock", "stamp", "python", "place"])
def test_what_does_not_fit_any_more_is_made_again(root: Path, change: str) -> None:
    pretend_installed(root, "runtime")
    if change == "lock":
        with (root / "requirements.txt").open("a") as lock:
            lock.write("# another lock\n")
    if change == "stamp":
        (root / ".venv" / "fynlo-installed").unlink()
    if change == "python":
        script(root / ".venv" / "bin" / "python", "exit 127")
    if change == "place":
        root = Path(shutil.move(root, root.with_name("moved")))
    assert install(root, "runtime", python="/nowhere/python3") == (4, NO_PYTHON)
