"""manage.py: the right role, servers where there are none, and clear words when that fails."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fynlo.embedded import processes, services
from tests.embedded.conftest import PATIENCE, ROOT, Clone, Keeper, becomes_true

COMMAND = """
import json, os, sys
from pathlib import Path
from fynlo.embedded.command_line import prepared
with prepared(["manage.py", *sys.argv[2:]], owner_commands=frozenset({"migrate"}), root=Path(sys.argv[1])):
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "FYNLO_ENV", "FYNLO_DATABASE_ROLE",
             "FYNLO_SECRET_KEY", "FYNLO_PIN_PEPPER")
    print(json.dumps({name: os.environ[name] for name in names if name in os.environ}), flush=True)
    if "wait" in sys.argv:
        sys.stdin.read()
"""


@pytest.fixture
def manage(clone: Clone) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """`manage("migrate")`: a command of manage.py in the clone that prints the variables it runs with."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **variables: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(clone.root), *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.communicate(timeout=PATIENCE)


def variables_of(process: "subprocess.Popen[str]") -> dict[str, str]:
    """The variables the command ran with."""
    assert process.stdout is not None
    found: dict[str, str] = json.loads(process.stdout.readline())
    return found


def test_a_command_gets_servers_for_its_length(
    clone: Clone, manage: Callable[..., "subprocess.Popen[str]"]
) -> None:
    command = manage("migrate", "wait")
    variables = variables_of(command)
    assert variables["FYNLO_ENV"] == "development"
    assert variables["FYNLO_DATABASE_ROLE"] == "owner"
    assert variables["DATABASE_URL"].startswith("postgres://fynlo_app:")
    assert variables["DATABASE_OWNER_URL"].startswith("postgres://fynlo_owner:")
    found = services.find_running(root=clone.root)
    assert found is not None
    assert found.environment() == {name: variables[name] for name in found.environment()}
    command.communicate(timeout=PATIENCE)
    assert command.returncode == 0
    assert services.find_running(root=clone.root) is None


def test_all_commands_of_a_clone_know_the_same_secrets(
    clone: Clone, manage: Callable[..., "subprocess.Popen[str]"], keeper: Callable[..., Keeper]
) -> None:
    about = keeper().about()
    one, two = (
        variables_of(manage("shell")),
        variables_of(manage("migrate", FYNLO_SECRET_KEY="of my own choice")),
    )
    assert one["DATABASE_URL"] == two["DATABASE_URL"] == about["database_url"]
    assert "FYNLO_DATABASE_ROLE" not in one
    assert (
        one["FYNLO_PIN_PEPPER"]
        == two["FYNLO_PIN_PEPPER"]
        == services.clone_secrets(root=clone.root)["FYNLO_PIN_PEPPER"]
    )
    assert two["FYNLO_SECRET_KEY"] == "of my own choice"


def test_commands_that_read_no_row_start_nothing(
    clone: Clone, manage: Callable[..., "subprocess.Popen[str]"]
) -> None:
    for arguments in (["help"], ["config_schema"], ["migrate", "--help"], [], ["--version"]):
        assert "DATABASE_URL" not in variables_of(manage(*arguments))
    assert not clone.state.exists()


def test_production_starts_nothing(clone: Clone, manage: Callable[..., "subprocess.Popen[str]"]) -> None:
    assert variables_of(manage("migrate", FYNLO_ENV="production")) == {
        "FYNLO_ENV": "production",
        "FYNLO_DATABASE_ROLE": "owner",
    }
    assert not clone.state.exists()


def test_tests_get_a_throw_away_cluster_and_no_secrets(
    clone: Clone, manage: Callable[..., "subprocess.Popen[str]"]
) -> None:
    variables = variables_of(manage("shell", FYNLO_ENV="test"))
    assert (clone.state / "test-1" / "data" / "pg").is_dir()
    assert not (clone.state / "data").exists()
    assert "FYNLO_SECRET_KEY" not in variables


def test_a_server_that_cannot_be_provided_ends_the_command_with_a_sentence(
    manage: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    command = manage("migrate", FYNLO_PG_BIN=str(tmp_path))
    said, complaint = command.communicate(timeout=PATIENCE)
    assert (command.returncode, said) == (4, "")
    assert complaint == f"FYNLO_PG_BIN: the folder '{tmp_path}' does not hold postgres and initdb.\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_servers_in_order(
    clone: Clone, manage: Callable[..., "subprocess.Popen[str]"], number: signal.Signals
) -> None:
    command = manage("migrate", "wait")
    variables_of(command)
    server = int((clone.state / "data" / "pg" / "postmaster.pid").read_text().splitlines()[0])
    command.send_signal(number)
    assert becomes_true(lambda: processes.identity_of(server) is None)
    assert command.wait(PATIENCE) == 128 + number
    assert not (clone.state / "services.json").exists()
    assert not (clone.state / "data" / "in_use").exists()
