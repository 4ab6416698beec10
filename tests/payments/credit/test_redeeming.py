"""Gift cards and store credit as ways to pay: what is taken, what is refused, what is flagged."""

import datetime as dt
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.codes import presented
from payments.credit.errors import (
    GiftCardBalance,
    GiftCardBlocked,
    GiftCardExpired,
    GiftCardUnknown,
    PinNeeded,
    PinWrong,
)
from payments.credit.models import StoredValue, ValueActivity
from payments.tenders.models import Payment
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.orders.services.paying import PayDraft, pay_order
from pos.orders.transfers import OrderOverpaid, TenderInvalid
from tests.factories import Shop, shop
from tests.payments.credit.cards import AT, agrees, books, bought, by_card, card, now, ways_to_pay
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db


@pytest.fixture
def within(cafe: Any) -> Any:
    made = shop(cafe)
    with tenant_context(cafe):
        ways_to_pay()
        yield made


def test_a_card_pays_and_what_is_owed_for_it_is_less(within: Shop) -> None:
    gift = card(2000)
    whole = bought(within, by_card(760, gift.id))
    assert (whole.order.payment_state, now(gift)) == ("paid", (1240, 0, 0))
    found = books()
    assert (found["gift_cards"], found["gift_card_given"], found.get("receivable", 0)) == (-1240, 2000, 0)
    payment = Payment.objects.get()
    assert (payment.stored_value_id, payment.change_minor) == (gift.id, 0)
    told = [
        (each.kind, each.amount_minor, each.balance_minor) for each in ValueActivity.objects.order_by("id")
    ]
    assert told == [("activate", 2000, 2000), ("redeem", -760, 1240)]
    assert agrees()


def test_a_code_is_as_good_as_the_key_and_is_kept_nowhere(within: Shop) -> None:
    gift = card(2000, code="gift 0001-abcd")
    whole = bought(within, by_card(760, value=presented("GIFT0001ABCD")))
    assert (whole.payments[0].stored_value_id, whole.payments[0].value_last4) == (gift.id, "ABCD")
    row = StoredValue.objects.get()
    assert row.code_digest == presented("GIFT-0001-ABCD").digest
    assert "GIFT" not in str(vars(row))


def test_the_rest_is_paid_another_way(within: Shop) -> None:
    gift = card(500)
    whole = bought(within, by_card(500, gift.id), cash(within, 300))
    assert (whole.order.payment_state, now(gift)) == ("paid", (0, 0, 0))
    assert sum(each.change_minor for each in whole.payments) == 40
    assert agrees()


def test_two_tenders_of_one_card_take_both(within: Shop) -> None:
    gift = card(760)
    bought(within, by_card(500, gift.id), by_card(260, gift.id))
    assert now(gift) == (0, 0, 0)
    other = card(700, code="OTHER-1")
    with pytest.raises(GiftCardBalance) as caught:
        bought(within, by_card(500, other.id), by_card(260, other.id))
    assert (caught.value.errors[0].pointer, caught.value.data["left_minor"]) == ("/tenders/1/amount", 200)
    assert now(other) == (700, 0, 0)


def test_a_card_gives_no_change(within: Shop) -> None:
    gift = card(2000)
    with pytest.raises(OrderOverpaid):
        bought(within, by_card(1000, gift.id))
    assert now(gift) == (2000, 0, 0)


def test_a_question_that_cannot_be_paid_says_why(within: Shop) -> None:
    poor = card(700)
    with pytest.raises(GiftCardBalance) as caught:
        bought(within, by_card(760, poor.id))
    assert caught.value.data == {"left_minor": 700, "asked_minor": 760}
    blocked = card(code="BLOCKED")
    StoredValue.objects.filter(pk=blocked.pk).update(state="blocked")
    expired = card(code="EXPIRED", expires_on=dt.date(2026, 2, 28))
    pairs = [(blocked, GiftCardBlocked), (expired, GiftCardExpired)]
    for gift, error in pairs:
        with pytest.raises(error) as refused:
            bought(within, by_card(760, gift.id))
        assert refused.value.errors[0].pointer == "/tenders/0"
    for unknown in (by_card(760, new_id()), by_card(760, value=presented("NOBODYS")), by_card(760)):
        with pytest.raises(GiftCardUnknown):
            bought(within, unknown)
    assert not Order.objects.exists()


def test_a_card_is_what_its_way_to_pay_says(within: Shop) -> None:
    gift = card()
    with pytest.raises(GiftCardUnknown):
        bought(within, by_card(760, gift.id, tender_type="credit"))
    with pytest.raises(TenderInvalid):
        bought(within, by_card(760, gift.id, tender_type="cash"))


def test_a_fact_takes_what_is_there_and_the_rest_is_overdrawn(within: Shop) -> None:
    gift = card(500)
    whole = bought(within, by_card(760, gift.id), fact=True)
    told = {"stored_value_id": str(gift.id), "last4": "ABCD", "overdrawn_minor": 260, "covered_minor": 500}
    assert {"code": "gift_card_short", "pointer": "/tenders/0", **told} in whole.order.flags
    assert (now(gift), books()["gift_cards"]) == ((0, 0, 260), 260)
    assert agrees()


def test_a_card_nobody_knows_is_opened_by_the_fact_that_used_it(within: Shop) -> None:
    tender = by_card(760, value=presented("PAPER-0001"))
    whole = bought(within, tender, fact=True)
    again = bought(within, by_card(380, value=presented("PAPER-0001")), fact=True, quantity="1")
    row = StoredValue.objects.get()
    assert (row.state, row.overdrawn_minor, row.shown) == ("pending", 1140, "0001")
    for each in (whole, again):
        assert {"gift_card_unknown", "gift_card_short"} <= {flag["code"] for flag in each.order.flags}
    found = card(2000, code="PAPER-0001")
    assert (found.pk, found.state, now(found)) == (row.pk, "active", (860, 0, 0))
    assert agrees()


def test_facts_with_blocked_and_expired_cards_are_flagged(within: Shop) -> None:
    gift = card(2000, expires_on=dt.date(2026, 2, 28), pin="4826")
    StoredValue.objects.filter(pk=gift.pk).update(state="blocked")
    whole = bought(within, by_card(760, gift.id), fact=True)
    codes = {flag["code"] for flag in whole.order.flags}
    assert {"gift_card_blocked", "gift_card_expired", "gift_card_pin_unchecked"} <= codes
    assert now(gift) == (1240, 0, 0)


def test_a_pin_is_asked_for(within: Shop) -> None:
    gift = card(2000, pin="4826")
    with pytest.raises(PinNeeded):
        bought(within, by_card(760, gift.id))
    with pytest.raises(PinWrong) as caught:
        bought(within, by_card(760, gift.id, pin="0000"))
    assert caught.value.errors[0].pointer == "/tenders/0/pin"
    bought(within, by_card(760, gift.id, pin="4826"))
    assert now(gift) == (1240, 0, 0)
    assert StoredValue.objects.get().pin_failures == 0


def test_the_same_sale_again_takes_nothing(within: Shop) -> None:
    gift = card(2000)
    key, tender = new_id(), by_card(760, gift.id)
    line = within.variants["cappuccino"]

    del line
    draft = sale(sold(within, "cappuccino", "2"), tenders=(tender,), id=key)

    first = place_order(draft=draft, actor=within.actor(), at=AT)
    second = place_order(draft=draft, actor=within.actor(), at=AT)
    assert (first.id, now(gift)) == (second.id, (1240, 0, 0))


def test_an_open_order_is_paid_in_parts_by_cards(within: Shop) -> None:
    gift = card(500)
    whole = bought(within, cash(within, 100))
    tender = by_card(500, gift.id)
    paid = pay_order(order_id=whole.id, draft=PayDraft(tenders=(tender,)), actor=within.actor(), at=AT)
    again = pay_order(order_id=whole.id, draft=PayDraft(tenders=(tender,)), actor=within.actor(), at=AT)
    assert (paid.order.paid_minor, again.order.paid_minor, now(gift)) == (600, 600, (0, 0, 0))
    with pytest.raises(GiftCardBalance):
        pay_order(
            order_id=whole.id, draft=PayDraft(tenders=(by_card(160, gift.id),)), actor=within.actor(), at=AT
        )
    late = pay_order(
        order_id=whole.id,
        draft=PayDraft(tenders=(by_card(160, gift.id),), at=AT),
        actor=within.actor(),
        at=AT + dt.timedelta(minutes=1),
    )
    assert (late.order.payment_state, now(gift)) == ("paid", (0, 0, 160))
    assert agrees()
