"""The published pricing vectors are what their schema says, and a reader can rely on it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parent / "pricing"
FILES = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "schema.json")
SCHEMA = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return document


def _cases() -> list[dict[str, Any]]:
    return [case for name in FILES for case in _read(name)["cases"]]


def test_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", FILES)
def test_file_follows_the_schema(name: str) -> None:
    faults = [
        f"/{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}"
        for fault in Draft202012Validator(SCHEMA).iter_errors(_read(name))
    ]
    assert faults == []


@pytest.mark.parametrize("name", FILES)
def test_file_names_only_books_it_has_and_uses_each(name: str) -> None:
    document = _read(name)
    named = {case["book_ref"] for case in document["cases"] if "book_ref" in case}
    assert named == set(document.get("books", {}))


def test_every_case_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(case["name"] for case in _cases()).items() if count > 1] == []


def test_there_are_at_least_three_hundred_cases() -> None:
    assert len(_cases()) >= 300


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ("total_minor", 12.5),
        ("total_minor", "1200"),
        ("tax", 200),
        ("lines", []),
    ],
    ids=["fraction", "text", "unknown member", "no lines"],
)
def test_a_wrong_expectation_does_not_pass(place: str, wrong: object) -> None:
    document = _read("country-united-kingdom.json")
    document["cases"][0]["expected"][place] = wrong
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_a_case_without_source_does_not_pass() -> None:
    document = _read("country-united-kingdom.json")
    del document["cases"][0]["source"]
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_money_with_a_decimal_point_in_a_cart_does_not_pass() -> None:
    document = _read("country-united-kingdom.json")
    document["cases"][0]["cart"]["lines"][0]["unit_price_minor"] = 1.2
    assert not Draft202012Validator(SCHEMA).is_valid(document)
