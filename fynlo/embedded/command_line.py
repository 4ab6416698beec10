"""What manage.py does before Django starts: choose the database role, and see to it that there are "
"servers."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from fynlo.embedded import services
from fynlo.embedded.errors import EmbeddedError
from fynlo.env import Env

EXIT_NO_SERVERS: Final = 4
# Commands that read no row. `demo` sees to the servers itself; `check` and the like ask for a database by option.
WITHOUT_SERVERS: Final = frozenset(
    {
        "",
        "check",
        "collectstatic",
        "compilemessages",
        "config_schema",
        "demo",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "spectacular",
        "startapp",
        "startproject",
        "version",
    }
)
_HELP: Final = frozenset({"--help", "-h", "--version"})


@contextmanager
def prepared(
    arguments: Sequence[str], *, owner_commands: frozenset[str], root: Path = services.ROOT
) -> Iterator[None]:
    """Set the variables a command of manage.py needs; servers started for it end with it.

    Outside production, missing addresses are those of the clone's embedded servers, and missing secrets are
    the clone's own, so that a PIN set by one process is known to all others.
    """
    command = arguments[1] if len(arguments) > 1 else ""
    if command in owner_commands:
        os.environ["FYNLO_DATABASE_ROLE"] = "owner"
    if not _needs_servers(command, arguments):
        yield
        return
    was_asked_to_end = _end_orderly_on_signals()
    environment = Env().environment()
    provide = services.throw_away if environment == "test" else services.running
    try:
        with provide(root=root) as found:
            was_asked_to_end()
            os.environ.setdefault("FYNLO_ENV", environment)
            if environment == "development" and not all(map(os.environ.get, services.SECRET_VARIABLES)):
                for name, value in services.clone_secrets(root=root).items():
                    os.environ.setdefault(name, value)
            os.environ.update(found.environment())
            yield
    except EmbeddedError as problem:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(EXIT_NO_SERVERS) from None


def _needs_servers(command: str, arguments: Sequence[str]) -> bool:
    if Env().environment() == "production" or command.startswith("-") or _HELP.intersection(arguments):
        return False
    return command not in WITHOUT_SERVERS or "--database" in arguments


def _end_orderly_on_signals() -> Callable[[], None]:
    """Let SIGTERM and a closed terminal unwind the stack like Ctrl-C does, so that servers are stopped in order.

    Python swallows an exception that is raised while it forks. Call what is returned after starting the servers: it
    raises again if a signal came meanwhile.
    """
    asked: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        raise SystemExit(128 + number)

    def check() -> None:
        if asked:
            raise SystemExit(128 + asked[0])

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    return check
