"""What the platform keeps of payments of accounts that are connected to it, as its deployment says."""

from dataclasses import replace
from typing import Any

import pytest

from fynlo.core.money import Money
from payments.gateways.base import ConnectionFacts
from payments.gateways.stripe.gateway import StripeGateway
from payments.gateways.stripe.platform_fees import fee_on
from tests.payments.gateways.asking import eur

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("minor", "currency", "points", "fixed", "fee"),
    [
        (1900, "EUR", 150, 10, 39),  # 28.5 is 29
        (1900, "EUR", 0, 0, 0),
        (100, "EUR", 150, 0, 2),  # 1.5 is 2
        (99, "EUR", 150, 0, 1),
        (5, "EUR", 0, 10, 5),
        (12_345, "KWD", 100, 0, 120),  # 123.45; the vendor has no unit for single fils
        (500, "JPY", 250, 5, 18),  # 12.5 is 13
    ],
)
def test_a_fee_is_exact_rounded_half_up_and_never_more_than_the_amount(
    minor: int, currency: str, points: int, fixed: int, fee: int
) -> None:
    assert fee_on(Money(minor, currency), basis_points=points, fixed_minor=fixed) == fee


def test_merchants_with_keys_of_their_own_pay_none(settings: Any, connection: ConnectionFacts) -> None:
    settings.FYNLO_STRIPE_FEE_BASIS_POINTS, settings.FYNLO_STRIPE_FEE_FIXED = 150, {"EUR": 10}
    gateway = StripeGateway()
    assert gateway.platform_fee(connection=connection, amount=eur(1900)) == 39
    own = replace(connection, secrets={"secret_key": "sk_own"})
    assert gateway.platform_fee(connection=own, amount=eur(1900)) == 0
