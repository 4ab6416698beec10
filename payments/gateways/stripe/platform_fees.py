"""The platform's own fee on a payment of a connected account: a part of it and a fixed amount.

The deployment sets it; merchants and tills cannot. It is asked for with the payment (`application_fee_amount`), and
goes back in proportion with its refunds.
"""

from fractions import Fraction
from typing import Final

from django.conf import settings

from fynlo.core.money import Money, round_half_up
from payments.gateways.base import ConnectionFacts
from payments.gateways.stripe.amounts import rounded_down

_WHOLE: Final = 10_000


def platform_fee(*, connection: ConnectionFacts, amount: Money) -> int:
    """The fee on `amount` in its minor units; nothing where the merchant has keys of their own."""
    if connection.secrets.get("secret_key"):
        return 0
    points, fixed = settings.FYNLO_STRIPE_FEE_BASIS_POINTS, settings.FYNLO_STRIPE_FEE_FIXED
    return fee_on(amount, basis_points=points, fixed_minor=fixed.get(amount.currency, 0))


def fee_on(amount: Money, *, basis_points: int, fixed_minor: int) -> int:
    """So many hundredths of a percent, half a minor unit rounded up, plus the fixed part; at most all. Pure.

    Some amounts have no unit at the vendor: then the fee is the next one below that has.
    """
    part = round_half_up(Fraction(amount.minor * basis_points, _WHOLE))
    return rounded_down(min(part + fixed_minor, amount.minor), amount.currency)
