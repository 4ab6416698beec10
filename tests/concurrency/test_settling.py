"""Costs are settled while tills sell: nothing is lost, nobody waits in a circle, each sale costs what it should."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import unit_of_work
from pos.inventory.models import StockLevel, StockMovement
from pos.inventory.queries.audit import differences
from pos.inventory.services import Cause, StockChange, record_movements
from pos.inventory.services.settling import settle, settle_all
from tests.concurrency.rivals import at_once, beside, while_held
from tests.factories import LocationFactory, Shop, shop
from tests.pos.inventory.costing.stock import move, worth

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
TILLS, SALES = 8, 6


def took(here: Shop, kind: str, at: dt.datetime, *changes: tuple[str, str]) -> None:
    cause = Cause(
        kind=kind,
        location_id=here.location.id,
        at=at,
        business_date=at.date(),
        recorded_at=at,
        document_id=new_id(),
    )
    goods = [
        StockChange(variant_id=here.variants[name].id, quantity=Decimal(quantity), order_line_id=new_id())
        for name, quantity in changes
    ]
    with unit_of_work():
        record_movements(cause=cause, changes=goods)


def selling(here: Shop, till: int) -> Callable[[], int]:
    """Sales of everything, each till in its own seconds."""

    def sell() -> int:
        for number in range(SALES):
            at = AT + dt.timedelta(minutes=number, seconds=till)
            took(here, "sale", at, *((name, "-1") for name in here.variants))
        return SALES

    return sell


def settling(rounds: int) -> Callable[[], int]:
    """Several runs of the task, as short of pauses as can be."""

    def run() -> int:
        for _ in range(rounds):
            list(settle_all(at=AT, batch=3))
        return rounds

    return run


def receiving(here: Shop) -> Callable[[], int]:
    """Deliveries of before the sales, typed in while they go on, each settled in its own transaction."""

    def receive() -> int:
        for number in range(SALES):
            for name in here.variants:
                place = (here.location.id, here.variants[name].id)
                cause = Cause(
                    kind="purchase",
                    location_id=here.location.id,
                    at=AT - dt.timedelta(hours=number + 1),
                    business_date=AT.date(),
                    recorded_at=AT,
                    document_id=new_id(),
                )
                goods = StockChange(
                    variant_id=place[1], quantity=Decimal(10), value_minor=Decimal(100 * (number + 1))
                )
                with unit_of_work():
                    record_movements(cause=cause, changes=[goods])
                    settle(levels=[place], at=AT)
        return SALES

    return receive


def test_nothing_is_lost_while_eight_tills_sell(cafe: Any) -> None:
    here = shop(cafe)
    calls = [selling(here, till) for till in range(TILLS)]
    outcomes = at_once(cafe, [*calls, settling(6), settling(6), receiving(here)])
    assert outcomes == [SALES] * TILLS + [6, 6, SALES]
    with tenant_context(cafe):
        list(settle_all(at=AT))
        assert differences() == []
        assert not StockLevel.objects.exclude(settle_from=None).exists()
        # 60 came at 10, 20 … 60 each; 48 went, at the average of 35.
        levels = StockLevel.objects.values_list("on_hand", "value_minor", "unit_cost_minor")
        assert set(levels) == {(Decimal(12), Decimal(420), Decimal(35))}
        sales = StockMovement.objects.filter(kind="sale")
        assert {worth(sale) for sale in sales} == {Decimal(-35)}


def test_two_who_settle_the_same_divide_it(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        for name in here.variants:
            move(here, "sale", "-2", name=name, at=2)
            move(here, "purchase", "5", value="50", name=name, at=1)
    at_once(cafe, [settling(1)] * 4)
    with tenant_context(cafe):
        list(settle_all(at=AT))
        corrections = StockMovement.objects.filter(kind="revaluation")
        assert sorted(corrections.values_list("value_minor", flat=True)) == [Decimal(-20)] * len(
            here.variants
        )
        assert differences() == []


def test_a_stream_that_is_locked_is_left_for_the_next_run(cafe: Any) -> None:
    here = shop(cafe)
    with tenant_context(cafe):
        stand = LocationFactory.create()
        out = move(here, "transfer_out", "-2", at=2)
        there = move(here, "transfer_in", "2", at=3, original=out, location_id=stand.id)
        list(settle_all(at=AT))
        move(here, "purchase", "5", value="50", at=1)

    def far() -> Any:
        return StockLevel.objects.filter(location_id=stand.id)

    def look() -> tuple[Decimal, Decimal]:
        list(settle_all(at=AT))
        return worth(out), worth(there)

    def touch() -> None:
        with unit_of_work():
            list(far().select_for_update())

    _, seen = while_held(cafe, far, [touch], lambda: beside(cafe, look, waiting=1).result())
    assert seen == (Decimal(-20), Decimal(0))
    with tenant_context(cafe):
        assert StockLevel.objects.get(location_id=here.location.id).settle_from == out.at
        list(settle_all(at=AT))
        assert (worth(out), worth(there)) == (-20, 20)
        assert not StockLevel.objects.exclude(settle_from=None).exists()
        assert differences() == []
