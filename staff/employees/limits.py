"""How far somebody may go by themselves: limits by name, and what the standard roles start with. Pure.

A limit is a whole number: percent, or minor units of the merchant's currency. A name that is not among
somebody's limits has no limit. Whoever goes further needs an approval (`staff.access.services.approvals`).
The standard numbers fit currencies with two digits after the point; a merchant with another one states theirs.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LIMITS: Final = MappingProxyType(
    {
        "discount_percent": "Discount by hand, in percent of what it is given on",
        "discount_minor": "Discount by hand, in minor units",
        "override_percent": "Price by hand, in percent below the list price",
        "void_minor": "Voiding and cancelling, in minor units",
        "refund_minor": "Refunding, in minor units",
        "paid_out_minor": "Taking money out of a drawer, in minor units",
        "gift_card_minor": "Giving value away on gift cards and correcting them, in minor units",
        "variance_minor": "Closing a drawer that is over or short, in minor units",
    }
)
PERCENT_SUFFIX: Final = "_percent"
MOST_MINOR: Final = 10**12
CASHIER: Final = "cashier"

Limits = Mapping[str, int]
"""Limits in force, by name; what is not there is not limited."""

STANDARD_LIMITS: Final[Mapping[str, Limits]] = MappingProxyType(
    {
        CASHIER: MappingProxyType(
            {
                "discount_percent": 10,
                "discount_minor": 2_000,
                "override_percent": 10,
                "void_minor": 5_000,
                "refund_minor": 5_000,
                "paid_out_minor": 5_000,
                "gift_card_minor": 0,
                "variance_minor": 500,
            }
        ),
        "manager": MappingProxyType(
            {
                "discount_percent": 50,
                "discount_minor": 50_000,
                "override_percent": 50,
                "void_minor": 200_000,
                "refund_minor": 200_000,
                "paid_out_minor": 200_000,
                "gift_card_minor": 20_000,
                "variance_minor": 10_000,
            }
        ),
    }
)
"""What a role's limits are until the merchant says otherwise; the owner has none."""


def highest(name: str) -> int:
    """The highest number a limit may be."""
    return 100 if name.endswith(PERCENT_SUFFIX) else MOST_MINOR


def limits_in_force(*, role_code: str, stated: Mapping[str, int | None]) -> Limits:
    """The limits of a role: the standard ones, with what the merchant stated instead (None: no limit)."""
    every = {**STANDARD_LIMITS.get(role_code, {}), **stated}
    return {name: limit for name, limit in every.items() if name in LIMITS and limit is not None}
