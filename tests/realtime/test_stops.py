"""What has run out is on every till of the merchant at once, by the feed's own socket."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from fynlo.core import clock
from fynlo.core.tenancy import tenant_context
from pos.catalog.models import Category, Item, TaxClass
from pos.catalog.services.stops import StopDraft, lift, stop
from tests.factories import ItemFactory
from tests.realtime.client import FeedClient, ticket_for, till
from tests.realtime.conftest import relay_once


@pytest.fixture
def soup(cafe: Any) -> Iterator[Item]:
    """Something the café sells, gone again afterwards."""
    with tenant_context(cafe):
        item = ItemFactory.create(name="Soup")
    yield item
    with tenant_context(cafe):
        Item.objects.filter(pk=item.pk).delete()
        Category.objects.filter(pk=item.category_id).delete()
        TaxClass.objects.filter(pk=item.tax_class_id).delete()


def test_a_stop_and_its_end_reach_every_socket_of_the_merchant(
    cafe: Any, grocer: Any, soup: Item, port: int
) -> None:
    cook = till(permissions=frozenset({"catalog.stop"}))
    with (
        FeedClient(port) as counter,
        FeedClient(port) as terrace,
        FeedClient(port, "grocer.localhost") as elsewhere,
    ):
        for client, tenant in ((counter, cafe), (terrace, cafe), (elsewhere, grocer)):
            client.authenticate(ticket_for(tenant))
        with tenant_context(cafe):
            made = stop(draft=StopDraft(item_id=soup.pk), actor=cook, at=clock.now())
        relay_once(cafe)
        for client in (counter, terrace):
            (told,) = client.events(1)
            assert (told["t"], told["id"], told["data"]) == ("catalog.stopped", made["id"], made)
        with tenant_context(cafe):
            lift(stop_id=UUID(made["id"]), actor=cook, at=clock.now())
        relay_once(cafe)
        for client in (counter, terrace):
            (told,) = client.events(1)
            assert (told["t"], told["data"]["item_id"]) == ("catalog.stop_lifted", str(soup.pk))
        assert elsewhere.heartbeat()["head"] == 0
