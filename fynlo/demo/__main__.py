"""`python -m fynlo.demo`: what `bin/demo` and `manage.py demo` run.

The supervisor needs neither Django nor a database, so it is up a second earlier and a hundred megabytes smaller.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from fynlo.demo.programs import HIGHEST_PORT
from fynlo.demo.session import Wishes, run_demo
from fynlo.embedded.services import ROOT

DEFAULT_PORT: Final = 8000
ABOUT: Final = (
    "Start Fynlo with four example merchants on this machine. Exit codes: 0 good, 1 the check failed, 2 wrong "
    "arguments, 3 port taken or already running, 4 no servers, 5 a step failed, 6 a process died, 7 production."
)


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port of the pages (default 8000)")
    parser.add_argument("--fresh", action="store_true", help="delete the data of earlier demos first")
    parser.add_argument(
        "--check",
        action="store_true",
        help="sell through the HTTP API and a websocket on a free port, print what was seen, stop, exit 0 or 1",
    )


def run(*, port: int, fresh: bool, check: bool) -> int:
    """Run the demo and return its exit code."""
    if not 1 <= port <= HIGHEST_PORT:
        say(f"--port {port}: allowed is 1 to {HIGHEST_PORT}")
        return 2
    return run_demo(Wishes(root=ROOT, port=port, is_fresh=fresh, is_check=check, say=say))


def say(text: str) -> None:
    """Print at once; a terminal that is gone does not keep anybody from stopping in order."""
    with suppress(OSError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Read the command line and run."""
    parser = ArgumentParser(prog="bin/demo", description=ABOUT)
    add_arguments(parser)
    return run(**vars(parser.parse_args(arguments)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
