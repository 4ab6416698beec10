"""The same order again is the same order; another one under the same id is refused."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.errors import DomainError
from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from fynlo.events.log import head
from payments.tenders.models import Payment
from pos.inventory.models import StockMovement
from pos.orders.documents import order_document
from pos.orders.drafts import LineDraft, OrderDraft, TenderDraft
from pos.orders.errors import LineIdConflict, OrderIdConflict, PaymentIdConflict
from pos.orders.models import Order
from pos.orders.services import place_order
from tests.factories import Shop
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=3)


def place(shop: Shop, draft: OrderDraft, *, at: dt.datetime = AT, **changes: Any) -> dict[str, Any]:
    return order_document(place_order(draft=draft, actor=shop.actor(**changes), at=at))


def test_a_repeat_writes_nothing_and_tells_the_same(here: Shop) -> None:
    draft = sale(sold(here, "cappuccino"), tenders=(cash(here, 500),))
    with tenant_context(here.tenant):
        first, position = place(here, draft), head()
        assert place(here, draft, at=LATER) == first
        assert place(here, draft, at=LATER, register=here.second_register) == first
        assert (Order.objects.count(), Payment.objects.count(), StockMovement.objects.count()) == (1, 1, 1)
        here.register.refresh_from_db()
        here.second_register.refresh_from_db()
        assert (here.register.last_order_number, here.second_register.last_order_number) == (1, 0)
        assert head() == position


def test_a_repeat_is_answered_though_the_shop_has_changed(here: Shop) -> None:
    draft = sale(sold(here, "cheese", "0.5"), tenders=(cash(here, 1000),))
    with tenant_context(here.tenant):
        first = place(here, draft)
        item = here.variants["cheese"].item
        item.unit, item.is_active = "each", False
        item.save()
        here.variants["cheese"].price_minor = 99
        here.variants["cheese"].save()
        assert place(here, draft) == first


def change_quantity(draft: OrderDraft) -> OrderDraft:
    line = dataclasses.replace(draft.lines[0], quantity=Decimal(2))
    return dataclasses.replace(draft, lines=(line,))


def change_tender(draft: OrderDraft) -> OrderDraft:
    tender = dataclasses.replace(draft.tenders[0], amount=Money(501, "EUR"))
    return dataclasses.replace(draft, tenders=(tender,))


def change_line_id(draft: OrderDraft) -> OrderDraft:
    return dataclasses.replace(draft, lines=(dataclasses.replace(draft.lines[0], id=new_id()),))


def change_expectation(draft: OrderDraft) -> OrderDraft:
    return dataclasses.replace(draft, expected_total=Money(380, "EUR"))


def change_time(draft: OrderDraft) -> OrderDraft:
    return dataclasses.replace(draft, placed_at=AT)


@pytest.mark.parametrize(
    "change", [change_quantity, change_tender, change_line_id, change_expectation, change_time]
)
def test_other_content_under_the_same_id_is_refused(here: Shop, change: Any) -> None:
    draft = sale(sold(here, "cappuccino"), tenders=(cash(here, 500),))
    with tenant_context(here.tenant):
        first, position = place(here, draft), head()
        with pytest.raises(OrderIdConflict) as caught:
            place(here, change(draft))
        assert (caught.value.status, caught.value.code) == (409, "order_id_conflict")
        assert [problem.pointer for problem in caught.value.errors] == ["/id"]
        assert place(here, draft) == first
        assert head() == position


def test_content_is_compared_not_its_spelling(here: Shop) -> None:
    line, tender = sold(here, "roll", "2"), cash(here, 100)
    draft = sale(line, tenders=(tender,), placed_at=AT)
    berlin = dt.timezone(dt.timedelta(hours=1))
    respelled = dataclasses.replace(
        draft,
        lines=(dataclasses.replace(line, quantity=Decimal("2.000000")),),
        placed_at=AT.astimezone(berlin),
    )
    assert respelled.digest == draft.digest


@pytest.mark.parametrize("part", ["line", "tender"])
def test_ids_of_another_orders_parts_are_refused(here: Shop, part: str) -> None:
    first = sale(sold(here, "roll"), tenders=(cash(here, 45),))
    line: LineDraft = first.lines[0] if part == "line" else sold(here, "roll")
    tender: TenderDraft = first.tenders[0] if part == "tender" else cash(here, 45)
    expected: type[DomainError] = {"line": LineIdConflict, "tender": PaymentIdConflict}[part]
    with tenant_context(here.tenant):
        place(here, first)
        with pytest.raises(expected):
            place(here, sale(line, tenders=(tender,)))
        assert Order.objects.count() == 1


def test_the_same_id_at_the_other_merchant_is_another_order(here: Shop, there: Shop) -> None:
    key = new_id()
    with tenant_context(here.tenant):
        place(here, sale(sold(here, "roll"), id=key))
    with tenant_context(there.tenant):
        told = place(there, sale(sold(there, "book"), id=key))
        assert (told["total"], told["number"]) == ({"amount_minor": 1200, "currency": "GBP"}, 1)
