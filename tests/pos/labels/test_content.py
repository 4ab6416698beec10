"""Prices and days on labels, as people of a language write them."""

import datetime as dt

import pytest

from pos.labels.content import detail_texts, price_text, unit_price_text


@pytest.mark.parametrize(
    ("minor", "currency", "language", "text"),
    [
        (1295, "EUR", "de", "12,95 €"),
        (1295, "EUR", "de-AT", "12,95 €"),
        (1295, "EUR", "en", "€12.95"),
        (1295, "GBP", "en-GB", "£12.95"),
        (1295, "CHF", "de", "12,95 CHF"),
        (1295, "JPY", "ja", "¥1295"),
        (1295, "KWD", "en", "1.295 KWD"),
        (5, "EUR", "fr", "0,05 €"),
    ],
)
def test_a_price(minor: int, currency: str, language: str, text: str) -> None:
    assert price_text(minor=minor, currency=currency, language=language) == text


@pytest.mark.parametrize(
    ("minor", "unit", "units", "text"),
    [
        (1295, "each", [{"code": "ml", "numerator": 1, "denominator": 750}], "17,27 €/l"),
        (299, "each", [{"code": "g", "numerator": 1, "denominator": 500}], "5,98 €/kg"),
        (2, "g", [], "20,00 €/kg"),
        (1299, "kg", [], "12,99 €/kg"),
        (350, "m", [], "3,50 €/m"),
        (350, "each", [{"code": "case", "numerator": 12, "denominator": 1}], ""),
        (350, "each", [], ""),
    ],
)
def test_a_unit_price_is_per_kilogram_litre_or_metre(
    minor: int, unit: str, units: list[dict[str, object]], text: str
) -> None:
    assert unit_price_text(minor=minor, unit=unit, units=units, currency="EUR", language="de") == text


def test_lot_and_days_in_words() -> None:
    said = {"lot": "L7", "use_by": dt.date(2026, 12, 31), "best_before": dt.date(2026, 11, 1)}
    assert detail_texts(language="de", **said) == (
        "Charge L7",
        "Mindestens haltbar bis 01.11.2026",
        "Zu verbrauchen bis 31.12.2026",
    )
    assert detail_texts(language="it", lot="", use_by=None, best_before=None) == ()
