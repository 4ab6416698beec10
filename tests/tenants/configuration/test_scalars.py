"""Plain words in YAML: one reading for every reader, or none at all."""

from decimal import Decimal
from typing import Any

import pytest

from tenants.configuration.scalars import Ambiguous, read_plain


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("kiosk", "kiosk"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("DE", "DE"),
        ("0", 0),
        ("-12", -12),
        ("1250", 1250),
        ("0.19", Decimal("0.19")),
        ("0.070", Decimal("0.070")),
        ("true", True),
        ("false", False),
        ("", None),
        ("~", None),
        ("null", None),
        ("yesterday", "yesterday"),
        ("K1", "K1"),
        ("10119 Berlin", "10119 Berlin"),
        ("19 % USt", "19 % USt"),
    ],
)
def test_a_word_with_one_reading_has_its_value(word: str, value: Any) -> None:
    assert read_plain(word) == value
    assert type(read_plain(word)) is type(value)


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        *[
            (word, "a yes/no value")
            for word in ("NO", "no", "No", "yes", "y", "N", "on", "Off", "TRUE", "False")
        ],
        *[(word, "an empty value") for word in ("NULL", "Null")],
        *[(word, "a number to the base of 60") for word in ("04:00", "16:30", "1:2:3", "190:20:30.15")],
        *[(word, "a date") for word in ("2026-01-31", "2026-1-1", "2026-01-31 10:00:00")],
        *[
            (word, "a number")
            for word in ("0123", "+1", "1_000", "0x1F", "0o17", "0b11", "1e3", ".5", "1.", "-.inf")
        ],
        *[(word, "a number") for word in (".NaN", "12345678901234567890")],
        *[(word, "a special key") for word in ("=", "<<")],
    ],
)
def test_a_word_with_two_readings_is_refused(word: str, reading: str) -> None:
    assert read_plain(word) == Ambiguous(word, reading)
