"""Alerts: raised once when something is the matter, cleared once when it no longer is, told to the feed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.core.ids import new_id
from fynlo.core.tasks import HEADER
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head, read_after, unit_of_work
from pos.inventory.models import StockAlert, StockHead, StockItem, StockMovement, StockTarget
from pos.inventory.services.alerts import watch, watch_all
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle, settle_all
from pos.inventory.tasks import watch_expiry
from tests.factories import LocationFactory, Shop
from tests.pos.inventory.lots.lots import AT, receive, sell, track

pytestmark = pytest.mark.django_db


def target(shop: Shop, name: str, **figures: str) -> None:
    with tenant_context(shop.tenant):
        StockTarget.objects.create(
            variant=shop.variants[name],
            location=shop.location,
            **{key: Decimal(value) for key, value in figures.items()},
        )


def move(shop: Shop, name: str, quantity: str, *, at: dt.datetime = AT) -> None:
    """Goods come or go, and costs and alerts are settled in the same transaction, as services do."""
    kind = StockMovement.PURCHASE if Decimal(quantity) > 0 else StockMovement.WASTE
    cause = Cause(
        kind=kind,
        location_id=shop.location.id,
        at=at,
        business_date=at.date(),
        recorded_at=at,
        document_id=new_id(),
    )
    key = shop.variants[name].id
    with tenant_context(shop.tenant), unit_of_work():
        record_movements(cause=cause, changes=[StockChange(variant_id=key, quantity=Decimal(quantity))])
        settle(levels=[(shop.location.id, key)], at=at)


def opened(shop: Shop) -> dict[str, dict[str, Any]]:
    """What is open, by kind, with what was so when it was raised."""
    with tenant_context(shop.tenant):
        return {row.kind: row.data for row in StockAlert.objects.filter(cleared_at__isnull=True)}


def told(shop: Shop) -> list[tuple[str, str]]:
    """What the feed says of alerts, in its order."""
    with tenant_context(shop.tenant):
        items = read_after(position=0, limit=1000)
    return [(item.t, item.data["kind"]) for item in items if item.t.startswith("stock.alert_")]


def test_low_and_out_are_raised_as_it_falls_and_cleared_as_it_rises(here: Shop) -> None:
    target(here, "roll", reorder_point="5")
    move(here, "roll", "8")
    assert opened(here) == {}
    move(here, "roll", "-3")
    assert opened(here) == {"low": {"available": "5", "reorder_point": "5"}}
    move(here, "roll", "-5")
    assert set(opened(here)) == {"low", "out"}
    move(here, "roll", "2.5")
    assert set(opened(here)) == {"low"}
    move(here, "roll", "10")
    assert opened(here) == {}
    raised, cleared = "stock.alert_raised", "stock.alert_cleared"
    assert told(here) == [(raised, "low"), (raised, "out"), (cleared, "out"), (cleared, "low")]


def test_too_much_is_raised_above_the_maximum(here: Shop) -> None:
    target(here, "roll", maximum="10")
    move(here, "roll", "10")
    assert opened(here) == {}
    move(here, "roll", "0.5")
    assert opened(here) == {"over": {"on_hand": "10.5", "maximum": "10"}}


def test_a_sale_is_looked_at_by_the_task_that_settles_it(here: Shop) -> None:
    sell(here, ("roll", "1", {}))
    assert opened(here) == {}
    with tenant_context(here.tenant):
        list(settle_all(at=AT))
    assert opened(here) == {"out": {"on_hand": "-1", "available": "-1"}}
    with tenant_context(here.tenant):
        list(settle_all(at=AT))
    assert told(here) == [("stock.alert_raised", "out")]


def test_what_was_told_is_not_told_again(here: Shop) -> None:
    target(here, "roll", reorder_point="5")
    move(here, "roll", "4")
    move(here, "roll", "-1")
    place = (here.location.id, here.variants["roll"].id)
    with tenant_context(here.tenant):
        before = head()
        with unit_of_work():
            assert watch(levels=[place, place], at=AT) == 0
        assert head() == before
    assert told(here) == [("stock.alert_raised", "low")]
    assert opened(here) == {"low": {"available": "4", "reorder_point": "5"}}


def test_the_feed_tells_the_whole_alert(here: Shop) -> None:
    track(here, roll="lot")
    lots = receive(here, "roll", ("A7", "2", dt.date(2026, 3, 5)))
    with tenant_context(here.tenant):
        assert sum(watch_all(at=AT)) == 1
        alert = StockAlert.objects.get()
        (item,) = [item for item in read_after(position=0, limit=1000) if item.t == "stock.alert_raised"]
    assert item.data == {
        "id": str(alert.pk),
        "kind": "expiring",
        "variant_id": str(here.variants["roll"].id),
        "location_id": str(here.location.id),
        "lot_id": str(lots["A7"]),
        "lot": "A7",
        "raised_at": "2026-03-01T12:00:00.000Z",
        "cleared_at": None,
        "data": {"on_hand": "2", "expires_on": "2026-03-05", "days_left": 4},
    }


@pytest.mark.parametrize(
    ("expires", "kinds"),
    [(dt.date(2026, 3, 8), ["expiring"]), (dt.date(2026, 3, 9), [])],
    ids=["in 7", "in 8"],
)
def test_lots_are_alerted_so_many_days_before_they_expire(
    here: Shop, expires: dt.date, kinds: list[str]
) -> None:
    track(here, roll="lot")
    receive(here, "roll", ("A", "1", expires))
    with tenant_context(here.tenant):
        list(watch_all(at=AT))
    assert list(opened(here)) == kinds


def test_each_location_has_its_own_day(here: Shop) -> None:
    """At 22:30 UTC it is the 2nd of March in Berlin, and still the 1st where the night counts to the day before."""
    track(here, roll="lot")
    with tenant_context(here.tenant):
        bar = LocationFactory.create(code="bar", time_zone="Europe/Berlin", cut_off=dt.time(4))
        day = LocationFactory.create(code="day", time_zone="Europe/Berlin", cut_off=dt.time(0))
    for place in (bar, day):
        receive(here, "roll", (f"LOT-{place.code}", "1", dt.date(2026, 3, 9)), location_id=place.id)
    with tenant_context(here.tenant):
        list(watch_all(at=dt.datetime(2026, 3, 1, 23, 30, tzinfo=dt.UTC)))
        assert [row.location_id for row in StockAlert.objects.all()] == [day.id]
        list(watch_all(at=dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)))
        assert {row.location_id for row in StockAlert.objects.all()} == {day.id, bar.id}


def test_an_expiring_lot_is_cleared_when_it_is_sold(here: Shop) -> None:
    track(here, roll="lot")
    receive(here, "roll", ("A", "2", dt.date(2026, 3, 2)), ("B", "2", dt.date(2026, 3, 3)))
    with tenant_context(here.tenant):
        assert sum(watch_all(at=AT)) == 2
    sell(here, ("roll", "3", {}))
    with tenant_context(here.tenant):
        list(settle_all(at=AT))
        left = StockAlert.objects.filter(cleared_at__isnull=True).select_related("lot")
        assert [row.lot.code for row in left] == ["B"]


def test_what_has_not_moved_for_long_is_dead_until_it_moves(here: Shop) -> None:
    move(here, "roll", "3", at=AT)
    with tenant_context(here.tenant):
        StockHead.objects.update(dead_after_days=30)
        assert sum(watch_all(at=AT + dt.timedelta(days=29))) == 0
        assert sum(watch_all(at=AT + dt.timedelta(days=30))) == 1
    assert opened(here) == {"dead": {"on_hand": "3", "moved_on": "2026-03-01"}}
    move(here, "roll", "-1", at=AT + dt.timedelta(days=31))
    assert opened(here) == {}


def test_a_target_of_what_never_came_is_low(here: Shop) -> None:
    target(here, "roll", reorder_point="2")
    with tenant_context(here.tenant):
        assert sum(watch_all(at=AT)) == 1
    assert opened(here) == {"low": {"available": "0", "reorder_point": "2"}}


def test_what_is_not_sold_or_not_kept_is_no_alert(here: Shop) -> None:
    move(here, "roll", "-1")
    move(here, "cheese", "-1")
    assert len(opened(here)) == 1
    with tenant_context(here.tenant):
        StockItem.objects.create(item=here.variants["roll"].item, policy="untracked")
        here.variants["cheese"].is_active = False
        here.variants["cheese"].save()
        assert sum(watch_all(at=AT)) == 2
    assert opened(here) == {}


def test_the_sweep_does_its_work_in_batches_and_once(here: Shop) -> None:
    for name in ("roll", "cheese", "book"):
        target(here, name, reorder_point="1")
    with tenant_context(here.tenant):
        assert list(watch_all(at=AT, batch=2)) == [2, 1]
        assert list(watch_all(at=AT)) == []


def test_the_task_raises_what_time_made_true(here: Shop) -> None:
    target(here, "roll", reorder_point="1")
    headers = {HEADER: here.tenant.schema_name}
    assert watch_expiry.apply(headers=headers).get() == 1
    assert watch_expiry.apply(headers=headers).get() == 0


@pytest.mark.parametrize("names", [("roll",), ("roll", "cheese", "book")], ids=["one", "three"])
def test_looking_costs_one_statement_however_many_levels(here: Shop, names: tuple[str, ...]) -> None:
    for name in names:
        move(here, name, "5")
    places = [(here.location.id, here.variants[name].id) for name in names]
    with tenant_context(here.tenant), unit_of_work(), CaptureQueriesContext(connection) as captured:
        watch(levels=places, at=AT)
    assert len(captured) == 1


def test_the_neighbour_hears_nothing(here: Shop, there: Shop) -> None:
    move(here, "roll", "-1")
    with tenant_context(there.tenant):
        assert not StockAlert.objects.exists()
        assert list(watch_all(at=AT)) == []
