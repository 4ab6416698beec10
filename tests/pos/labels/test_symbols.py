"""Symbols, read back from their widths; digits that must be refused."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.catalog.barcodes import BarcodeInvalid
from pos.catalog.gs1 import read_gs1
from pos.labels.symbols.choosing import code_for, dots_of, modules_of, symbol_for
from pos.labels.symbols.code128 import FNC1, code128, segments
from pos.labels.symbols.gs1_strings import Gs1Impossible, element_strings
from tests.pos.labels.decoding import check_digit, read_code128, read_ean, widths_of


@pytest.mark.parametrize("first", list("0123456789"))
def test_an_ean_13_is_read_back_whatever_its_first_digit(first: str) -> None:
    body = f"{first}00638133393"
    code = f"{body}{check_digit(body)}"
    modules = modules_of(code_for(symbol="ean_13", code=code))
    assert len(modules) == 95
    assert read_ean(widths_of(modules)) == code


@settings(max_examples=60, deadline=None)
@given(body=st.text("0123456789", min_size=12, max_size=12))
def test_any_ean_13_is_read_back(body: str) -> None:
    code = f"{body}{check_digit(body)}"
    assert read_ean(widths_of(modules_of(code_for(symbol="ean_13", code=code)))) == code


def test_the_example_of_the_specification_has_its_published_modules() -> None:
    """4 006381 333931 as in GS1's and Wikipedia's figure of an EAN-13."""
    assert modules_of(code_for(symbol="ean_13", code="4006381333931")) == (
        "101" "0001101" "0100111" "0101111" "0111101" "0001001" "0110011" "01010"
        "1000010" "1000010" "1000010" "1110100" "1000010" "1100110" "101"
    )  # fmt: skip


def test_an_ean_8_and_a_upc_are_read_back() -> None:
    ean8 = modules_of(code_for(symbol="ean_8", code="96385074"))
    upc = modules_of(code_for(symbol="upc_a", code="036000291452"))
    assert (len(ean8), read_ean(widths_of(ean8))) == (67, "96385074")
    assert (len(upc), read_ean(widths_of(upc))) == (95, "0036000291452")


@pytest.mark.parametrize(
    "code", ["PLU-4711", "12", "1", "12345", "4006381333931", "A123456B", "A1234", " ~{}^_", "{1{B"]
)
def test_a_code_128_is_read_back(code: str) -> None:
    assert read_code128(widths_of(code128(code))) == code
    assert read_code128(widths_of(code128(code, only_b=True))) == code


@settings(max_examples=200, deadline=None)
@given(code=st.text(st.sampled_from("0123456789AZaz -~" + FNC1), min_size=1, max_size=48))
def test_any_code_128_is_read_back_and_pairs_make_it_no_longer(code: str) -> None:
    shorter, plain = code128(code), code128(code, only_b=True)
    assert read_code128(widths_of(shorter)) == read_code128(widths_of(plain)) == code
    assert all(len(part.text.replace(FNC1, "")) % 2 == 0 for part in segments(code) if part.code_set == "C")


@pytest.mark.parametrize("digits", ["123456", "12345678", "00112233445566"])
def test_even_digits_are_pairs(digits: str) -> None:
    assert len(code128(digits)) == 11 * (1 + len(digits) // 2 + 1) + 13


@pytest.mark.parametrize("text", ["", "Größe", "a\nb", "\x1b@"], ids=["empty", "umlaut", "line", "escape"])
def test_what_is_not_ascii_is_no_code_128(text: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        code128(text)


@pytest.mark.parametrize(
    ("symbol", "code"),
    [
        ("ean_13", "4006381333932"),
        ("ean_13", "40063813339"),
        ("ean_8", "4006381333931"),
        ("upc_a", "A" * 12),
        ("code_128", "Größe"),
        ("qr", "x\x00"),
    ],
)
def test_a_code_that_a_symbol_cannot_carry_is_refused(symbol: str, code: str) -> None:
    with pytest.raises(BarcodeInvalid):
        code_for(symbol=symbol, code=code)


def test_a_upc_is_an_ean_13_with_a_leading_zero() -> None:
    assert code_for(symbol="ean_13", code="036000291452").data == "0036000291452"


def test_codes_have_their_usual_symbols() -> None:
    codes = ["4006381333931", "96385074", "036000291452", "14006381333938", "4711", "AB-1"]
    assert [symbol_for(code) for code in codes] == ["ean_13", "ean_8", "upc_a", "gs1_128"] + ["code_128"] * 2


def test_a_qr_code_has_its_three_finders() -> None:
    rows = dots_of(code_for(symbol="qr", code="4006381333931"))
    assert len(rows) == 21
    finder = [row[:7] for row in rows[:7]]
    assert finder == [row[-7:] for row in rows[:7]] == [row[:7] for row in rows[-7:]]
    assert finder[0] == [True] * 7
    assert finder[1] == [True, *[False] * 5, True]


def test_element_strings_are_read_back_by_the_till() -> None:
    data, text = element_strings(
        gtin="4006381333931", lot="L-7/a", use_by=dt.date(2026, 12, 31), best_before=dt.date(2026, 11, 1)
    )
    assert text == "(01)04006381333931(15)261101(17)261231(10)L-7/a"
    read = read_gs1(code=f"]C1{read_code128(widths_of(code128(data)))[1:]}", currency="EUR")
    assert (read.gtin, read.lot) == ("04006381333931", "L-7/a")
    assert (read.use_by, read.best_before) == (dt.date(2026, 12, 31), dt.date(2026, 11, 1))
    assert data[0] == FNC1


@pytest.mark.parametrize("lot", ["x" * 21, "Größe", "a b", "a\x1db", "a#b"])
def test_a_lot_outside_of_gs1s_characters_is_refused(lot: str) -> None:
    with pytest.raises(Gs1Impossible):
        element_strings(gtin="4006381333931", lot=lot)


def test_more_than_gs1_128_carries_is_refused() -> None:
    with pytest.raises(Gs1Impossible, match="54 characters"):
        element_strings(
            gtin="4006381333931",
            lot="x" * 20,
            use_by=dt.date(2026, 1, 1),
            best_before=dt.date(2026, 1, 1),
        )
