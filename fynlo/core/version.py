"""The version of this software, as `pyproject.toml` says it (a test compares them)."""

from typing import Final

VERSION: Final = "0.1.0"
