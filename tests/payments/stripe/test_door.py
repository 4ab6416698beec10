"""The vendor's library has one door, and says nothing of what it carries."""

import ast
import logging
import tomllib
from pathlib import Path

from payments.gateways.stripe import client
from tests import database

ROOT = database.ROOT
HERE = "payments/gateways/stripe/"
TOPS = ("fynlo", "pos", "payments", "sync", "staff", "plugins", "tenants")


def imports_of(path: Path) -> set[str]:
    """The first words of everything a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_the_library_is_imported_in_one_room_only() -> None:
    users = {
        str(path.relative_to(ROOT))
        for top in TOPS
        for path in (ROOT / top).rglob("*.py")
        if "stripe" in imports_of(path)
    }
    assert users
    assert {path for path in users if not path.startswith(HERE)} == set()


def test_the_contract_of_imports_watches_the_whole_house() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (door,) = [each for each in known["contracts"] if each["id"] == "stripe-door"]
    assert sorted(door["source_modules"]) == sorted(TOPS)
    excepted = {each.partition(" -> ")[0] for each in door["ignore_imports"]}
    assert excepted == {"payments.gateways.stripe.**"}


def test_the_librarys_log_shows_no_bodies() -> None:
    assert client.RETRIES == 2
    assert not logging.getLogger("stripe").isEnabledFor(logging.INFO)


def test_no_key_is_written_into_the_code() -> None:
    starts = tuple(f"{kind}_{mode}_" for kind in ("sk", "rk", "pk", "whsec") for mode in ("live", "test"))
    for path in (ROOT / HERE).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not (node.value.startswith(starts) and len(node.value) > len("sk_live_")), path
