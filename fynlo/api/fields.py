"""Fields of input: one JSON type each, in one spelling, and nothing is converted silently.

REST framework's own fields are generous: `true` and `"1"` are integers, `1` is text, `"yes"` is a boolean, a
UUID may come in five spellings. Generosity hides mistakes of a client until they cost money, so each field
here takes exactly one JSON type in exactly one spelling.
"""

import datetime as dt
import re
import unicodedata
import uuid
from decimal import Decimal
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from fynlo.api.money_fields import CurrencyField, MoneyField
from fynlo.api.serializers import MAX_ITEMS, StrictListSerializer, StrictSerializer, hint
from fynlo.api.strict_json import MAX_INTEGER
from fynlo.core.clock import rfc3339
from fynlo.core.ids import is_uuid7

__all__ = [
    "BooleanField",
    "ChoiceField",
    "CurrencyField",
    "DateField",
    "IdField",
    "IntegerField",
    "ListField",
    "MoneyField",
    "QuantityField",
    "StrictListSerializer",
    "StrictSerializer",
    "TextField",
    "TimestampField",
]

MAX_TEXT: Final = 255
QUANTITY_PATTERN: Final = r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?"
TIMESTAMP_PATTERN: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
ID_PATTERN: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


class TextField(serializers.CharField):
    """Text: trimmed, then neither empty (unless `allow_blank`) nor longer than `max_length` characters.

    Control characters are refused, line breaks too unless `multiline`.
    """

    default_error_messages = {
        "invalid": "Text is expected.",
        "control_character": "Control characters are not allowed.",
    }

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        kwargs.setdefault("max_length", MAX_TEXT)
        super().__init__(**kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Refuse other JSON types before REST framework turns them into text."""
        if data is not serializers.empty and data is not None and type(data) is not str:
            self.fail("invalid")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        """The trimmed text."""
        text = data.strip()
        allowed = "\n\t" if self.multiline else ""
        if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in allowed for char in text):
            self.fail("control_character")
        return str(text)


class IntegerField(serializers.IntegerField):
    """A JSON integer; neither text nor boolean. Bounds by `min_value` and `max_value` (at most 2^53 - 1)."""

    default_error_messages = {"invalid": "A whole number is expected."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", -MAX_INTEGER)
        kwargs.setdefault("max_value", MAX_INTEGER)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """The integer itself."""
        if type(data) is not int:
            self.fail("invalid")
        return int(data)


class BooleanField(serializers.BooleanField):
    """`true` or `false`; never 1, 0, "yes" or "on"."""

    default_error_messages = {"invalid": "true or false is expected."}

    def to_internal_value(self, data: Any) -> bool:
        """The boolean itself."""
        if type(data) is not bool:
            self.fail("invalid")
        return bool(data)


class ChoiceField(serializers.ChoiceField):
    """One of a few known texts, spelled exactly."""

    default_error_messages = {"invalid_choice": "This is not one of the known values. {hint}"}

    def to_internal_value(self, data: Any) -> str:
        """The chosen text."""
        known = [str(choice) for choice in self.choices]
        if type(data) is not str or data not in known:
            self.fail("invalid_choice", hint=hint(data if type(data) is str else "", known))
        return str(data)


class ListField(serializers.ListField):
    """A JSON array of scalars, at most `MAX_ITEMS` unless `max_length` says otherwise."""

    default_error_messages = {"not_a_list": "A list is expected."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_ITEMS)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        """The validated items."""
        if type(data) is not list:
            self.fail("not_a_list")
        return list(super().to_internal_value(data))


@extend_schema_field({"type": "string", "format": "uuid", "pattern": f"^{ID_PATTERN}$"})
class IdField(serializers.Field[uuid.UUID, str, str, Any]):
    """A UUIDv7 in its canonical spelling: lower case, with hyphens (RFC 9562)."""

    default_error_messages = {"invalid": "A UUIDv7 in lower case with hyphens is expected."}

    def to_internal_value(self, data: Any) -> uuid.UUID:
        """The identifier."""
        if type(data) is not str or not re.fullmatch(ID_PATTERN, data):
            self.fail("invalid")
        value = uuid.UUID(data)
        if not is_uuid7(value):
            self.fail("invalid")
        return value

    def to_representation(self, value: Any) -> str:
        """The canonical spelling."""
        return str(value)


@extend_schema_field({"type": "string", "pattern": f"^{QUANTITY_PATTERN}$", "example": "0.250"})
class QuantityField(serializers.Field[Decimal, str, str, Any]):
    """A decimal number as text: up to 12 digits before the point and 6 after it, ASCII, no exponent.

    `positive` refuses zero and below; `places` allows fewer digits after the point.
    """

    default_error_messages = {
        "invalid": 'A decimal number as text is expected, such as "1" or "0.250".',
        "not_positive": "The number must be greater than zero.",
        "too_precise": "At most {places} digits after the point are allowed.",
    }

    def __init__(self, *, positive: bool = False, places: int = 6, **kwargs: Any) -> None:
        self.positive, self.places = positive, places
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        """The number, exactly as written (a negative zero becomes zero)."""
        if type(data) is not str or not re.fullmatch(QUANTITY_PATTERN, data):
            self.fail("invalid")
        value = Decimal(data)
        if len(data.partition(".")[2]) > self.places:
            self.fail("too_precise", places=self.places)
        if self.positive and value <= 0:
            self.fail("not_positive")
        return value or abs(value)

    def to_representation(self, value: Decimal) -> str:
        """Plain digits, never an exponent."""
        return f"{value:f}"


@extend_schema_field({"type": "string", "format": "date-time", "pattern": f"^{TIMESTAMP_PATTERN}$"})
class TimestampField(serializers.Field[dt.datetime, str, str, Any]):
    """An instant as RFC 3339 writes it, with `Z` or an offset; answered in UTC with milliseconds."""

    default_error_messages = {
        "invalid": 'A time such as "2026-03-01T12:00:00.000Z" is expected (RFC 3339, with its offset).'
    }

    def to_internal_value(self, data: Any) -> dt.datetime:
        """The instant, aware, in UTC."""
        if type(data) is not str or not re.fullmatch(TIMESTAMP_PATTERN, data):
            self.fail("invalid")
        try:
            return dt.datetime.fromisoformat(data).astimezone(dt.UTC)
        except (ValueError, OverflowError):
            self.fail("invalid")

    def to_representation(self, value: dt.datetime) -> str:
        """UTC with milliseconds and `Z`."""
        return rfc3339(value)


@extend_schema_field({"type": "string", "format": "date"})
class DateField(serializers.Field[dt.date, str, str, Any]):
    """A calendar day, `YYYY-MM-DD`."""

    default_error_messages = {"invalid": 'A date such as "2026-03-01" is expected.'}

    def to_internal_value(self, data: Any) -> dt.date:
        """The day."""
        if type(data) is not str or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
            self.fail("invalid")
        try:
            return dt.date.fromisoformat(data)
        except ValueError:
            self.fail("invalid")

    def to_representation(self, value: dt.date) -> str:
        """The day."""
        return value.isoformat()
