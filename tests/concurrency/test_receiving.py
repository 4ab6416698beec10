"""Several people at one delivery: one receives it, the others are told who did."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from fynlo.core import clock
from fynlo.core.actors import Actor
from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.inventory.errors import AlreadyDone
from pos.inventory.models import StockLevel, StockMovement
from pos.purchasing.drafts import (
    OrderDraft,
    OrderLineDraft,
    ReceiptDraft,
    ReceiptLineDraft,
    ReturnDraft,
    ReturnLineDraft,
    SupplierDraft,
)
from pos.purchasing.errors import OverReturn
from pos.purchasing.models import PurchaseOrder
from pos.purchasing.services import receiving
from pos.purchasing.services.lifecycle import send_order
from pos.purchasing.services.orders import create_order
from pos.purchasing.services.receiving import receive
from pos.purchasing.services.returning import send_back
from pos.purchasing.services.suppliers import create_supplier
from tests.concurrency.rivals import at_once, while_held
from tests.factories import Shop, shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café's shop."""
    return shop(cafe)


def somebody(number: int) -> Actor:
    return Actor(kind="employee", id=new_id(), name=f"Person {number}", employee_id=new_id())


def ordered(here: Shop) -> dict[str, Any]:
    """Ten rolls at 0.30 are ordered."""
    with tenant_context(here.tenant):
        supplier, boss = new_id(), somebody(0)
        create_supplier(draft=SupplierDraft(id=supplier, code="m", name="Mill"), actor=boss, at=clock.now())
        line = OrderLineDraft(
            variant_id=here.variants["roll"].id, packs=Decimal(10), pack_price_minor=Decimal(30)
        )
        draft = OrderDraft(id=new_id(), supplier_id=supplier, location_id=here.location.id, lines=(line,))
        create_order(draft=draft, actor=boss, at=clock.now())
        return send_order(order_id=draft.id, actor=boss, at=clock.now())


def delivery(order: dict[str, Any], *, key: UUID | None = None) -> ReceiptDraft:
    line = ReceiptLineDraft(order_line_id=UUID(order["lines"][0]["id"]), quantity=Decimal(10))
    return ReceiptDraft(id=key or new_id(), order_id=UUID(order["id"]), lines=(line,))


def came(here: Shop) -> tuple[Decimal, Decimal, int]:
    """On hand, worth, and how many movements."""
    with tenant_context(here.tenant):
        level = StockLevel.objects.get(variant=here.variants["roll"])
        return level.on_hand, level.value_minor, StockMovement.objects.count()


def test_ten_people_receive_one_order_and_one_does(here: Shop) -> None:
    order = ordered(here)
    calls = [
        partial(receive, draft=delivery(order), actor=somebody(number), at=clock.now())
        for number in range(1, 11)
    ]
    told = at_once(here.tenant, calls)
    (first,) = [each for each in told if isinstance(each, dict)]
    others = [each for each in told if isinstance(each, AlreadyDone)]
    assert len(others) == 9
    assert {(each.data["by"], each.data["state"]) for each in others} == {(first["received_by"], "received")}
    assert came(here) == (10, 300, 1)


def test_one_delivery_told_ten_times_at_once_is_one_receipt(here: Shop) -> None:
    order, key, boss = ordered(here), new_id(), somebody(1)
    call = partial(receive, draft=delivery(order, key=key), actor=boss, at=clock.now())
    told = at_once(here.tenant, [call] * 10)
    assert [each["id"] for each in told] == [str(key)] * 10
    assert came(here) == (10, 300, 1)


def test_one_spot_buy_told_ten_times_at_once_is_one_receipt(here: Shop) -> None:
    line = ReceiptLineDraft(
        variant_id=here.variants["roll"].id, quantity=Decimal(10), unit_cost_minor=Decimal(30)
    )
    draft = ReceiptDraft(id=new_id(), location_id=here.location.id, lines=(line,))
    told = at_once(here.tenant, [partial(receive, draft=draft, actor=somebody(1), at=clock.now())] * 10)
    assert [each["id"] for each in told] == [str(draft.id)] * 10
    assert came(here) == (10, 300, 1)


def test_the_twin_that_locks_no_order_receives_it_twice(here: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the lock is for: without it, both look before either writes."""
    order = ordered(here)

    def unlocked(*, order_id: UUID) -> PurchaseOrder:
        return PurchaseOrder.objects.select_related("supplier", "location").get(pk=order_id)

    monkeypatch.setattr(receiving, "lock_order", unlocked)
    calls = [
        partial(receive, draft=delivery(order), actor=somebody(number), at=clock.now()) for number in (1, 2)
    ]
    told, _ = while_held(here.tenant, lambda: PurchaseOrder.objects.filter(pk=order["id"]), calls)
    assert [isinstance(each, dict) for each in told] == [True, True]
    assert came(here)[0] == 20


def test_goods_go_back_once_however_many_send_them(here: Shop) -> None:
    order = ordered(here)
    with tenant_context(here.tenant):
        receipt = receive(draft=delivery(order), actor=somebody(1), at=clock.now())
    line = ReturnLineDraft(receipt_line_id=UUID(receipt["lines"][0]["id"]), quantity=Decimal(4))
    calls = [
        partial(
            send_back,
            draft=ReturnDraft(id=new_id(), lines=(line,)),
            actor=somebody(number),
            at=clock.now(),
        )
        for number in range(6)
    ]
    told = at_once(here.tenant, calls)
    assert sorted(type(each) is dict for each in told) == [False] * 4 + [True] * 2
    assert all(isinstance(each, OverReturn) for each in told if not isinstance(each, dict))
    assert came(here) == (2, 60, 3)
