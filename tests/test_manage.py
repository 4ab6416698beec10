"""manage.py: what the person at the keyboard can mend is said in a sentence, not in a traceback."""

import os
import socket
import subprocess
import sys

import pytest

from tests import database

NOWHERE = {
    "FYNLO_ENV": "development",
    "DATABASE_URL": "postgres://somebody:secret@127.0.0.1:1/fynlo",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command under these variables alone."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=database.ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("tenants", "list"),
        ("onboard", "docs/examples/cafe/merchant.yaml"),
        ("import_catalog", "cafe", "docs/examples/cafe/merchant.yaml"),
        ("migrate",),
    ],
)
def test_a_database_that_is_not_there_is_said_in_a_sentence(arguments: tuple[str, ...]) -> None:
    finished = manage(*arguments, **NOWHERE)
    assert (finished.returncode, finished.stdout) == (4, "")
    assert finished.stderr == (
        'The database cannot be used: connection to server at "127.0.0.1", port 1 failed: Connection refused.\n'
    )


def test_a_database_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://somebody:secret@127.0.0.1:{silent.getsockname()[1]}/fynlo"
        finished = manage("tenants", "list", **{**NOWHERE, "DATABASE_URL": url})
    assert finished.returncode == 4
    assert finished.stderr.endswith("failed: timeout expired.\n")


def test_the_traceback_is_there_for_whoever_asks() -> None:
    finished = manage("tenants", "--traceback", "list", **NOWHERE)
    assert finished.returncode == 1
    assert finished.stderr.startswith("Traceback (most recent call last):")


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"FYNLO_ENV": "prod"},
            "FYNLO_ENV: 'prod' is not allowed; allowed are development, test, production.\n",
        ),
        (
            {"FYNLO_ENV": "production", "FYNLO_SECRET_KEY": "short"},
            "FYNLO_SECRET_KEY: is shorter than 16 characters.\n",
        ),
    ],
)
def test_a_variable_that_cannot_be_read_is_named(variables: dict[str, str], sentence: str) -> None:
    finished = manage("check", **variables)
    assert (finished.returncode, finished.stdout, finished.stderr) == (os.EX_CONFIG, "", sentence)
