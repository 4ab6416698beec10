"""Closing the count of a whole shop: as many statements as for a shelf, and what is left to the task is done."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fynlo.celery import app
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.delivery import deliver
from fynlo.events.log import head, read_after, unit_of_work
from fynlo.events.subscriptions import subscription
from pos.catalog.models import Variant
from pos.inventory.count_drafts import CountScope, EntryDraft
from pos.inventory.models import StockCountResult, StockLevel, StockMovement
from pos.inventory.places import Place
from pos.inventory.services.count_closing import SETTLED_AT_ONCE, close_count
from pos.inventory.services.levels_told import MOST, tell_levels
from pos.inventory.services.movements import Cause, StockChange, record_movements
from pos.inventory.subscribers import READER
from tests.factories import Shop
from tests.pos.inventory.counts.shelves import (
    DAY,
    approver,
    at,
    closed,
    counted,
    entry,
    on_hand,
    opened,
    stocked,
    submitted,
)

pytestmark = pytest.mark.django_db

ENTRIES = 200


@pytest.fixture(autouse=True)
def at_once() -> Iterator[None]:
    """Tasks run where they are started."""
    before, app.conf.task_always_eager = app.conf.task_always_eager, True
    yield
    app.conf.task_always_eager = before


def bought(shop: Shop, count: int) -> list[UUID]:
    """So many kinds of one item, two pieces of each since eight, for 100 minor units a piece."""
    item_id = shop.variants["roll"].item_id
    rows = [Variant(item_id=item_id, sku=f"KIND{n}", name=f"{n}", price_minor=1) for n in range(count)]
    Variant.objects.bulk_create(rows)
    cause = Cause(
        kind=StockMovement.PURCHASE,
        location_id=shop.location.id,
        at=at("08:00"),
        business_date=DAY,
        recorded_at=at("08:00"),
    )
    changes = [StockChange(variant_id=row.pk, quantity=Decimal(2), value_minor=Decimal(200)) for row in rows]
    with unit_of_work():
        record_movements(cause=cause, changes=changes)
    return [row.pk for row in rows]


def to_close(shop: Shop, keys: Sequence[UUID]) -> UUID:
    """A submitted count of `keys`, each a second after the other; of every other one a piece is missing."""
    count_id = opened(shop, scope=CountScope(variant_ids=tuple(keys)))
    drafts = [
        EntryDraft(
            id=new_id(),
            variant_id=key,
            quantity=Decimal(2 - number % 2),
            counted_at=at("10:00") + dt.timedelta(seconds=number),
        )
        for number, key in enumerate(keys)
    ]
    for first in range(0, len(drafts), ENTRIES):
        counted(shop, count_id, *drafts[first : first + ENTRIES])
    submitted(shop, count_id)
    return count_id


def statements_to_close(shop: Shop, count_id: UUID) -> int:
    with CaptureQueriesContext(connection) as seen:
        close_count(count_id=count_id, actor=approver(shop), at=at("19:00"))
    return len(seen)


def test_many_lines_take_as_many_statements_as_few(here: Shop) -> None:
    with tenant_context(here.tenant):
        keys = bought(here, 36)
        few, many = to_close(here, keys[:4]), to_close(here, keys[4:])
        assert statements_to_close(here, few) == statements_to_close(here, many)
        assert StockCountResult.objects.count() == 36


def test_every_line_moves_as_of_its_own_time(here: Shop) -> None:
    with tenant_context(here.tenant):
        keys = bought(here, 6)
        count_id = to_close(here, keys)
        statements_to_close(here, count_id)
        moves = StockMovement.objects.filter(document_id=count_id, kind="count").order_by("at")
        assert [(move.variant_id, f"{move.at:%H:%M:%S}", move.quantity) for move in moves] == [
            (keys[1], "10:00:01", Decimal(-1)),
            (keys[3], "10:00:03", Decimal(-1)),
            (keys[5], "10:00:05", Decimal(-1)),
        ]
        levels = StockLevel.objects.filter(variant_id__in=keys).order_by("counted_at")
        assert [f"{level.counted_at:%S}" for level in levels] == ["00", "01", "02", "03", "04", "05"]
        assert [f"{level.moved_at:%H:%M:%S}" for level in levels] == [
            "08:00:00",
            "10:00:01",
            "08:00:00",
            "10:00:03",
            "08:00:00",
            "10:00:05",
        ]


def test_costs_of_a_whole_shop_are_settled_by_the_task(here: Shop) -> None:
    with tenant_context(here.tenant):
        keys = bought(here, SETTLED_AT_ONCE + 2)
        count_id = to_close(here, keys)
        before = head()
        statements_to_close(here, count_id)
        assert [fact.t for fact in read_after(before)] == ["stock_count.closed"]
        due = StockLevel.objects.filter(settle_from__isnull=False)
        assert due.count() == len(keys)
        while deliver(subscription=subscription(READER)).again:
            pass
        assert not due.exists()
        worths = StockLevel.objects.filter(variant_id__in=keys).values_list("value_minor", flat=True)
        assert sorted(worths) == [Decimal(100)] * (len(keys) // 2) + [Decimal(200)] * (len(keys) // 2)
        told = [fact for fact in read_after(before) if fact.t == "stock.levels_changed"]
        assert sum(len(fact.data["levels"]) for fact in told) == len(keys)


def test_what_is_late_is_taken_back_change_by_change(here: Shop) -> None:
    """One document, two times: the part of before the count is off the shelf already, the other one is not."""
    with tenant_context(here.tenant):
        stocked(here, roll="10")
        count_id = opened(here)
        counted(here, count_id, entry(here, "roll", "10", "12:00"))
        closed(here, count_id)
        cause = Cause(
            kind=StockMovement.ADJUSTMENT,
            location_id=here.location.id,
            at=at("20:00"),
            business_date=DAY,
            recorded_at=at("20:00"),
        )
        key = here.variants["roll"].id
        changes = [
            StockChange(variant_id=key, quantity=Decimal(-2), at=at("11:00")),
            StockChange(variant_id=key, quantity=Decimal(-1), at=at("13:00")),
            StockChange(variant_id=key, quantity=Decimal(-4)),
        ]
        with unit_of_work():
            levels = record_movements(cause=cause, changes=changes)
        assert (levels[key].on_hand, on_hand(here, "roll")) == (Decimal(5), Decimal(5))
        rows = StockMovement.objects.filter(variant_id=key).exclude(kind="purchase").order_by("at", "id")
        assert [(row.kind, f"{row.at:%H:%M}", row.quantity) for row in rows] == [
            ("adjustment", "11:00", Decimal(-2)),
            ("count", "12:00", Decimal(2)),
            ("adjustment", "13:00", Decimal(-1)),
            ("adjustment", "20:00", Decimal(-4)),
        ]
        back = rows.get(kind="count")
        assert (back.original.at, back.document_id) == (at("11:00"), count_id)
        level = StockLevel.objects.get(variant_id=key, location=here.location)
        assert (level.settle_from, level.moved_at) == (at("11:00"), at("20:00"))


def test_levels_are_told_in_events_of_bounded_size(here: Shop) -> None:
    with tenant_context(here.tenant):
        keys = bought(here, MOST + 1)
        before = head()
        with unit_of_work():
            tell_levels(levels=[Place(here.location.id, key) for key in keys], at=at("09:00"))
        told = [fact for fact in read_after(before) if fact.t == "stock.levels_changed"]
        assert [len(fact.data["levels"]) for fact in told] == [MOST, 1]
        assert {level["variant_id"] for fact in told for level in fact.data["levels"]} == set(map(str, keys))
