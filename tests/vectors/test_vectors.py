"""Every published case: the engine says it, the slow reference says it, and its arithmetic is right."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from pos.pricing import cash, engine, reading, refunds, splitting, writing
from pos.pricing.types import PricedCart
from tests.pricing_reference import arithmetic
from tests.pricing_reference.book import Json
from tests.pricing_reference.cases import all_cases, differences, files, operation_of, reference_answer

CASES = all_cases()
ANSWERED = [case for case in CASES if operation_of(case) != "refuse"]
REFUSED = [case for case in CASES if operation_of(case) == "refuse"]


def name_of(case: Json) -> str:
    """A test is named after its case."""
    return str(case["name"])


def engine_answer(case: Json) -> Json:
    """What the engine makes of a case."""
    if "cash_rounding" in case:
        rounded, difference = cash.cash_rounding(**case["cash_rounding"])
        return {"rounded_minor": rounded, "difference_minor": difference}
    priced = engine.price_cart(
        cart=reading.read_cart(case["cart"]),
        context=reading.read_context(case["context"]),
        book=reading.read_book(case["book"]),
    )
    if "refund" in case:
        return refund_answer(priced, case["refund"])
    if "split" in case:
        return split_answer(priced, case["split"])
    return writing.result_document(priced)


def refund_answer(priced: PricedCart, asked: Json) -> Json:
    """The refund a case asks for."""
    quantities, before = (decimals(asked.get(name, {})) for name in ("quantities", "before"))
    components, components_before = (
        {line: decimals(slots) for line, slots in asked.get(name, {}).items()}
        for name in ("components", "components_before")
    )
    options: dict[str, Any] = {name: asked.get(name, False) for name in ("charges", "tip")}
    return writing.refund_document(
        refunds.refund(
            priced=priced,
            quantities=quantities,
            before=before,
            components=components,
            components_before=components_before,
            **options,
        )
    )


def decimals(given: Json) -> dict[str, Decimal]:
    """Quantities by name."""
    return {name: Decimal(quantity) for name, quantity in given.items()}


def split_answer(priced: PricedCart, asked: Json) -> Json:
    """The checks a case asks for."""
    if "ways" in asked:
        return writing.checks_document(splitting.split_evenly(priced=priced, ways=asked["ways"]))
    return writing.checks_document(
        splitting.split_check(priced=priced, shares=asked["shares"], checks=asked["checks"])
    )


@pytest.mark.parametrize("case", ANSWERED, ids=name_of)
def test_case(case: Json) -> None:
    assert differences(case["expected"], engine_answer(case)) == []
    assert differences(case["expected"], reference_answer(case)) == []
    for line in case.get("arithmetic", []):
        arithmetic.check(line)


@pytest.mark.parametrize("case", REFUSED, ids=name_of)
def test_refused_case(case: Json) -> None:
    with pytest.raises(DomainError) as refusal:
        engine_answer(case)
    [problem] = refusal.value.errors
    assert {"code": problem.code, "pointer": problem.pointer} == case["expected"]


def test_there_are_enough_cases_of_every_operation() -> None:
    """Enough altogether, and none of them skipped by a typing error in `operation`."""
    assert len(CASES) >= 300
    assert {operation_of(case) for case in CASES} == {"price", "refund", "split", "cash_rounding", "refuse"}


def test_names_are_unique_over_all_files() -> None:
    assert [name for name, times in Counter(map(name_of, CASES)).items() if times > 1] == []


def test_every_case_says_why_and_where_its_numbers_come_from() -> None:
    bare = [
        name_of(case)
        for case in CASES
        if not case.get("why")
        or not case.get("source")
        or (case["source"] == "arithmetic" and operation_of(case) != "refuse" and not case.get("arithmetic"))
    ]
    assert bare == []


def test_every_priced_case_states_each_line_and_the_totals() -> None:
    incomplete = [
        name_of(case)
        for case in CASES
        if operation_of(case) == "price"
        and not (
            {"lines", "tax_minor", "total_minor"} <= set(case["expected"])
            and all("total_minor" in line for line in case["expected"]["lines"])
        )
    ]
    assert incomplete == []


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_a_wrong_total_in_any_file_is_noticed(path: Any) -> None:
    """The comparison compares: one minor unit more in the last case of a file is a difference."""
    case = [one for one in ANSWERED if one["file"] == path.name][-1:]
    for one in case:
        member = "rounded_minor" if operation_of(one) == "cash_rounding" else "total_minor"
        expected = one["expected"]["checks"][0] if operation_of(one) == "split" else one["expected"]
        wrong = {**expected, member: expected[member] + 1}
        wrong = {"checks": [wrong, *one["expected"]["checks"][1:]]} if "checks" in one["expected"] else wrong
        assert differences(wrong, engine_answer(one)) != []
