"""What `bin/test` runs, step by step; the first step that fails ends the run and names itself.

    bin/test                      everything
    bin/test tests/core -k money  only pytest, with these arguments

Where DATABASE_URL or REDIS_URL are unset, a throw-away PostgreSQL and Valkey run for the length of it.
"""

import difflib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fynlo.embedded.errors import EmbeddedError
from fynlo.embedded.services import throw_away

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "docs" / "openapi.yaml"
PYTHON = sys.executable
MOST_WORKERS = 8
NO_TESTS_COLLECTED = 5
NO_SERVERS = 4


def command(*arguments: str) -> Callable[[], int]:
    """A step that is one command; its exit code is the step's."""
    return lambda: subprocess.run(arguments, cwd=ROOT, check=False).returncode


def python(module: str, *arguments: str) -> Callable[[], int]:
    """A step that runs a module with the project's Python."""
    return command(PYTHON, "-m", module, *arguments)


def manage(*arguments: str) -> Callable[[], int]:
    """A step that runs a command of manage.py."""
    return command(PYTHON, "manage.py", *arguments)


def openapi_snapshot() -> int:
    """Generate the API's description and compare it with the one in docs/."""
    with tempfile.TemporaryDirectory() as folder:
        generated = Path(folder, "openapi.yaml")
        spectacular = manage("spectacular", "--validate", "--fail-on-warn", "--file", str(generated))
        if spectacular() != 0:
            return 1
        new = generated.read_text(encoding="utf-8")
    old = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    if new == old:
        return 0
    difference = difflib.unified_diff(
        old.splitlines(), new.splitlines(), "docs/openapi.yaml", "generated", lineterm=""
    )
    print("\n".join(list(difference)[:100]))
    print("The API differs from its snapshot. Is that meant? Then write it and commit it with the change:")
    print("    .venv/bin/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml")
    return 1


def parallel_tests() -> int:
    """All tests that share the machine: one process more than cores, for some always wait for a server."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    workers = min(MOST_WORKERS, cores + 1)
    return python("pytest", "-n", str(workers), "--dist", "loadscope", "-m", "not serial")()


def serial_tests() -> int:
    """The tests that need the machine for themselves, one after the other."""
    code = python("pytest", "-m", "serial")()
    return 0 if code == NO_TESTS_COLLECTED else code


STEPS: tuple[tuple[str, Callable[[], int]], ...] = (
    ("ruff format --check", python("ruff", "format", "--check", ".")),
    ("ruff check", python("ruff", "check", ".")),
    ("mypy", python("mypy")),
    ("lint-imports", command(str(Path(PYTHON).with_name("lint-imports")))),
    ("makemigrations --check", manage("makemigrations", "--check", "--dry-run")),
    ("OpenAPI snapshot", openapi_snapshot),
    ("pytest, in parallel", parallel_tests),
    ("pytest, one by one", serial_tests),
)


def run(steps: Sequence[tuple[str, Callable[[], int]]]) -> int:
    """Run the steps until one fails; prints each with its time."""
    began = time.monotonic()
    for name, step in steps:
        print(f"== {name}", flush=True)
        started = time.monotonic()
        code = step()
        taken = time.monotonic() - started
        if code != 0:
            print(f"== {name} FAILED after {taken:.1f} s (exit code {code})", flush=True)
            return 1
        print(f"== {name}: good ({taken:.1f} s)", flush=True)
    print(f"== All {len(steps)} steps good ({time.monotonic() - began:.1f} s)", flush=True)
    return 0


def main(arguments: Sequence[str]) -> int:
    """Run everything, or only pytest when there are arguments for it."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    os.environ["FYNLO_ENV"] = "test"
    try:
        with throw_away() as servers:
            os.environ.update(servers.environment())
            if arguments:
                return python("pytest", *arguments)()
            return run(STEPS)
    except EmbeddedError as problem:
        print(problem, file=sys.stderr)
        return NO_SERVERS
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
