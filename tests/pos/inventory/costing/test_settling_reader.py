"""After a sale the reader `stock` starts settling; nothing else of the feed does, but another way to reckon."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from fynlo.celery import app
from fynlo.core.tenancy import tenant_context
from fynlo.events.delivery import deliver
from fynlo.events.subscriptions import subscription
from pos.inventory.models import StockMovement
from pos.inventory.subscribers import READER
from tests.factories import Shop, TillClient, order_body, paired_till, signed_in
from tests.pos.inventory.costing.stock import level, move, settled, worth

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Tasks run where they are started."""
    before, app.conf.task_always_eager = app.conf.task_always_eager, True
    yield
    app.conf.task_always_eager = before


def read(shop: Shop) -> None:
    with tenant_context(shop.tenant):
        while deliver(subscription=subscription(READER)).again:
            pass


def test_a_sale_is_settled_after_it(here: Shop, till: TillClient) -> None:
    with tenant_context(here.tenant):
        move(here, "purchase", "10", value="300", at=1)
    order = till.post("/orders", order_body((here.variants["roll"], "2"))).json()
    with tenant_context(here.tenant):
        sale = StockMovement.objects.get(order_id=order["id"])
        assert (worth(sale), level(here).settle_from is None) == (0, False)
    read(here)
    with tenant_context(here.tenant):
        assert (worth(sale), level(here).settle_from, level(here).unit_cost_minor) == (-60, None, Decimal(30))


def test_another_method_is_taken_on(here: Shop) -> None:
    with tenant_context(here.tenant):
        move(here, "purchase", "1", value="10", at=1)
        move(here, "purchase", "1", value="30", at=2)
        sale = move(here, "sale", "-1", at=3)
        settled(here)
        assert worth(sale) == -20
    manager = TillClient(here.tenant, signed_in(here.tenant, paired_till(here.tenant), role="manager"))
    rules = manager.get("/stock-settings")
    changed = manager.put(
        "/stock-settings", {**rules.json(), "cost_method": "fifo"}, If_Match=rules.headers["ETag"]
    )
    assert changed.status_code == 200
    read(here)
    with tenant_context(here.tenant):
        assert worth(sale) == -10


def test_other_facts_start_nothing(here: Shop) -> None:
    with tenant_context(here.tenant):
        move(here, "purchase", "1", value="10", at=1)
        settled(here)
        move(here, "sale", "-1", at=3)
    read(here)
    with tenant_context(here.tenant):
        assert level(here).settle_from is not None
