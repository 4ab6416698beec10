"""GS1 element strings: article, lot, expiry, weight and price of one scan."""

import datetime as dt
from decimal import Decimal

import pytest

from pos.catalog.barcode_patterns import CodeUnreadable
from pos.catalog.gs1 import Gs1Reading, is_gs1, read_gs1

GTIN = "04006381333931"
EVERYTHING = Gs1Reading(
    gtin=GTIN,
    lot="ABC123",
    use_by=dt.date(2026, 12, 31),
    weight=Decimal("1.250"),
    amount_minor=435,
)


@pytest.mark.parametrize(
    "code",
    [
        f"]C101{GTIN}10ABC123\x1d17261231310300125039220435",
        f"]d2\x1d01{GTIN}10ABC123\x1d17261231310300125039220435",
        f"01{GTIN}10ABC123\x1d17261231310300125039220435",
        f"(01){GTIN}(10)ABC123(17)261231(3103)001250(3922)0435",
    ],
    ids=["code-128", "data-matrix", "bare", "printed"],
)
def test_every_spelling_says_the_same(code: str) -> None:
    assert is_gs1(code)
    assert read_gs1(code=code, currency="EUR") == EVERYTHING


def test_a_day_of_zero_is_the_last_of_the_month() -> None:
    assert read_gs1(code=f"(01){GTIN}(17)280200", currency="EUR").use_by == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    ("element", "currency", "minor"),
    [
        ("(3922)0435", "EUR", 435),
        ("(3920)435", "JPY", 435),
        ("(3923)1250", "KWD", 1250),
        ("(3920)4", "EUR", 400),
    ],
)
def test_a_price_is_in_the_merchants_currency(element: str, currency: str, minor: int) -> None:
    assert read_gs1(code=f"(01){GTIN}{element}", currency=currency).amount_minor == minor


@pytest.mark.parametrize(
    ("element", "weight"),
    [("(3100)000002", "2"), ("(3103)000335", "0.335"), ("(3105)033500", "0.33500")],
)
def test_a_weight_is_exact_at_every_scale(element: str, weight: str) -> None:
    assert read_gs1(code=f"(01){GTIN}{element}", currency="EUR").weight == Decimal(weight)


def test_counts_and_serials() -> None:
    found = read_gs1(code=f"(01){GTIN}(37)24(21)S-1", currency="EUR")
    assert (found.count, found.serial) == (24, "S-1")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("(10)ABC", "names no article"),
        ("(01)04006381333930", "check digit is wrong"),
        (f"(01){GTIN}(17)261399", "no GS1 code"),
        (f"(01){GTIN}(3103)1", "no GS1 code"),
        (f"(01){GTIN}(3923)4351", "finer parts than EUR"),
        (f"01{GTIN}ZZ1", "no GS1 code"),
        (f"(01){GTIN}(10){'x' * 400}", "at most 400"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_reason(code: str, reason: str) -> None:
    with pytest.raises(CodeUnreadable, match=reason):
        read_gs1(code=code, currency="EUR")


@pytest.mark.parametrize("code", ["4006381333931", "2112345003351", "0123456789012", "PLU7", "01"])
def test_ordinary_codes_are_none(code: str) -> None:
    assert not is_gs1(code)
