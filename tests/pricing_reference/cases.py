"""Reads the published vectors and answers a case with the reference."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.pricing_reference.book import Json
from tests.pricing_reference.cash import cash_rounding
from tests.pricing_reference.price import price
from tests.pricing_reference.refunds import refund
from tests.pricing_reference.splitting import split_check, split_evenly

FOLDER = Path(__file__).parents[1] / "vectors" / "pricing"


def files() -> list[Path]:
    """The files with cases, by name."""
    return sorted(path for path in FOLDER.glob("*.json") if path.name != "schema.json")


def all_cases() -> list[Json]:
    """Every case of every file, each with its book in place and the name of its file."""
    return [case for path in files() for case in cases_of(path)]


def cases_of(path: Path) -> Iterator[Json]:
    """The cases of one file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for case in document["cases"]:
        book = document["books"][case["book_ref"]] if "book_ref" in case else case.get("book")
        yield {**case, "book": book, "file": path.name}


def operation_of(case: Json) -> str:
    """What the case does; pricing unless it says otherwise."""
    return str(case.get("operation", "price"))


def reference_answer(case: Json) -> Json:
    """The reference's result of a case that is not refused."""
    if operation_of(case) == "cash_rounding":
        return cash_rounding(**case["cash_rounding"])
    result = price(cart=case["cart"], context=case["context"], book=case["book"])
    if operation_of(case) == "refund":
        asked = case["refund"]
        return refund(
            result,
            asked["quantities"],
            asked.get("before"),
            components=asked.get("components"),
            components_before=asked.get("components_before"),
            charges=asked.get("charges", False),
            tip=asked.get("tip", False),
        )
    if operation_of(case) == "split":
        asked = case["split"]
        if "ways" in asked:
            return {"checks": split_evenly(result, asked["ways"])}
        return {"checks": split_check(result, asked["shares"], asked["checks"])}
    return result


def differences(expected: Any, actual: Any, where: str = "") -> list[str]:
    """Where `actual` does not say what `expected` says; members that are not expected may be anything."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [
            difference
            for name, value in expected.items()
            for difference in (
                differences(value, actual[name], f"{where}/{name}")
                if name in actual
                else [f"{where}/{name}: missing"]
            )
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [
            difference
            for index, (one, other) in enumerate(zip(expected, actual, strict=True))
            for difference in differences(one, other, f"{where}/{index}")
        ]
    same = type(expected) is type(actual) and expected == actual
    return [] if same else [f"{where}: expected {expected!r}, not {actual!r}"]
