"""Money and currencies as the API reads and writes them."""

from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from fynlo.api.strict_json import MAX_INTEGER
from fynlo.api.validation import UNKNOWN_FIELD
from fynlo.core.money import CURRENCIES, Money

_MEMBERS: Final = ("amount_minor", "currency")


@extend_schema_field(
    {
        "type": "object",
        "required": ["amount_minor", "currency"],
        "additionalProperties": False,
        "properties": {
            "amount_minor": {"type": "integer", "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "example": "EUR"},
        },
    }
)
class MoneyField(serializers.Field[Money, Any, dict[str, Any], Any]):
    """`{"amount_minor": 1250, "currency": "EUR"}`: whole minor units (cents, yen, fils) of a currency.

    Negative amounts are refused unless `allow_negative`. When the serializer's context names a `currency`
    (`ApiView.body` gives the merchant's), another one is refused, unless `any_currency`.
    """

    default_error_messages = {
        "invalid": "Money is an object with amount_minor and currency.",
        UNKNOWN_FIELD: "Money has the members amount_minor and currency only.",
        "not_an_integer": "A whole number of minor units is expected.",
        "negative": "The amount may not be negative.",
        "too_large": "The amount may be {max_minor} at most.",
        "unknown_currency": "This is not a currency code of ISO 4217.",
        "wrong_currency": "Amounts are in {currency} here.",
    }

    def __init__(
        self,
        *,
        allow_negative: bool = False,
        any_currency: bool = False,
        max_minor: int = MAX_INTEGER,
        **kwargs: Any,
    ) -> None:
        self.allow_negative, self.any_currency = allow_negative, any_currency
        self.max_minor = max_minor
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Money:
        """The amount; each member reports its own problem."""
        if not isinstance(data, Mapping):
            self.fail("invalid")
        problems = {name: self._problem(UNKNOWN_FIELD) for name in data if name not in _MEMBERS}
        for member, check in (("amount_minor", self._amount_problem), ("currency", self._currency_problem)):
            key = "required" if member not in data else check(data[member])
            if key is not None:
                problems[member] = self._problem(key)
        if problems:
            raise ValidationError(problems)
        return Money(data["amount_minor"], data["currency"])

    def _amount_problem(self, amount: Any) -> str | None:
        if type(amount) is not int:
            return "not_an_integer"
        if amount < 0 and not self.allow_negative:
            return "negative"
        return "too_large" if abs(amount) > self.max_minor else None

    def _currency_problem(self, currency: Any) -> str | None:
        if type(currency) is not str or currency not in CURRENCIES:
            return "unknown_currency"
        wanted = currency if self.any_currency else self.context.get("currency", currency)
        return "wrong_currency" if currency != wanted else None

    def _problem(self, key: str) -> list[ErrorDetail]:
        text = self.error_messages[key].format(
            currency=self.context.get("currency"), max_minor=self.max_minor
        )
        return [ErrorDetail(text, code=key)]

    def to_representation(self, value: Money) -> dict[str, Any]:
        """The object of amount and currency."""
        return {"amount_minor": value.minor, "currency": value.currency}


class CurrencyField(serializers.Field[str, str, str, Any]):
    """A currency code of ISO 4217 in capitals."""

    default_error_messages = {"unknown_currency": "This is not a currency code of ISO 4217."}

    def to_internal_value(self, data: Any) -> str:
        """The code."""
        if type(data) is not str or data not in CURRENCIES:
            self.fail("unknown_currency")
        return str(data)

    def to_representation(self, value: Any) -> str:
        """The code."""
        return str(value)
