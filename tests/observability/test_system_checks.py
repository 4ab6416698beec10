"""`manage.py check` asks Fynlo's own checks, not only Django's."""

import os
import subprocess
import sys

from tests import database


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` under these variables alone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("FYNLO_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=database.ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_manage_py_check_refuses_an_unsafe_production() -> None:
    finished = check(FYNLO_ENV="production", FYNLO_BASE_DOMAIN="*", FYNLO_DEBUG="1")
    found = {word.strip("()") for word in finished.stderr.split() if word.startswith("(fynlo.E")}
    assert (finished.returncode, found) == (1, {"fynlo.E001", "fynlo.E002", "fynlo.E003", "fynlo.E009"})


def test_manage_py_check_finds_nothing_in_development() -> None:
    finished = check(FYNLO_ENV="development")
    assert (finished.returncode, finished.stderr) == (0, "")
