"""Shapes of what is said and told about places, drawers and closings."""

from pos.registers.serializers.closings import (
    ClosingHeadOutput,
    ClosingOutput,
    DrawerVariancesOutput,
    XReportOutput,
)
from pos.registers.serializers.places import (
    DenominationsOutput,
    DrawerInput,
    DrawerOutput,
    LocationInput,
    LocationOutput,
    RegisterInput,
    RegisterOutput,
)
from pos.registers.serializers.quick_keys import QuickKeysInput, QuickKeysOutput
from pos.registers.serializers.sessions import (
    CashMovementOutput,
    CashSessionOutput,
    ClosingInput,
    CountedSessionOutput,
    DrawerCountInput,
    MoneyInAnyCurrency,
    MovementInput,
    OpeningInput,
    RecountInput,
)

__all__ = [
    "CashMovementOutput",
    "CashSessionOutput",
    "ClosingHeadOutput",
    "ClosingInput",
    "ClosingOutput",
    "CountedSessionOutput",
    "DenominationsOutput",
    "DrawerCountInput",
    "DrawerInput",
    "DrawerOutput",
    "DrawerVariancesOutput",
    "LocationInput",
    "LocationOutput",
    "MoneyInAnyCurrency",
    "MovementInput",
    "OpeningInput",
    "QuickKeysInput",
    "QuickKeysOutput",
    "RecountInput",
    "RegisterInput",
    "RegisterOutput",
    "XReportOutput",
]
