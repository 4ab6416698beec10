"""Fields that shapes of buying share."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from rest_framework.exceptions import ErrorDetail, ValidationError

from fynlo.api.fields import QuantityField, TextField, TimestampField

MAX_EMAIL = 254
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


class EmailField(TextField):
    """An address that mail can be sent to; one, without a name."""

    default_error_messages = {"not_an_address": "An e-mail address is expected."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_EMAIL)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """The address."""
        text = super().to_internal_value(data)
        if text:
            try:
                validate_email(text)
            except DjangoValidationError:
                raise ValidationError(
                    [ErrorDetail(str(self.error_messages["not_an_address"]), code="not_an_address")]
                ) from None
        return text


class MomentField(TimestampField):
    """When something happened, from 2000 to 2099: other times are mistakes of a program."""

    default_error_messages = {"out_of_range": "A time from 2000 to 2099 is expected."}

    def to_internal_value(self, data: Any) -> Any:
        """The instant, in UTC."""
        value = super().to_internal_value(data)
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            self.fail("out_of_range")
        return value


class AmountField(QuantityField):
    """A quantity from 0 on."""

    default_error_messages = {"negative": "The number may not be below zero."}

    def to_internal_value(self, data: Any) -> Any:
        """The number; a negative one is refused."""
        value = super().to_internal_value(data)
        if value < 0:
            self.fail("negative")
        return value
