"""What tests tell of themselves when all is over: examples looked at, planted mistakes noticed.

A test says it with `record_property(SAID, "…")` or `record_property(NOTICED, "counter")`; reports travel from the
workers to whoever prints the end, so it is printed however the tests are spread.
"""

from collections import Counter
from typing import Any, Final

SAID: Final = "said"
NOTICED: Final = "noticed"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A section at the end, if anything was told."""
    told = [
        (name, str(value))
        for report in terminalreporter.getreports("passed")
        if report.when == "call"
        for name, value in report.user_properties
    ]
    noticed = Counter(value for name, value in told if name == NOTICED)
    lines = sorted(value for name, value in told if name == SAID)
    lines += [f"{room}: {count} planted mistakes, all noticed" for room, count in sorted(noticed.items())]
    if lines:
        terminalreporter.section("properties")
        for line in lines:
            terminalreporter.line(line)
