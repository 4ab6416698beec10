"""Codes that carry a weight or a price are read exactly, and what they do not say is not guessed."""

from decimal import Decimal
from pathlib import Path

import pytest

from pos.catalog.barcode_patterns import (
    CodeUnreadable,
    PatternInvalid,
    PatternReading,
    compile_pattern,
    read_code,
)
from pos.catalog.barcodes import check_digit


def reading(pattern: str, body: str, currency: str = "EUR") -> PatternReading | None:
    """What `body`, completed by its check digit, says by `pattern`."""
    return read_code(pattern=compile_pattern(pattern), code=body + check_digit(body), currency=currency)


def test_a_weight_is_an_exact_decimal() -> None:
    assert reading("21IIIIIWW.WWWC", "211234500335") == PatternReading(
        article="12345", base="2112345000008", weight=Decimal("0.335"), weight_unit="kg"
    )


def test_a_weight_without_a_full_stop_is_whole_units() -> None:
    assert reading("21IIIIIWWWWWC:g", "211234500335") == PatternReading(
        article="12345", base="2112345000008", weight=Decimal(335), weight_unit="g"
    )


@pytest.mark.parametrize(
    ("pattern", "body", "currency", "minor"),
    [
        ("02IIIIIPPP.PPC", "021234500435", "EUR", 435),
        ("02IIIIIPPPPPC", "021234500435", "JPY", 435),
        ("02IIIIIPPPPPC", "021234500435", "EUR", 43500),
        ("02IIIIIPP.PPPC", "021234501250", "KWD", 1250),
        ("02IIIIIPP.PPPC", "021234501250", "EUR", 125),
    ],
)
def test_a_printed_price_is_kept_to_the_cent(pattern: str, body: str, currency: str, minor: int) -> None:
    found = reading(pattern, body, currency)
    assert found is not None
    assert found.amount_minor == minor


def test_a_price_finer_than_the_currency_is_refused_not_rounded() -> None:
    with pytest.raises(CodeUnreadable, match="finer parts than EUR"):
        reading("02IIIIIPP.PPPC", "021234501255")


def test_pieces_and_digits_of_no_concern() -> None:
    found = reading("29IIIIXXQQC", "291234990006")
    assert found is None
    assert reading("29IIIIXXQQQQC", "291234990006") == PatternReading(
        article="1234", base=f"29123499{'0' * 4}{check_digit('291234990000')}", pieces=6
    )


def test_other_forms_and_wrong_check_digits_are_other_codes() -> None:
    pattern = compile_pattern("21IIIIIWW.WWWC")
    assert read_code(pattern=pattern, code="2112345003351", currency="EUR") is not None
    assert read_code(pattern=pattern, code="2112345003352", currency="EUR") is None
    assert read_code(pattern=pattern, code="2212345003351", currency="EUR") is None
    assert read_code(pattern=pattern, code="21123450033", currency="EUR") is None
    assert read_code(pattern=pattern, code="21123450033٥1", currency="EUR") is None


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "consists of"),
        ("21iiiii", "consists of"),
        ("I" * 81, "consists of"),
        ("I" * 49, "at most 48"),
        ("2112345", "no I says"),
        ("IWWIWW", r"\(W\) stands in two places|\(I\) stands in two places"),
        ("CIIII", "the last digit"),
        ("IIWW:lb", "weights are in kg or g, not in lb"),
        ("I.IWW", "full stop"),
        ("IIWW.", "full stop"),
        ("IIW.W.W", "full stop"),
        ("IIPP.WW", "full stop"),
        ("I" + "P" * 13, "at most 12 digits"),
        ("II" + "W" * 13, "at most 12 digits"),
    ],
)
def test_a_pattern_that_says_nothing_definite_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(PatternInvalid, match=reason):
        compile_pattern(pattern)


def test_the_page_reads_its_examples_as_it_says() -> None:
    page = (Path(__file__).parents[3] / "docs" / "concepts" / "scanning.md").read_text("utf-8")
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    shown = [row for row in rows if len(row) == 3 and row[1].isdecimal()]
    said = []
    for pattern, code, _ in shown:
        found = read_code(pattern=compile_pattern(pattern), code=code, currency="EUR")
        assert found is not None
        said.append((found.article, found.weight, found.weight_unit, found.amount_minor, found.pieces))
    assert said == [
        ("12345", Decimal("0.335"), "kg", None, None),
        ("12345", Decimal(335), "g", None, None),
        ("12345", None, "", 435, None),
        ("1234", None, "", None, 6),
    ]
