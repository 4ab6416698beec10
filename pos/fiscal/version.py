"""The version of the fiscal core. It goes up with every change of this package, whatever the change."""

from typing import Final

FISCAL_CORE: Final = "1.0.0"
