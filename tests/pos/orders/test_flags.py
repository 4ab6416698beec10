"""What is odd about a sale is said, never refused."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from pos.inventory.models import StockLevel
from pos.inventory.services import StockChange, record_opening
from pos.orders.drafts import OrderDraft
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.services import open_session
from tests.factories import Shop, published
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def stocked_and_open(here: Shop) -> None:
    """Nine of everything on the shelf and an open drawer, so that nothing is odd by itself."""
    with tenant_context(here.tenant):
        changes = [StockChange(variant_id=v.id, quantity=Decimal(9)) for v in here.variants.values()]
        record_opening(
            location_id=here.location.id, changes=changes, employee_id=None, at=AT, business_date=DAY
        )
        open_session(
            register_id=here.register.id,
            session_id=here.device_id,
            opening_float=Money(0, "EUR"),
            actor=here.actor(),
            at=AT,
        )


def flags(shop: Shop, draft: OrderDraft, **changes: Any) -> list[dict[str, Any]]:
    """The flags of the placed order, as they are stored."""
    with tenant_context(shop.tenant):
        place_order(draft=draft, actor=shop.actor(**changes), at=AT)
        found: list[dict[str, Any]] = Order.objects.get(pk=draft.id).flags
        return found


def euro(amount: int) -> dict[str, Any]:
    return {"amount_minor": amount, "currency": "EUR"}


def test_an_ordinary_sale_has_none(here: Shop) -> None:
    assert flags(here, sale(sold(here, "roll"), tenders=(cash(here, 45),))) == []


def test_right_expectations_are_silent(here: Shop) -> None:
    line = sold(here, "cappuccino", "2", expected_unit_price=Money(380, "EUR"))
    draft = sale(line, expected_total=Money(760, "EUR"), expected_tax=Money(121, "EUR"))
    assert flags(here, draft) == []


def test_what_the_till_showed_is_compared_and_never_used(here: Shop) -> None:
    line = sold(here, "cappuccino", "2", expected_unit_price=Money(350, "EUR"))
    draft = sale(sold(here, "roll"), line, expected_total=Money(745, "EUR"), expected_tax=Money(1, "EUR"))
    assert flags(here, draft) == [
        {
            "code": "price_mismatch",
            "pointer": "/lines/1/expected_unit_price",
            "expected": euro(350),
            "actual": euro(380),
        },
        {"code": "price_mismatch", "pointer": "/expected_tax", "expected": euro(1), "actual": euro(124)},
        {"code": "price_mismatch", "pointer": "/expected_total", "expected": euro(745), "actual": euro(805)},
    ]
    with tenant_context(here.tenant):
        assert Order.objects.get().total_minor == 805


@pytest.mark.parametrize("switched_off", ["variant", "item"])
def test_something_no_longer_sold_is_said(here: Shop, switched_off: str) -> None:
    roll = here.variants["roll"]
    with tenant_context(here.tenant):
        row = roll if switched_off == "variant" else roll.item
        row.is_active = False
        row.save()
        published()
    assert flags(here, sale(sold(here, "book"), sold(here, "roll"))) == [
        {"code": "inactive_item", "pointer": "/lines/1/variant_id", "variant_id": str(roll.id)}
    ]


def test_a_way_to_pay_that_was_switched_off_is_said(here: Shop) -> None:
    with tenant_context(here.tenant):
        here.cash.is_active = False
        here.cash.save()
    assert flags(here, sale(sold(here, "roll"), tenders=(cash(here, 45),))) == [
        {"code": "inactive_tender_type", "pointer": "/tenders/0/tender_type", "tender_type": "cash"}
    ]


def test_more_than_there_was_is_said_once_per_variant(here: Shop) -> None:
    cheese = here.variants["cheese"].id
    lines = (sold(here, "roll", "9"), sold(here, "cheese", "5"), sold(here, "cheese", "4.25"))
    assert flags(here, sale(*lines)) == [
        {
            "code": "negative_stock",
            "pointer": "/lines/1/variant_id",
            "variant_id": str(cheese),
            "on_hand": "-0.25",
        }
    ]
    with tenant_context(here.tenant):
        assert StockLevel.objects.get(variant_id=cheese).on_hand == Decimal("-0.25")


def test_a_sale_while_the_drawer_is_closed_is_said(here: Shop) -> None:
    draft = sale(sold(here, "roll"), tenders=(cash(here, 45),))
    assert flags(here, draft, register=here.second_register) == [{"code": "no_open_session", "pointer": ""}]


@pytest.mark.parametrize(("ahead", "said"), [(300, False), (301, True)])
def test_a_till_whose_clock_runs_ahead_is_said(here: Shop, ahead: int, said: bool) -> None:
    placed_at = AT + dt.timedelta(seconds=ahead)
    found = flags(here, sale(sold(here, "roll"), placed_at=placed_at))
    expected = {
        "code": "clock_skew",
        "pointer": "/placed_at",
        "placed_at": "2026-03-01T12:05:01.000Z",
        "received_at": "2026-03-01T12:00:00.000Z",
    }
    assert found == ([expected] if said else [])


@pytest.mark.parametrize(("late", "said"), [(900, False), (901, True)])
def test_a_sale_that_arrives_late_is_said(here: Shop, late: int, said: bool) -> None:
    found = flags(here, sale(sold(here, "roll"), placed_at=AT - dt.timedelta(seconds=late)))
    expected = {
        "code": "placed_earlier",
        "pointer": "/placed_at",
        "placed_at": "2026-03-01T11:44:59.000Z",
        "received_at": "2026-03-01T12:00:00.000Z",
    }
    assert found == ([expected] if said else [])
