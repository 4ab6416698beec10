"""Amounts in forms: people type 12.50, the service is given 1250 minor units of the merchant's currency."""

from decimal import Decimal
from typing import Any

from django import forms

from fynlo.core.money import MAX_MINOR, exponent
from fynlo.core.tenancy import current_tenant


class AmountField(forms.DecimalField):
    """An amount of the merchant's currency, in its major unit; the value is whole minor units."""

    def __init__(self, **kwargs: Any) -> None:
        self.digits = exponent(current_tenant().currency)
        most = Decimal(MAX_MINOR).scaleb(-self.digits)
        super().__init__(decimal_places=self.digits, min_value=Decimal(0), max_value=most, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the form: the major unit of what the record has, or what was typed."""
        return Decimal(value).scaleb(-self.digits) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Whole minor units; None where nothing was typed and nothing is needed."""
        amount = super().clean(value)
        return None if amount is None else int(amount.scaleb(self.digits))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount was typed."""
        return super().has_changed(self.prepare_value(initial), data)
