"""The seeded shop has what a sale needs, in each merchant's own schema; a stamped one is the same shop."""

from typing import Any

import pytest

from fynlo.core.tenancy import tenant_context
from payments.ledger.models import Account
from pos.catalog.models import Variant
from tests.factories import shop


@pytest.mark.django_db
def test_a_shop_is_seeded_in_one_schema_and_not_in_the_other(cafe: Any, grocer: Any) -> None:
    seeded = shop(cafe)
    with tenant_context(cafe):
        assert {v.sku: v.price_minor for v in Variant.objects.all()} == {
            "BOOK": 1000,
            "CAPPUCCINO": 380,
            "CHEESE": 1299,
            "ROLL": 45,
        }
        assert Account.objects.count() == 36
    assert seeded.actor().register_id == seeded.register.id
    with tenant_context(grocer):
        assert not Variant.objects.exists()
