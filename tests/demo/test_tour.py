"""The tour is pasted into a shell, block after block, against a running Fynlo: what it promises is true."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from fynlo.demo.programs import environment, listen, metrics_folder, programs
from fynlo.demo.supervisor import supervising
from fynlo.demo.web import Site
from fynlo.embedded.services import Services
from tests import database

ROOT = database.ROOT
TOUR = ROOT / "docs" / "tour.md"
READY_SECONDS = 120


def blocks() -> list[str]:
    """The shell blocks of the page, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", TOUR.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The demo's web processes and relay over a fresh database with the example café and grocer."""
    name = f"{database.copy_name()}_tour"
    with database.server_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    variables = {
        **os.environ,
        "FYNLO_ENV": "test",
        "DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": database.with_name(database.owner_url(), name),
    }
    with ExitStack() as stack:
        stack.callback(database.drop, name)
        for arguments in (
            ("migrate",),
            ("onboard", "docs/examples/cafe/merchant.yaml"),
            ("onboard", "docs/examples/grocer/merchant.yaml"),
            ("play_day", "cafe"),
        ):
            manage(variables, *arguments)
        listener = stack.enter_context(closing(listen(0)))
        port = listener.getsockname()[1]
        found = Services(
            database_url=variables["DATABASE_URL"],
            owner_url=variables["DATABASE_OWNER_URL"],
            redis_url=variables["REDIS_URL"],
            data_id="tour",
        )
        served = environment(services=found, secrets={}, port=port, inherited=variables) | {
            "FYNLO_ENV": "test"
        }
        with supervising(environment=served, folder=ROOT, log_folder=tmp_path, servers=()) as supervisor:
            for program in programs(
                listener=listener, state_folder=tmp_path, metrics=metrics_folder(tmp_path)
            ):
                if program.name != "worker":
                    supervisor.start(program)
            assert supervisor.wait_until(Site("localhost", port).is_ready, seconds=READY_SECONDS)
            yield {**variables, "PORT": str(port), "PYTHON": sys.executable}


def manage(variables: dict[str, str], *arguments: str) -> None:
    finished = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.serial
def test_every_block_of_the_tour_works_as_it_says(running: dict[str, str]) -> None:
    assert shutil.which("curl"), "the tour is made of curl commands; install curl"
    script = "set -eu\n" + "\n".join(blocks())
    finished = subprocess.run(
        ["bash"],
        cwd=ROOT,
        env=running,
        input=script,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    said = finished.stdout
    assert finished.returncode == 0, said + finished.stderr
    assert said.startswith('{"status":"up",')
    assert "Not found." in said
    assert "\n401\n" in said
    assert "the same answer, byte for byte" in said
    assert re.search(r"the socket saw order\.completed at position \d+", said)
    assert "Café Morgenrot" in said
    assert '"code":"refund_exceeds_sale"' in said
    assert "only one is left" in said
    assert "\npart_refunded\n" in said
    assert (
        "\nEs ist noch nicht bekannt, ob die Zahlung über 1,06 EUR erfolgt ist. Bitte nicht noch einmal"
        in said
    )
    assert (
        "\nDie Zahlung über 1,06 EUR ist erfolgt."
        "\nDie Zahlung über 1,34 EUR ist angefordert; bitte auf den Gast warten."
        "\nDie Zahlung über 1,34 EUR ist erfolgt."
        "\npaid\n"
    ) in said
    back = [f"{{'amount_minor': {each}, 'currency': 'EUR'}}" for each in (100, 140, 106, 134)]
    assert "\n".join(["", *back, "refunded", ""]) in said
    assert "\nX-Bericht " in said
    assert "\nZ-Bericht K1-Z2 " in said
    assert said.count("\nDifferenz                             0,00\n") == 1
    assert "\nRESULT: nothing is wrong.\n" in said
    assert re.search(r"\nWRONG  register K1: entry \d+ was altered", said)
    assert "it was altered, and that was found" in said
    assert '"code":"duplicate_key"' in said.splitlines()[-1]
    assert '"pointer":"/lines"' in said.splitlines()[-1]
    assert not list(ROOT.glob(".fynlo-tour-*"))
