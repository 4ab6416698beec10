"""The fiscal core changes with its version or not at all."""

import hashlib
import tomllib
from pathlib import Path

from fynlo.core.version import VERSION
from pos.fiscal.version import FISCAL_CORE

ROOT = Path(__file__).resolve().parents[3]

DIGESTS = {
    "1.0.0": "7c98410e9a4939c9500ab5e8b286b0b88577d3e8fb13e99aeb8a416129ca0894",
}
"""Version → digest of the package. Whoever changes the core adds a line; lines of released versions stay."""


def digest() -> str:
    """SHA-256 over the name and the bytes of every module of the core, but the one that holds its version."""
    made = hashlib.sha256()
    for path in sorted((ROOT / "pos" / "fiscal").rglob("*.py")):
        if path.name != "version.py":
            made.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()


def test_the_core_is_what_its_version_says() -> None:
    assert DIGESTS.get(FISCAL_CORE) == digest(), (
        "pos/fiscal was changed: give pos/fiscal/version.py a new version, write its digest here, and say in "
        "docs/fiscal.md what changed"
    )


def test_the_software_has_one_version() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == VERSION
