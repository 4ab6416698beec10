"""The last unit: sold once, promised once, and come back once, however many ask at the same moment.

All rivals are in the middle of it before the first of them is let go on. Each twin leaves the guard away and does
what must not be.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from fynlo.core.actors import SYSTEM
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import Reservation, StockItem, StockLevel, StockMovement, StockReturn
from pos.inventory.services import StockChange, record_opening, reservations
from pos.inventory.services.movements import LevelNow
from pos.inventory.services.reservations import ReservationDraft, ReservedLine, reserve
from pos.inventory.services.returns import ReturnDraft, ReturnedLine, return_sale
from pos.orders.models import Order
from pos.orders.services import goods, place_order
from pos.registers.models import Register
from tests.concurrency.rivals import while_held
from tests.factories import RegisterFactory, Shop, shop
from tests.pos.orders.drafts import sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
RIVALS = 50


def last_roll(tenant: Any) -> Shop:
    """A shop with one roll left, which is not sold when it is not there."""
    here = shop(tenant)
    with tenant_context(tenant):
        StockItem.objects.create(item_id=here.variants["roll"].item_id, policy="deny")
        record_opening(
            location_id=here.location.id,
            changes=[StockChange(variant_id=here.variants["roll"].id, quantity=Decimal(1))],
            employee_id=None,
            at=AT,
            business_date=AT.date(),
        )
    return here


def level(here: Shop) -> StockLevel:
    with tenant_context(here.tenant):
        found: StockLevel = StockLevel.objects.get(variant_id=here.variants["roll"].id)
        return found


def rivals(here: Shop, calls: list[Callable[[], Any]]) -> list[str]:
    """What became of each call, when all stand before the same level: "done" or the name of the refusal."""
    outcomes, _ = while_held(here.tenant, StockLevel.objects.all, calls)
    return sorted(type(each).__name__ if isinstance(each, Exception) else "done" for each in outcomes)


def selling(here: Shop) -> list[Callable[[], Any]]:
    """A sale of a roll at each of fifty tills."""
    with tenant_context(here.tenant):
        tills = [RegisterFactory.create(location=here.location) for _ in range(RIVALS)]

    def at(till: Register) -> Callable[[], Any]:
        return lambda: place_order(draft=sale(sold(here, "roll")), actor=here.actor(register=till), at=AT)

    return [at(till) for till in tills]


def looked_at(variant_ids: list[UUID], *, taken: Mapping[UUID, Decimal]) -> dict[UUID, LevelNow]:
    """The levels as a look without a lock sees them, less what the looker is about to take."""
    return {
        row.variant_id: LevelNow(row.on_hand - taken[row.variant_id], row.reserved, None, None)
        for row in StockLevel.objects.filter(variant_id__in=variant_ids)
    }


def test_fifty_tills_sell_the_last_unit_once(cafe: Any) -> None:
    here = last_roll(cafe)
    assert rivals(here, selling(here)) == ["OutOfStock"] * (RIVALS - 1) + ["done"]
    assert level(here).on_hand == 0
    with tenant_context(cafe):
        assert Order.objects.count() == 1
        assert StockMovement.objects.filter(kind="sale").count() == 1


def test_twin_that_looks_before_it_takes_oversells(cafe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    record = goods.record_sale

    def look_then_take(**asked: Any) -> dict[UUID, LevelNow]:
        taken = {change.variant_id: -change.quantity for change in asked["changes"]}
        seen = looked_at(list(taken), taken=taken)
        record(**asked)
        return seen

    here = last_roll(cafe)
    monkeypatch.setattr(goods, "record_sale", look_then_take)
    assert rivals(here, selling(here)) == ["done"] * RIVALS
    assert level(here).on_hand == 1 - RIVALS


def promising(here: Shop) -> list[Callable[[], Any]]:
    def one() -> Any:
        draft = ReservationDraft(
            id=new_id(),
            kind="online",
            location_id=here.location.id,
            expires_at=AT + dt.timedelta(hours=1),
            lines=(ReservedLine(variant_id=here.variants["roll"].id, quantity=Decimal(1)),),
        )
        return reserve(draft=draft, actor=SYSTEM, at=AT)

    return [one, one]


def test_the_last_unit_is_promised_once(cafe: Any) -> None:
    here = last_roll(cafe)
    assert rivals(here, promising(here)) == ["OutOfStock", "done"]
    assert (level(here).on_hand, level(here).reserved) == (1, 1)
    with tenant_context(cafe):
        assert Reservation.objects.count() == 1


def test_twin_that_looks_before_it_promises_promises_twice(
    cafe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = reservations.move_promises

    def look_then_promise(*, location_id: UUID, changes: dict[UUID, Decimal]) -> dict[UUID, LevelNow]:
        seen = looked_at(list(changes), taken=changes)
        move(location_id=location_id, changes=changes)
        return seen

    here = last_roll(cafe)
    monkeypatch.setattr(reservations, "move_promises", look_then_promise)
    assert rivals(here, promising(here)) == ["done", "done"]
    assert level(here).reserved == 2


def returning(here: Shop, *keys: UUID) -> list[Callable[[], Any]]:
    """The roll that was sold comes back under each of these refunds."""
    with tenant_context(here.tenant):
        draft = sale(sold(here, "roll"))
        place_order(draft=draft, actor=here.actor(), at=AT)

    def under(key: UUID) -> Callable[[], Any]:
        back = ReturnDraft(
            id=key,
            order_id=draft.id,
            location_id=here.location.id,
            lines=(
                ReturnedLine(order_line_id=draft.lines[0].id, line_quantity=Decimal(1), quantity=Decimal(1)),
            ),
        )
        return lambda: return_sale(draft=back, actor=SYSTEM, at=AT, business_date=AT.date())

    return [under(key) for key in keys]


def test_two_refunds_of_the_same_line_restock_it_once(cafe: Any) -> None:
    here = last_roll(cafe)
    assert rivals(here, returning(here, new_id(), new_id())) == ["MoreThanLeft", "done"]
    assert level(here).on_hand == 1
    with tenant_context(cafe):
        assert StockReturn.objects.count() == 1


def test_the_same_refund_twice_is_one(cafe: Any) -> None:
    here, key = last_roll(cafe), new_id()
    outcomes, _ = while_held(cafe, StockLevel.objects.all, returning(here, key, key))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0]["id"] == str(key)
    assert level(here).on_hand == 1


def test_twin_without_the_constraints_restocks_twice(cafe: Any, as_owner: None) -> None:
    here = last_roll(cafe)
    calls = returning(here, new_id(), new_id())
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pos_stockreturnline DROP CONSTRAINT pos_stockreturnline_once")
        cursor.execute("DROP INDEX pos_stockmovement_reversed_once")
    assert rivals(here, calls) == ["done", "done"]
    assert level(here).on_hand == 2
