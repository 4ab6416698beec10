"""Goods against other goods: a refund and a sale in one transaction."""

from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.errors import GiftCardBalance
from payments.ledger.queries import trial_balance
from pos.orders.drafts import OrderDraft
from pos.orders.refund_drafts import RefundDraft
from pos.orders.services.exchanges import ExchangeDraft, exchange_goods
from tests.factories import Shop
from tests.payments.credit.cards import agrees, by_card, card, now, ways_to_pay
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


def test_what_is_wrong_with_a_tender_is_told_where_the_till_said_it(within: Shop) -> None:
    """The money of the exchange is the first tender of the order, and the till has not sent it."""
    ways_to_pay()
    gift = card(500)
    whole = breakfast(within)
    order = sale(sold(within, "book", "1"), tenders=(cash(within, 120), by_card(700, gift.pk)))
    with pytest.raises(GiftCardBalance) as caught:
        exchange(within, whole, order, "1")
    (problem,) = caught.value.errors
    assert (problem.pointer, caught.value.data["left_minor"]) == ("/order/tenders/1/amount", 500)
    assert (now(gift), agrees()) == ((500, 0, 0), True)


def test_a_gift_card_pays_what_new_goods_cost_beyond_the_old(within: Shop) -> None:
    ways_to_pay()
    gift = card(1000)
    order = sale(sold(within, "book", "1"), tenders=(by_card(820, gift.pk),))
    made = exchange(within, breakfast(within), order, "1")
    assert (made["order"]["payment_state"], now(gift)) == ("paid", (180, 0, 0))
    assert agrees()
