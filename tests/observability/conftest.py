"""Reading what a process logs, through the same formatter as in production."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from fynlo.observability.logging import formatter


class Lines:
    """The lines logged so far."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.setFormatter(formatter("json"))

    @property
    def text(self) -> str:
        """Everything, as written."""
        return self._stream.getvalue()

    def __call__(self, event: str | None = None) -> list[dict[str, Any]]:
        """The lines, decoded; only those of `event` when one is named."""
        lines = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if event is None or line["event"] == event]


@pytest.fixture
def logged() -> Iterator[Lines]:
    """Every line that is logged from here on, of every level."""
    lines, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(lines.handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(lines.handler)
