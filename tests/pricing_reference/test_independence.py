"""The reference shares no code with what it checks."""

import ast
from pathlib import Path

import pytest

FILES = sorted(path for path in Path(__file__).parent.glob("*.py"))
ALLOWED = {
    "ast",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "fractions",
    "json",
    "operator",
    "pathlib",
}
ALLOWED |= {"hashlib", "typing", "pytest", "tests"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_imports_only_the_standard_library_and_itself(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    } | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= ALLOWED
    assert all(name.startswith("tests.pricing_reference") for name in named if name.startswith("tests"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_has_no_floating_point(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    floats = [
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is float
    ]
    calls = [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"float", "round"}
    ]
    assert (floats, calls) == ([], [])
