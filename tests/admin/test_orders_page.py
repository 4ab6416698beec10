"""Orders in the back office: open tickets, what was changed of them and why, cancelling through the service."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from pos.orders.changing import ChangeDraft
from pos.orders.drafts import LineDraft, OrderDraft
from pos.orders.models import Order, OrderChange
from pos.orders.services.changes import change_order
from pos.orders.services.tickets import open_ticket
from tests.admin.browsing import Browser, office
from tests.factories import Shop, shop

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café's shop."""
    return shop(cafe)


@pytest.fixture
def browser(cafe: Any, here: Shop) -> Browser:
    """A manager at the café's back office."""
    return office(cafe, "manager")


def ticket(here: Shop, name: str) -> Order:
    line = LineDraft(id=new_id(), variant_id=here.variants["cappuccino"].id, quantity=Decimal(1))
    draft = OrderDraft(id=new_id(), lines=(line,), name=name)
    with tenant_context(here.tenant):
        order = open_ticket(draft=draft, actor=here.actor(), at=AT).order
        void = ChangeDraft(id=new_id(), kind="void", line_id=line.id, reason="changed their mind")
        change_order(
            order_id=order.id, changes=[void], actor=here.actor(), at=AT, matches=lambda _revision: None
        )
    return order


def test_an_open_ticket_is_found_with_everything_that_was_changed(browser: Browser, here: Shop) -> None:
    order = ticket(here, "Table 7")
    found = browser.get("/pos/order/?fulfilment_state=draft").content.decode()
    assert "Table 7" in found
    page = browser.get(f"/pos/order/{order.pk}/change/").content.decode()
    assert "changed their mind" in page
    assert "total: 3.80 EUR" in page


def test_orders_are_cancelled_for_a_reason(browser: Browser, here: Shop) -> None:
    one, other = ticket(here, "Table 7"), ticket(here, "Table 8")
    send = {"action": "cancel", "_selected_action": [str(one.pk), str(other.pk)]}
    browser.post("/pos/order/", send)
    assert "Say why." in browser.get("/pos/order/").content.decode()
    browser.post("/pos/order/", {**send, "reason": "forgotten", "goods": "none"})
    assert "Order 1 is cancelled." in browser.get("/pos/order/").content.decode()
    with tenant_context(here.tenant):
        assert set(Order.objects.values_list("fulfilment_state", "cancel_reason")) == {
            ("cancelled", "forgotten")
        }
        who = OrderChange.objects.filter(kind="cancel").values_list("employee_name", flat=True)
        assert len(set(who)) == 1


def test_the_other_merchants_office_sees_nothing_of_it(here: Shop, grocer: Any) -> None:
    order = ticket(here, "Table 7")
    there = office(grocer, "manager")
    assert "Table 7" not in there.get("/pos/order/").content.decode()
    assert there.get(f"/pos/order/{order.pk}/change/").status_code == 302
    there.post("/pos/order/", {"action": "cancel", "_selected_action": [str(order.pk)], "reason": "stolen"})
    with tenant_context(here.tenant):
        assert Order.objects.get().fulfilment_state == "draft"
