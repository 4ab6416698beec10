"""A refund while others change the order: read again, and told to come back if it never stands still."""

from typing import Any

import pytest
from django.db.models import F

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from pos.orders.models import Order, Refund
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services import refunds
from tests.factories import Shop, TillClient, order_body

pytestmark = pytest.mark.django_db


def others_change_it(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """After each of the first so many readings somebody else's tip comes on the order."""
    read, readings = refunds.plan_refund, []

    def reading(**said: Any) -> Any:
        plan = read(**said)
        readings.append(plan)
        if len(readings) <= times:
            Order.objects.filter(pk=plan.order.pk).update(
                tip_minor=F("tip_minor") + 1, paid_minor=F("paid_minor") + 1
            )
        return plan

    monkeypatch.setattr(refunds, "plan_refund", reading)


def others_give_back(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """After each of the first so many readings somebody else gives ten cents of the order back."""
    read, readings = refunds.plan_refund, []

    def reading(**said: Any) -> Any:
        plan = read(**said)
        if plan.draft.reason == "kind":
            return plan
        readings.append(plan)
        if len(readings) <= times:
            draft = RefundDraft(id=new_id(), order_id=plan.order.pk, reason="kind", amount=Money(10, "EUR"))
            refunds.refund_order(draft=draft, actor=plan.actor, at=plan.recorded_at)
        return plan

    monkeypatch.setattr(refunds, "plan_refund", reading)


@pytest.mark.parametrize(("times", "status"), [(4, 201), (5, 409)])
def test_it_is_read_again_while_others_give_back_and_then_told_to_come_back(
    here: Shop, till: TillClient, monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    order = till.post("/orders", order_body((here.variants["cappuccino"], "2"), cash=(800, "EUR"))).json()
    others_give_back(monkeypatch, times)
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1"}
    body = {"id": str(new_id()), "lines": [line], "reason": "cold"}
    answer = till.post(f"/orders/{order['id']}/refunds", body)
    assert answer.status_code == status, answer.json()
    if status == 409:
        assert (answer.json()["code"], answer["Retry-After"]) == ("refund_overtaken", "1")
        return
    with tenant_context(here.tenant):
        assert Refund.objects.filter(pk=body["id"]).exists()


@pytest.mark.parametrize(("times", "status"), [(4, 201), (5, 503)])
def test_it_is_read_again_and_then_told_to_come_back(
    here: Shop, till: TillClient, monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    order = till.post("/orders", order_body((here.variants["cappuccino"], "2"), cash=(800, "EUR"))).json()
    others_change_it(monkeypatch, times)
    line = {"order_line_id": order["lines"][0]["id"], "quantity": "1"}
    body = {"id": str(new_id()), "lines": [line], "reason": "cold"}
    answer = till.post(f"/orders/{order['id']}/refunds", body)
    assert answer.status_code == status, answer.json()
    with tenant_context(here.tenant):
        assert Refund.objects.count() == (status == 201)
    if status == 201:
        assert [(tax["net"], tax["tax"]) for tax in answer.json()["taxes"]] == [
            ({"amount_minor": 319, "currency": "EUR"}, {"amount_minor": 61, "currency": "EUR"})
        ]
        return
    assert (answer.json()["code"], answer["Retry-After"]) == ("order_moved", "1")
