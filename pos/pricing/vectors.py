"""Published vectors: reading the files, answering a case with the engine, and saying where it differs.

Format: `tests/vectors/pricing/README.md`. Standard library only, so that anybody can run them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from fynlo.core.errors import DomainError
from pos.pricing.cash import cash_rounding
from pos.pricing.engine import price_cart
from pos.pricing.reading import read_book, read_cart, read_context
from pos.pricing.refunds import refund
from pos.pricing.splitting import split_check, split_evenly
from pos.pricing.types import PricedCart
from pos.pricing.writing import checks_document, refund_document, result_document

SCHEMA = "schema.json"
OPERATIONS = ("price", "refund", "split", "cash_rounding", "refuse")
MALFORMED = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
"""What comes of a case that is not as the schema says; whoever wrote it is told, and the others still run."""


class Unreadable(Exception):
    """A file or folder that holds no vectors; says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where an answer is not what was expected: the path of the member, and both values as JSON."""

    path: str
    expected: str
    actual: str


def vector_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and all `*.json` of the folders named. Raises `Unreadable`."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*.json") if file.name != SCHEMA)
            if not inside:
                raise Unreadable(f"{path} holds no vector files (*.json)")
            files += inside
        elif path.is_file():
            files.append(path)
        else:
            raise Unreadable(f"{path} does not exist")
    return files


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The cases of a file, each with its book in place. Raises `Unreadable`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as reason:
        raise Unreadable(f"{path} is not readable JSON: {reason}") from reason
    cases = document.get("cases") if isinstance(document, dict) else None
    if not isinstance(cases, list) or not cases:
        raise Unreadable(f"{path} has no list of cases")
    for place, case in enumerate(cases):
        if not isinstance(case, dict) or not isinstance(case.get("name"), str) or "expected" not in case:
            raise Unreadable(f"{path}: case {place} has no name, or expects nothing")
    books = document.get("books", {})
    return [_with_book(case, books, path) for case in cases]


def run_case(case: Mapping[str, Any]) -> list[Difference]:
    """Everything in which the engine's answer differs from what the case expects; empty is passed."""
    operation = case.get("operation", "price")
    if operation not in OPERATIONS:
        return [Difference("/operation", f"one of {', '.join(OPERATIONS)}", _shown(operation))]
    try:
        answer = _answer(case)
    except MALFORMED as reason:
        return [Difference("", "a case as schema.json describes it", f"{type(reason).__name__}: {reason}")]
    except DomainError as refusal:
        pointer = refusal.errors[0].pointer if refusal.errors else ""
        answer = {"code": refusal.code, "pointer": pointer}
        if operation != "refuse":
            return [Difference("", "a result", f"{_shown(answer)} ({refusal.detail})")]
    else:
        if operation == "refuse":
            return [Difference("", _shown(case["expected"]), "it was not refused")]
    return list(_differences(case["expected"], answer, ""))


def _with_book(case: dict[str, Any], books: Any, path: Path) -> dict[str, Any]:
    if "book_ref" not in case:
        return case
    try:
        return {**case, "book": books[case["book_ref"]]}
    except (KeyError, TypeError):
        raise Unreadable(
            f"{path}: {case['name']} names the book {case['book_ref']!r}, which is not there"
        ) from None


def _answer(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the members of the case ask for; a case that is to be refused asks in the same way."""
    if "cash_rounding" in case:
        rounded = cash_rounding(**case["cash_rounding"])
        return {"rounded_minor": rounded.rounded_minor, "difference_minor": rounded.difference_minor}
    priced = price_cart(
        cart=read_cart(case["cart"]),
        context=read_context(case["context"]),
        book=read_book(case.get("book", {})),
    )
    if "refund" in case:
        return _refunded(priced, case["refund"])
    if "split" in case:
        return _split(priced, case["split"])
    return result_document(priced)


def _refunded(priced: PricedCart, asked: Mapping[str, Any]) -> dict[str, Any]:
    return refund_document(
        refund(
            priced=priced,
            quantities=_quantities(asked["quantities"]),
            before=_quantities(asked.get("before", {})),
            components=_components(asked.get("components", {})),
            components_before=_components(asked.get("components_before", {})),
            charges=asked.get("charges", False),
            tip=asked.get("tip", False),
        )
    )


def _quantities(given: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(quantity) for name, quantity in given.items()}


def _components(given: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, Decimal]]:
    return {line: _quantities(slots) for line, slots in given.items()}


def _split(priced: PricedCart, asked: Mapping[str, Any]) -> dict[str, Any]:
    if "ways" in asked:
        return checks_document(split_evenly(priced=priced, ways=asked["ways"]))
    return checks_document(split_check(priced=priced, shares=asked["shares"], checks=asked["checks"]))


def _differences(expected: Any, actual: Any, path: str) -> Iterator[Difference]:
    """Objects by the members expected, lists by position and in full, everything else exactly."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, value in expected.items():
            if name in actual:
                yield from _differences(value, actual[name], f"{path}/{name}")
            else:
                yield Difference(f"{path}/{name}", _shown(value), "no such member")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for place, (value, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _differences(value, other, f"{path}/{place}")
    elif type(expected) is not type(actual) or expected != actual:
        yield Difference(path, _shown(expected), _shown(actual))


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
