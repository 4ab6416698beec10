"""No value object shows a secret in its `repr`, which ends up in tracebacks and logs."""

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import fynlo
import payments
import plugins
import pos
import staff
import sync
import tenants

SECRET = re.compile(r"(^|_)(secret|password|pin|pepper|token|url)$")
SECRET_TYPES = ("SecretText", "SecretStr")


def value_objects() -> Iterator[type[Any]]:
    """Every dataclass of the project."""
    for package in (fynlo, payments, plugins, pos, staff, sync, tenants):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in found.name or found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            for value in vars(module).values():
                if (
                    isinstance(value, type)
                    and dataclasses.is_dataclass(value)
                    and value.__module__ == found.name
                ):
                    yield value


def shows(kind: type[Any], field: dataclasses.Field[Any]) -> bool:
    """Whether the `repr` that dataclasses make for `kind` has the field's value."""
    made = hasattr(
        kind.__repr__, "__wrapped__"
    )  # dataclasses guard theirs against recursion; one's own is plain
    return made and field.repr and not any(name in str(field.type) for name in SECRET_TYPES)


def showing(kinds: Iterator[type[Any]]) -> list[str]:
    return sorted(
        f"{kind.__module__}.{kind.__qualname__}.{field.name}"
        for kind in kinds
        for field in dataclasses.fields(kind)
        if SECRET.search(field.name) and field.type not in (bool, "bool") and shows(kind, field)
    )


def test_no_value_object_shows_a_secret() -> None:
    assert showing(value_objects()) == []


@pytest.mark.parametrize("name", ["token", "pin", "initial_password", "database_url"])
def test_one_that_would_is_found(name: str) -> None:
    shown = dataclasses.make_dataclass("Shown", [(name, str)])
    hidden = dataclasses.make_dataclass("Hidden", [(name, str, dataclasses.field(repr=False))])
    assert [found.rpartition(".")[2] for found in showing(iter([shown, hidden]))] == [name]
