"""A card that got a PIN after it had paid: money goes back onto it, and paying takes the PIN."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.credit.models import StoredValue
from tests.contracts.gateways.case import Case
from tests.contracts.gateways.worlds.stored import GiftCard
from tests.factories import shop

pytestmark = pytest.mark.django_db


def test_money_goes_back_onto_a_card_that_has_a_pin_by_now(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        case = Case(shop=here, world=GiftCard())
        attempt = case.paid()
        StoredValue.objects.update(pin_hash="a hash")
        assert case.back(attempt, 400).state == "succeeded"
        assert case.world.back(attempt.pk) == [400]
        asked = case.begun()
        assert (asked.state, asked.failure_code) == ("declined", "pin_needed")
