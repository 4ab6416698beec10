"""Barcodes: check digits by the GS1 rule, the merchant's own codes, and numbers a spreadsheet has spoilt."""

import pytest

from pos.catalog.barcodes import BarcodeInvalid, check_digit, read_barcode, same_code


@pytest.mark.parametrize(
    "code",
    [
        "4006381333931",  # EAN-13
        "96385074",  # EAN-8
        "036000291452",  # UPC-A
        "10012345678902",  # ITF-14
        "4011",  # a PLU
        "ESP-250/G",  # Code 128
    ],
)
def test_right_codes_are_kept_as_they_are(code: str) -> None:
    assert read_barcode(code) == code


def test_the_spaces_of_the_printed_form_are_removed() -> None:
    assert read_barcode("4 006381 333931") == "4006381333931"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("4006381333932", "the last digit is 2 but should be 1"),
        ("96385070", "the last digit is 0 but should be 4"),
        ("036000291453", "the last digit is 3 but should be 2"),
        ("10012345678901", "the last digit is 1 but should be 2"),
        ("36000291452", "11 digits; a barcode number has 8, 12, 13 or 14 (is a leading zero missing?)"),
        (
            "4,00638E+12",
            "a spreadsheet has shortened this number; format the column as text and enter it again",
        ),
        ("４００６３８１３３３９３１", "a barcode is 1 to 48 letters, digits and signs of ASCII"),
        ("A" * 49, "a barcode is 1 to 48 letters, digits and signs of ASCII"),
        ("", "a barcode is 1 to 48 letters, digits and signs of ASCII"),
        ("A\x1dB", "a barcode is 1 to 48 letters, digits and signs of ASCII"),
    ],
)
def test_wrong_codes_are_refused_with_the_reason(code: str, reason: str) -> None:
    with pytest.raises(BarcodeInvalid) as caught:
        read_barcode(code)
    assert str(caught.value) == reason


def test_a_tenth_weighted_sum_gives_zero() -> None:
    # 7·3 + 3·1 + 5·3 + 1·1 + 0 = 40 → 0
    assert check_digit("0001537") == "0"


def test_a_upc_and_the_ean_with_a_leading_zero_are_one_code() -> None:
    assert same_code("036000291452") == same_code("0036000291452") == "00036000291452"
    assert same_code("4011") == "4011"
