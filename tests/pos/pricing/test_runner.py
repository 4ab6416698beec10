"""`python -m pos.pricing`: what it prints, its exit status, and that it needs nothing that is installed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.pos.pricing.documents import book, context, item, line

ROOT = Path(__file__).resolve().parents[3]
CASE = {
    "name": "two-mugs",
    "why": "Twice 8.99.",
    "source": "arithmetic",
    "arithmetic": ["2*899 = 1798"],
    "book_ref": "shop",
    "context": context(),
    "cart": {"lines": [line("mug", "2")]},
    "expected": {"lines": [{"total_minor": 1798}], "total_minor": 1798},
}


def run(*arguments: str) -> tuple[int, list[str], str]:
    """Exit status, lines printed and what was said on standard error; without site-packages (-S)."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "pos.pricing", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr.strip()


def write(path: Path, *cases: dict[str, Any]) -> str:
    """A vector file with these cases and the book `shop`."""
    path.write_text(json.dumps({"title": "Test", "books": {"shop": book(item("mug", 899))}, "cases": cases}))
    return str(path)


def test_it_runs_where_django_cannot_be_imported(tmp_path: Path) -> None:
    check = [sys.executable, "-S", "-c", "import django"]
    assert subprocess.run(check, cwd=ROOT, capture_output=True, check=False, timeout=60).returncode == 1
    write(tmp_path / "a.json", CASE)
    (tmp_path / "schema.json").write_text("{}")
    assert run(str(tmp_path)) == (0, ["1 passed, 0 failed"], "")


def test_every_operation_is_run(tmp_path: Path) -> None:
    refunded = {
        "operation": "refund",
        "refund": {"quantities": {"mug": "1"}},
        "expected": {"total_minor": -899},
    }
    split = {"operation": "split", "split": {"shares": {"mug": [1, 1]}, "checks": 2}}
    checks = {"checks": [{"total_minor": 899}, {"total_minor": 899}]}
    even = {"operation": "split", "split": {"ways": 2}, "expected": checks}
    coins = {"due_minor": 1058, "increment": 5}
    cash = {
        "name": "cash",
        "operation": "cash_rounding",
        "cash_rounding": coins,
        "expected": {"rounded_minor": 1060},
    }
    empty = {
        "operation": "refuse",
        "cart": {"lines": []},
        "expected": {"code": "cart_empty", "pointer": "/lines"},
    }
    cases = [CASE | refunded, CASE | split | {"expected": checks}, CASE | even, cash, CASE | empty]
    assert run(write(tmp_path / "a.json", *cases)) == (0, ["5 passed, 0 failed"], "")


def test_a_failure_names_case_member_and_both_values(tmp_path: Path) -> None:
    wrong = CASE | {"expected": {"lines": [{"total_minor": 1799, "price": 1}], "total_minor": 1798}}
    refused = CASE | {"name": "gone", "cart": {"lines": [line("cup")]}}
    priced = CASE | {"name": "fine", "operation": "refuse", "expected": {"code": "cart_empty"}}
    file = write(tmp_path / "a.json", wrong, CASE | {"name": "right"}, refused, priced)
    status, lines, _ = run(file)
    assert status == 1
    assert lines == [
        f"{file}: two-mugs: /lines/0/total_minor",
        "    expected 1799",
        "    got      1798",
        f"{file}: two-mugs: /lines/0/price",
        "    expected 1",
        "    got      no such member",
        f"{file}: gone: /",
        "    expected a result",
        '    got      {"code": "unknown_variant", "pointer": "/lines/0/variant_id"} (there is no variant \'cup\')',
        f"{file}: fine: /",
        '    expected {"code": "cart_empty"}',
        "    got      it was not refused",
        "1 passed, 3 failed",
    ]


def test_true_is_not_one_and_lists_are_whole(tmp_path: Path) -> None:
    one = CASE | {"expected": {"total_minor": True}}
    short = CASE | {"name": "short", "expected": {"lines": []}}
    status, lines, _ = run(write(tmp_path / "a.json", one, short))
    assert (status, lines[-1]) == (1, "0 passed, 2 failed")


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    broken, strange, bookless = (
        tmp_path / "broken.json",
        tmp_path / "strange.json",
        tmp_path / "bookless.json",
    )
    broken.write_text("{")
    strange.write_text("[]")
    write(bookless, CASE | {"book_ref": "gone"})
    for argument, words in (
        (str(tmp_path / "missing"), "does not exist"),
        (str(broken), "is not readable JSON"),
        (str(strange), "has no list of cases"),
        (str(bookless), "names the book 'gone', which is not there"),
    ):
        status, lines, said = run(argument)
        assert (status, lines) == (2, [])
        assert said.startswith("cannot run the vectors: ")
        assert words in said
    assert run()[0] == run("--help")[0] == 2


def test_a_case_that_is_not_as_the_schema_says_fails_by_name_and_the_others_still_run(tmp_path: Path) -> None:
    odd = [
        {"name": "empty", "expected": {}},
        {"name": "no-operation", "operation": [], "expected": {}},
        {
            "name": "text",
            "operation": "cash_rounding",
            "cash_rounding": {"due_minor": "x", "increment": 5},
            "expected": {"a": "\ud800"},
        },
    ]
    status, lines, said = run(write(tmp_path / "odd.json", *odd, CASE))
    assert (status, lines[-1], said) == (1, "1 passed, 3 failed", "")
    assert [line.split(": ")[1] for line in lines if line.startswith(str(tmp_path))] == [
        "empty",
        "no-operation",
        "text",
    ]
