"""Costs as the API reads and tells them: minor units with decimals, as text."""

import re
from decimal import Decimal
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field

from fynlo.api.fields import QuantityField
from pos.inventory.quantities import COST_PLACES, plain_cost

COST_PATTERN: Final = rf"(0|[1-9][0-9]{{0,14}})(\.[0-9]{{1,{COST_PLACES}}})?"


@extend_schema_field({"type": "string", "pattern": f"^{COST_PATTERN}$", "example": "0.21"})
class CostField(QuantityField):
    """Minor units of the merchant's currency, from 0 on, with up to nine places: `"0.21"` is a fifth of a cent.

    NaN, infinity, exponents and negative numbers are refused.
    """

    default_error_messages = {
        "invalid": 'Minor units as text are expected, from "0" on, such as "1250" or "0.21".',
    }

    def to_internal_value(self, data: Any) -> Decimal:
        """The cost, exactly as written."""
        if type(data) is not str or not re.fullmatch(COST_PATTERN, data, re.ASCII):
            self.fail("invalid")
        return Decimal(data)

    def to_representation(self, value: Decimal) -> str:
        """Plain digits without trailing zeros."""
        return plain_cost(value)
