"""Run as `python -m tests.demo.stand <folder> <case>`: supervises small programs as the demo does its own.

Says `up` and the process ids once they run, and how it ended.
"""

import os
import sys
import textwrap
from pathlib import Path

from fynlo.demo.errors import DemoError
from fynlo.demo.supervisor import Program, StopRequested, stop_requests, supervising

POLITE = """
    import os, signal, sys, time
    def end(*_):
        with open(os.environ["NOTES"], "a") as notes:
            notes.write(NAME + "\\n")
        sys.exit(0)
    signal.signal(signal.SIGTERM, end)
    print(NAME, "is up", flush=True)
    open(os.environ["NOTES"] + "." + NAME, "w").close()
    while True:
        time.sleep(600)
"""
STUBBORN = POLITE.replace(
    "signal.signal(signal.SIGTERM, end)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
)


def program(name: str, code: str, *, stop_order: int, patience: float = 60.0) -> Program:
    """A program of this name that runs this code."""
    text = f"NAME = {name!r}\n" + textwrap.dedent(code)
    return Program(name, (sys.executable, "-c", text), stop_order=stop_order, patience=patience)


CASES = {
    "polite": [
        program("web", POLITE, stop_order=1),
        program("relay", POLITE, stop_order=2),
        program("worker", POLITE, stop_order=3),
    ],
    "stubborn": [program("web", POLITE, stop_order=1), program("worker", STUBBORN, stop_order=2)],
}


def main(folder: Path, case: str) -> int:
    """Supervise the programs of a case until a signal comes or one of them ends."""
    notes = folder / "notes"
    environment = {"PATH": os.environ["PATH"], "NOTES": str(notes)}
    try:
        with (
            stop_requests() as requests,
            supervising(
                environment=environment, folder=folder, log_folder=folder, requests=requests
            ) as supervisor,
        ):
            for one in CASES[case]:
                supervisor.start(one)
            names = [one.name for one in CASES[case]]
            supervisor.wait_until(
                lambda: all(notes.with_name(f"notes.{name}").exists() for name in names), seconds=60
            )
            pids = [str(child.process.pid) for _, child in supervisor._children]
            print("up", *pids, flush=True)
            supervisor.watch()
    except StopRequested as request:
        print(f"stopped by {request}", flush=True)
        return 0
    except DemoError as problem:
        print(problem, flush=True)
        return problem.exit_code
    return 99


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
