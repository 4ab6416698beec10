"""Tills that take the last unit of a lot, or sell the same serial, at the same moment; watchers side by side."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Sum

from fynlo.core.tenancy import tenant_context
from fynlo.events.models import Event
from pos.inventory.models import StockAlert, StockLevel, StockLot, StockLotLevel, StockMovement, StockTarget
from pos.inventory.services import lots
from pos.inventory.services.alerts import watch_all
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.models import Register
from tests.concurrency.rivals import at_once, while_held
from tests.factories import RegisterFactory, Shop, shop
from tests.pos.inventory.lots.lots import AT, codes, left, receive, track
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bakery(cafe: Any) -> Shop:
    """The café, with lots of rolls and cheese and serials of books."""
    made = shop(cafe)
    track(made, roll="lot", cheese="lot", book="serial")
    return made


def selling(here: Shop, register: Register, *lines: tuple[str, dict[str, str]]) -> Callable[[], Any]:
    def sell() -> Any:
        drafts = [sold(here, name, **stated) for name, stated in lines]
        draft = sale(*drafts, tenders=(cash(here, 50_000),))
        place_order(draft=draft, actor=here.actor(register=register), at=AT)
        return draft.id

    return sell


def test_the_last_unit_of_a_lot_is_taken_once(bakery: Shop) -> None:
    receive(bakery, "roll", ("SOON", "1", dt.date(2026, 3, 2)), ("LATE", "1", dt.date(2026, 3, 9)))
    registers = [bakery.register, bakery.second_register]
    outcomes = at_once(bakery.tenant, [selling(bakery, register, ("roll", {})) for register in registers])
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert left(bakery) == {"LATE": "0", "SOON": "0"}


def test_who_waited_for_the_level_sees_what_is_left_of_the_lot(bakery: Shop) -> None:
    """Both wait at the level at once; the second to get it decides on what the first left."""
    receive(bakery, "roll", ("SOON", "1", dt.date(2026, 3, 2)))
    with tenant_context(bakery.tenant):
        levels = StockLevel.objects.filter(variant=bakery.variants["roll"])
    calls = [
        selling(bakery, register, ("roll", {})) for register in (bakery.register, bakery.second_register)
    ]
    outcomes, _ = while_held(bakery.tenant, levels.all, calls)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert left(bakery) == {"SOON": "0"}
    with tenant_context(bakery.tenant):
        taken = StockMovement.objects.filter(kind="sale").order_by("lot_id")
        assert sorted((row.lot_id is None, row.is_lot_inferred) for row in taken) == [
            (False, True),
            (True, False),
        ]


def test_twin_that_locks_nothing_takes_the_last_unit_twice(
    bakery: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "_LOCK", "")
    receive(bakery, "roll", ("SOON", "1", dt.date(2026, 3, 2)))
    with tenant_context(bakery.tenant):
        levels = StockLevel.objects.filter(variant=bakery.variants["roll"])
    calls = [
        selling(bakery, register, ("roll", {})) for register in (bakery.register, bakery.second_register)
    ]
    while_held(bakery.tenant, levels.all, calls)
    assert left(bakery) == {"SOON": "-1"}


def test_a_serial_sold_by_two_tills_is_flagged_once(bakery: Shop) -> None:
    receive(bakery, "book", ("S1", "1", None))
    calls = [
        selling(bakery, register, ("book", {"serial": "S1"}))
        for register in (bakery.register, bakery.second_register)
    ]
    keys = at_once(bakery.tenant, calls)
    with tenant_context(bakery.tenant):
        told = [codes(order) for order in Order.objects.filter(pk__in=keys)]
    assert sorted(told) == [[], [("serial_sold_before", "/lines/0/serial")]]
    assert left(bakery) == {"S1": "-1"}


def test_an_unknown_lot_named_by_two_tills_is_made_known_once(bakery: Shop) -> None:
    calls = [
        selling(bakery, register, ("roll", {"lot": "NEW"}))
        for register in (bakery.register, bakery.second_register)
    ]
    outcomes = at_once(bakery.tenant, calls)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    with tenant_context(bakery.tenant):
        assert list(StockLot.objects.values_list("code", flat=True)) == ["NEW"]
    assert left(bakery) == {"NEW": "-2"}


def test_carts_in_any_order_with_lots_never_wait_in_a_circle(bakery: Shop) -> None:
    receive(bakery, "roll", ("R1", "10", dt.date(2026, 3, 2)), ("R2", "50", None))
    receive(bakery, "cheese", ("C1", "50", None))
    with tenant_context(bakery.tenant):
        more = [RegisterFactory.create(location=bakery.location) for _ in range(4)]
    lines: list[tuple[str, dict[str, str]]] = [("roll", {}), ("cheese", {"lot": "C1"}), ("cappuccino", {})]
    calls = []
    for place, register in enumerate([bakery.register, bakery.second_register, *more]):
        turned = lines[place % 3 :] + lines[: place % 3]
        one = selling(bakery, register, *turned)
        calls.append(lambda one=one: [one() for _ in range(4)])
    outcomes = at_once(bakery.tenant, calls)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert left(bakery) == {"C1": "26", "R1": "0", "R2": "36"}
    with tenant_context(bakery.tenant):
        sums = StockMovement.objects.filter(lot_id__isnull=False).values_list("lot_id")
        held = dict(StockLotLevel.objects.values_list("lot_id", "on_hand"))
        assert dict(sums.annotate(total=Sum("quantity"))) == held


def test_an_alert_is_raised_once_by_watchers_side_by_side(bakery: Shop) -> None:
    with tenant_context(bakery.tenant):
        for name in ("roll", "cheese", "book"):
            StockTarget.objects.create(
                variant=bakery.variants[name], location=bakery.location, reorder_point=1
            )
    outcomes = at_once(bakery.tenant, [lambda: sum(watch_all(at=AT))] * 4)
    assert sum(outcomes) == 3
    with tenant_context(bakery.tenant):
        assert StockAlert.objects.count() == 3
        assert Event.objects.filter(kind="stock.alert_raised").count() == 3
        StockTarget.objects.all().delete()
    outcomes = at_once(bakery.tenant, [lambda: sum(watch_all(at=AT))] * 4)
    assert sum(outcomes) == 3
    with tenant_context(bakery.tenant):
        assert not StockAlert.objects.filter(cleared_at__isnull=True).exists()
        assert Event.objects.filter(kind="stock.alert_cleared").count() == 3
