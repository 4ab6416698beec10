"""Goods against other goods: a refund and a sale in one transaction."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.ledger.queries import trial_balance
from pos.orders.drafts import OrderDraft
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.exchanges import ExchangeDraft, exchange_goods
from tests.factories import Shop
from tests.pos.orders.drafts import cash, sale, sold
from tests.pos.orders.test_refunds import LATER, breakfast, lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def within(here: Shop) -> Any:
    with tenant_context(here.tenant):
        yield here


def exchange(shop: Shop, whole: Any, order: OrderDraft, *quantities: str, **said: Any) -> dict[str, Any]:
    draft = ExchangeDraft(
        refund=RefundDraft(
            id=said.pop("id", None) or new_id(), order_id=whole.id, lines=lines(whole, *quantities), **said
        ),
        order=order,
    )
    return exchange_goods(draft=draft, actor=shop.actor(), at=LATER)


def test_dearer_goods_are_paid_by_what_came_back_and_by_the_guest(within: Shop) -> None:
    whole = breakfast(within)
    order = sale(sold(within, "book", "1"), tenders=(cash(within, 1000),))
    made = exchange(within, whole, order, "1")
    assert (made["refund"]["kind"], made["refund"]["given"]["amount_minor"]) == ("exchange", 380)
    assert made["refund"]["exchange"] == {"order_id": str(order.id)}
    assert made["order"]["exchange"] == {"refund_id": made["refund"]["id"]}
    assert [(each["tender_type"], each["amount"]["amount_minor"]) for each in made["order"]["payments"]] == [
        ("exchange", 380),
        ("cash", 820),
    ] or [(each["tender_type"], each["amount"]["amount_minor"]) for each in made["order"]["payments"]] == [
        ("cash", 820),
        ("exchange", 380),
    ]
    assert (made["order"]["payment_state"], made["order"]["change"]["amount_minor"]) == ("paid", 180)
    balances = {row.code: row.balance_minor for row in trial_balance() if row.balance_minor}
    assert balances.get("tender:exchange", 0) == 0
    assert balances["cash"] == 940 + 820
