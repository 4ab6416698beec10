"""One demo from start to end: servers, data, processes, then a page for people or a sale for machines."""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fynlo.demo.check import Check
from fynlo.demo.errors import (
    CHECK_FAILED,
    DemoError,
    NotInProductionError,
    PortTakenError,
    ServersMissingError,
)
from fynlo.demo.merchants import EXAMPLES, Merchant, read_merchants
from fynlo.demo.page import page
from fynlo.demo.preparation import Preparation
from fynlo.demo.programs import environment, listen, metrics_folder, programs
from fynlo.demo.supervisor import StopRequested, StopRequests, Supervisor, stop_requests, supervising
from fynlo.demo.web import Site
from fynlo.embedded import services
from fynlo.embedded.errors import AlreadyRunningError, EmbeddedError
from fynlo.env import Env

_READY_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    root: Path
    port: int
    is_fresh: bool
    is_check: bool
    say: Callable[[str], None]


def run_demo(wishes: Wishes) -> int:
    """Run the demo and return the exit code; every failure is said in a sentence first."""
    is_serving = False
    try:
        with (
            stop_requests() as requests,
            _started(wishes, requests) as (supervisor, merchants, port, seconds),
        ):
            code = _traded(supervisor, merchants[0], wishes.root)
            if wishes.is_check:
                check = Check(merchants=merchants, port=port, pairing_code=code, say=wishes.say)
                is_good = check.run(supervisor)
                wishes.say(f"{'Everything held' if is_good else 'Something did not hold'}; stopping.")
                return 0 if is_good else CHECK_FAILED
            password = services.operator_password(root=wishes.root)
            wishes.say(
                page(
                    merchants=merchants,
                    port=port,
                    pairing_code=code,
                    operator_password=password,
                    seconds=seconds,
                )
            )
            is_serving = True
            supervisor.watch()
    except StopRequested as request:
        wishes.say("Stopped; nothing is left running.")
        return 0 if is_serving else 128 + request.number
    except DemoError as problem:
        wishes.say(str(problem))
        if problem.had_started:
            wishes.say("Everything else was stopped.")
        return problem.exit_code
    raise AssertionError("unreachable: watching ends with an exception")


@contextmanager
def _started(
    wishes: Wishes, requests: StopRequests
) -> Iterator[tuple[Supervisor, list[Merchant], int, float]]:
    """Start servers and processes, and stop all of them at the end of the `with`, however it is left."""
    began = time.monotonic()
    _refuse_production()
    merchants = read_merchants(wishes.root)
    if not merchants:
        raise DemoError(f"There are no merchants in {wishes.root / EXAMPLES}.")
    with closing(listen(0 if wishes.is_check else wishes.port)) as listener, _servers(wishes) as found:
        port = listener.getsockname()[1]
        place = services.place_of(wishes.root)
        place.make()
        variables = environment(
            services=found,
            secrets=services.clone_secrets(root=wishes.root),
            port=port,
            inherited=dict(os.environ),
        )
        with supervising(
            environment=variables,
            folder=wishes.root,
            log_folder=place.folder / "log",
            servers=found.servers,
            requests=requests,
        ) as supervisor:
            preparation = Preparation(
                root=wishes.root,
                state_folder=place.folder,
                data_id=found.data_id,
                operator_password=services.operator_password(root=wishes.root),
                say=wishes.say,
            )
            preparation.run(supervisor, merchants)
            _start_programs(supervisor, listener, place.folder)
            yield supervisor, merchants, port, time.monotonic() - began


def _refuse_production() -> None:
    env = Env()
    if env.environment() != "production":
        return
    hint = (
        "It was read from DATABASE_URL being set; say FYNLO_ENV=development to run the demo on your own "
        "servers."
        if not env.has("FYNLO_ENV")
        else "Unset FYNLO_ENV."
    )
    raise NotInProductionError(f"The demo makes example merchants and refuses to run in production. {hint}")


@contextmanager
def _servers(wishes: Wishes) -> Iterator[services.Services]:
    try:
        if wishes.is_fresh:
            _erase(wishes)
        wishes.say("Starting PostgreSQL and Valkey")
        with services.running(root=wishes.root, can_borrow=False) as found:
            yield found
    except AlreadyRunningError as problem:
        raise PortTakenError(str(problem)) from None
    except EmbeddedError as problem:
        raise ServersMissingError(str(problem)) from None


def _erase(wishes: Wishes) -> None:
    if Env().has("DATABASE_URL"):
        raise DemoError("--fresh deletes embedded data only; empty the database of DATABASE_URL yourself.")
    services.erase(root=wishes.root)
    wishes.say("Deleted the data of earlier demos")


def _start_programs(supervisor: Supervisor, listener: socket.socket, state_folder: Path) -> None:
    for program in programs(
        listener=listener, state_folder=state_folder, metrics=metrics_folder(state_folder)
    ):
        supervisor.start(program)
    site = Site("localhost", listener.getsockname()[1])
    if not supervisor.wait_until(site.is_ready, seconds=_READY_SECONDS):
        answer = site.ask("GET", "/health/ready")
        raise DemoError(f"The pages were not ready after {_READY_SECONDS:.0f} s: {answer.text}")


def _traded(supervisor: Supervisor, merchant: Merchant, root: Path) -> str:
    """Have a day played at the merchant unless somebody has traded there; a pairing code for the first till."""
    arguments = ["play_day", merchant.slug, "--pairing-code", merchant.register]
    lines = supervisor.run("play-day", [sys.executable, str(root / "manage.py"), *arguments])
    for line in reversed(lines):
        if line.startswith("{"):
            return str(json.loads(line)["code"])
    raise DemoError(f"manage.py play_day printed no code: {lines}")
