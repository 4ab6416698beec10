"""Movements of two places arrive in any order and are settled now and then: it is as if nothing had been late."""

import random
from decimal import Decimal

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockCostState, StockHead, StockLevel, StockMovement
from pos.inventory.queries.cost_streams import BEGINNING
from pos.inventory.services.settling import settle_all
from tests.factories import LocationFactory, Shop
from tests.pos.inventory.costing.stock import adds_up, hour, move, worth

pytestmark = pytest.mark.django_db


def trade(shop: Shop, seed: int) -> None:
    """Deliveries and sales at one place, what it sends to another and makes there, and bills that come late."""
    chance = random.Random(seed)
    stand = LocationFactory.create()
    sold, delivered = [], []
    for _ in range(40):
        at = float(chance.randrange(1, 400)) / 10
        quantity = str(chance.randrange(1, 9_000_000) / 1_000_000)
        kind = chance.choice(
            ["purchase", "sale", "sale", "back", "send", "send", "make", "stand", "bill", "count"]
        )
        if kind == "purchase":
            value = str(chance.randrange(0, 10_000) / 7)[:12]
            delivered.append(move(shop, "purchase", quantity, value=value, at=at))
        elif kind == "sale":
            sold.append(move(shop, "sale", f"-{quantity}", at=at))
        elif kind == "back" and sold:
            sale = sold.pop(chance.randrange(len(sold)))
            place = chance.choice([shop.location.id, stand.id])
            move(shop, "return", str(-sale.quantity), at=at, original=sale, location_id=place)
        elif kind == "send":
            out = move(shop, "transfer_out", f"-{quantity}", at=at)
            move(shop, "transfer_in", quantity, at=at + 1, original=out, location_id=stand.id)
        elif kind == "make":
            made = new_id()
            move(shop, "production", f"-{quantity}", at=at, document_id=made, location_id=stand.id)
            move(shop, "production", "3", name="book", at=at, document_id=made, location_id=stand.id)
        elif kind == "stand":
            name = chance.choice(["roll", "book"])
            move(shop, "sale", f"-{quantity}", at=at, name=name, location_id=stand.id)
        elif kind == "bill" and delivered:
            receipt = chance.choice(delivered)
            at = (receipt.at - hour(0)).total_seconds() / 3600
            move(shop, "revaluation", "0", value="12.5", at=at, original=receipt)
        elif kind == "count":
            move(shop, "count", quantity, at=at)
        if chance.random() < 0.3:
            list(settle_all(at=hour(100), batch=chance.choice([1, 2, 50])))
    list(settle_all(at=hour(100)))


@pytest.mark.parametrize("method", ["fifo", "average"])
@pytest.mark.parametrize("seed", range(6))
def test_settled_as_they_came_they_cost_what_they_cost_from_the_start(
    here: Shop, seed: int, method: str
) -> None:
    with tenant_context(here.tenant):
        StockHead.objects.update(cost_method=method)
        trade(here, seed)
        assert not StockLevel.objects.exclude(settle_from=None).exists()
        assert adds_up()
        before = {row.pk: worth(row) for row in StockMovement.objects.filter(original=None)}
        StockCostState.objects.all().delete()
        StockLevel.objects.update(settle_from=BEGINNING)
        assert sum(batch.corrections for batch in settle_all(at=hour(101))) == 0
        assert before == {row.pk: worth(row) for row in StockMovement.objects.filter(original=None)}


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_was_sent_is_lost_on_the_way(here: Shop, seed: int) -> None:
    with tenant_context(here.tenant):
        trade(here, seed)
        for arrived in StockMovement.objects.filter(kind="transfer_in"):
            assert abs(worth(arrived) + worth(arrived.original)) < Decimal("0.00001")
