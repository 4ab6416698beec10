"""Pairing codes as people read and type them."""

import pytest

from sync.terminals.codes import ALPHABET, Code, new_code, read_code


def test_the_alphabet_is_crockfords() -> None:
    assert ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_a_new_code_has_two_halves_of_four_and_reads_back_as_itself() -> None:
    code = new_code()
    assert len(code.text) == 9
    assert code.text[4] == "-"
    assert set(code.selector + code.secret) <= set(ALPHABET)
    assert read_code(code.text) == code


def test_a_thousand_codes_differ() -> None:
    assert len({new_code().text for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed", ["ABCD-EFGH", "abcd-efgh", "abcdefgh", " AB CD  EF GH ", "ABCD--EFGH", "aBcD eFgH"]
)
def test_case_spaces_and_hyphens_do_not_matter(typed: str) -> None:
    assert read_code(typed) == Code("ABCD", "EFGH")


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    assert read_code("OIL0-oil1") == Code("0110", "0111")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ABCD",
        "ABCD-EFG",
        "ABCD-EFGHJ",
        "ABCD-EFGU",
        "ABCD_EFGH",
        "ABCD-EFG!",
        "ÄBCD-EFGH",
        "٠١٢٣-٤٥٦٧",
        "A" * 21,
    ],
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_code_does_not_show_its_secret_half() -> None:
    assert repr(Code("ABCD", "EFGH")) == "Code(selector='ABCD')"
