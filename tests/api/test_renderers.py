"""What the API writes: one form for each kind of value."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from fynlo.api.renderers import dumps
from fynlo.core.money import Money


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(1250, "EUR"), b'{"amount_minor":1250,"currency":"EUR"}'),
        (Decimal("1.500"), b'"1.500"'),
        (Decimal("1E+3"), b'"1000"'),
        (uuid.UUID("01920000-0000-7000-8000-0000000000AA"), b'"01920000-0000-7000-8000-0000000000aa"'),
        (
            dt.datetime(2026, 3, 1, 13, 0, 0, 123456, dt.timezone(dt.timedelta(hours=1))),
            b'"2026-03-01T12:00:00.123Z"',
        ),
        (dt.date(2026, 3, 1), b'"2026-03-01"'),
        (frozenset({"b", "a"}), b'["a","b"]'),
        ({"b": 1, "a": None}, b'{"b":1,"a":null}'),
        ({"wide": 2**64, "é": Decimal("0.5")}, '{"wide":18446744073709551616,"é":"0.5"}'.encode()),
        ("Café \u2028 \U0001f600", '"Café \u2028 \U0001f600"'.encode()),
    ],
)
def test_each_kind_of_value_has_one_form(value, text):
    assert dumps(value) == text
    assert dumps([value]) == b"[" + text + b"]"


@pytest.mark.parametrize("value", [object(), dt.datetime(2026, 3, 1), b"bytes"])  # noqa: DTZ001  naive on purpose
def test_what_has_no_form_is_an_error(value):
    with pytest.raises(TypeError):
        dumps(value)
