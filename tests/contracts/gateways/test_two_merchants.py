"""Two merchants at the same vendor, with equal ids everywhere: neither sees or pays the other's."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.gateways import states
from payments.gateways.models import Attempt
from tests.contracts.gateways.case import Case
from tests.contracts.gateways.worlds.simulated import Simulated
from tests.factories import shop

pytestmark = pytest.mark.django_db


def opened(tenant: Any) -> Case:
    here = shop(tenant)
    with tenant_context(tenant):
        return Case(shop=here, world=Simulated())


def test_equal_ids_at_two_merchants_are_two_payments(cafe: Any, grocer: Any) -> None:
    key = new_id()
    first, second = opened(cafe), opened(grocer)
    with tenant_context(grocer):
        waiting = second.begun(id=key)
    with tenant_context(cafe):
        paid = first.paid(id=key)
        first.once(paid)
    with tenant_context(grocer):
        second.later(minutes=10)
        assert second.look(waiting).state == states.PRESENTED
        assert second.world.taken(key) == []
        assert Attempt.objects.get(pk=key).captured_minor == 0
        second.once(second.converged(waiting))


def test_a_bell_of_one_merchant_finds_nothing_at_the_other(cafe: Any, grocer: Any) -> None:
    first, second = opened(cafe), opened(grocer)
    with tenant_context(cafe):
        attempt = first.begun()
        first.world.pay(attempt)
        bells = first.world.bells()
    with tenant_context(grocer):
        assert bells
        assert [second.ring(bell) for bell in bells] == [["stored"]]
        assert not Attempt.objects.exists()
