"""The chart of accounts: which codes exist, and what each one is called. Pure data, the same for every merchant.

Accounts are found by code. Fixed ones are made when a merchant starts; one per tax class or tender type
follows from its code alone, so whoever needs it first makes the same account as anybody else would.
The meaning of the balances is in `docs/algorithms/ledger.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

RECEIVABLE: Final = "receivable"
CASH: Final = "cash"
CASH_OVER_SHORT: Final = "cash_over_short"
ROUNDING: Final = "rounding"
SERVICE_CHARGE: Final = "service_charge"
TIPS: Final = "tips"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAccount:
    """An account as it is made: its code, its name, and which side of the books it stands on."""

    code: str
    name: str
    kind: str


class UnknownAccount(ValueError):
    """A code that is neither fixed nor one of the patterns; a fault of the code that asked for it."""


_FIXED: Final = {
    RECEIVABLE: ("Customers owe", "asset"),
    CASH: ("Cash in drawers", "asset"),
    CASH_OVER_SHORT: ("Drawers over and short", "expense"),
    ROUNDING: ("Cash rounding", "expense"),
    SERVICE_CHARGE: ("Service charges", "income"),
    TIPS: ("Tips owed to staff", "liability"),
}
_PATTERNS: Final = {
    "sales": ("Sales, {}", "income"),
    "tax": ("Tax owed, {}", "liability"),
    "tender": ("Received by {}", "asset"),
    "house": ("Owed by {}", "asset"),
}


def planned(code: str) -> PlannedAccount:
    """What the account `code` looks like. Raises `UnknownAccount`."""
    if code in _FIXED:
        name, kind = _FIXED[code]
        return PlannedAccount(code=code, name=name, kind=kind)
    pattern, _, member = code.partition(":")
    if pattern not in _PATTERNS or not member:
        raise UnknownAccount(code)
    name, kind = _PATTERNS[pattern]
    return PlannedAccount(code=code, name=name.format(member), kind=kind)


def standard_codes(*, tax_classes: Iterable[str]) -> tuple[str, ...]:
    """The accounts a merchant with these tax classes starts with, in order of their codes."""
    by_class = [f"{pattern}:{code}" for code in tax_classes for pattern in ("sales", "tax")]
    return tuple(sorted({*_FIXED, *by_class}))
