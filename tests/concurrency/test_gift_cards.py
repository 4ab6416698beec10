"""Fifty tills redeem one card: one wins. The twin that lost its guard loses money.

All rivals have read what is on the card before the first of them writes.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fynlo.core.ids import new_id
from fynlo.core.tenancy import tenant_context
from payments.credit.models import StoredValue, ValueActivity
from payments.credit.services import ReserveDraft, moving, prove_pin, reserve_value
from payments.ledger.queries import trial_balance
from pos.orders.models import Order
from pos.orders.services import place_order
from pos.registers.models import Register
from tests.concurrency.rivals import at_once, while_held
from tests.factories import RegisterFactory, Shop, shop
from tests.payments.credit.cards import AT, agrees, by_card, card, now, ways_to_pay
from tests.pos.orders.drafts import sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

RIVALS = 50
FEW = 8
CAPPUCCINO = 380


def with_a_card(tenant: Any, amount: int = CAPPUCCINO) -> tuple[Shop, StoredValue]:
    """A shop, and a card with one cappuccino on it."""
    here = shop(tenant)
    with tenant_context(tenant):
        ways_to_pay()
        return here, card(amount)


def redeeming(here: Shop, gift: StoredValue, register: Register) -> Callable[[], Any]:
    """A cappuccino, paid by the card at this till."""
    draft = sale(sold(here, "cappuccino"), tenders=(by_card(CAPPUCCINO, gift.pk),))
    return lambda: place_order(draft=draft, actor=here.actor(register=register), at=AT)


def together(here: Shop, gift: StoredValue, count: int) -> Counter[str]:
    """What became of so many tills, all of which wait for their register before any of them writes."""
    with tenant_context(here.tenant):
        tills = [RegisterFactory.create(location=here.location) for _ in range(count)]
    calls = [redeeming(here, gift, till) for till in tills]
    outcomes, _ = while_held(here.tenant, Register.objects.all, calls)
    return Counter(type(each).__name__ for each in outcomes)


def test_fifty_tills_redeem_one_card_and_one_wins(cafe: Any) -> None:
    here, gift = with_a_card(cafe)
    assert together(here, gift, RIVALS) == {"WholeOrder": 1, "GiftCardBalance": RIVALS - 1}
    with tenant_context(cafe):
        assert (now(gift), Order.objects.count()) == ((0, 0, 0), 1)
        assert ValueActivity.objects.filter(kind="redeem").count() == 1
        assert agrees()


def test_twin_without_the_guard_loses_money(
    cafe: Any, as_owner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, gift = with_a_card(cafe)
    with tenant_context(cafe), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE payments_storedvalue DROP CONSTRAINT payments_storedvalue_not_negative")
    monkeypatch.setattr(moving, "GUARD", "true")
    assert together(here, gift, FEW) == {"WholeOrder": FEW}
    with tenant_context(cafe):
        assert now(gift) == (0, 0, (FEW - 1) * CAPPUCCINO)
        owed = {row.code: row.balance_minor for row in trial_balance()}["gift_cards"]
        assert owed == (FEW - 1) * CAPPUCCINO  # customers owe the merchant for cards


def test_a_load_and_many_redemptions_add_up(cafe: Any) -> None:
    here, gift = with_a_card(cafe, 3 * CAPPUCCINO)
    assert together(here, gift, FEW) == {"WholeOrder": 3, "GiftCardBalance": FEW - 3}
    with tenant_context(cafe):
        assert now(gift) == (0, 0, 0)
        assert agrees()


def test_one_sale_sent_by_many_tills_takes_once(cafe: Any) -> None:
    here, gift = with_a_card(cafe, 10 * CAPPUCCINO)
    draft = sale(sold(here, "cappuccino"), tenders=(by_card(CAPPUCCINO, gift.pk),), id=new_id())
    with tenant_context(cafe):
        tills = [RegisterFactory.create(location=here.location) for _ in range(FEW)]

    def call(till: Register) -> Callable[[], Any]:
        return lambda: place_order(draft=draft, actor=here.actor(register=till), at=AT)

    outcomes, _ = while_held(cafe, Register.objects.all, [call(till) for till in tills])
    assert {each.id for each in outcomes} == {draft.id}
    with tenant_context(cafe):
        assert now(gift) == (9 * CAPPUCCINO, 0, 0)
        assert agrees()


def test_of_many_tills_that_reserve_the_last_one_gets_it(cafe: Any) -> None:
    here, gift = with_a_card(cafe)
    with tenant_context(cafe):
        tills = [RegisterFactory.create(location=here.location).pk for _ in range(FEW)]

    def reserving(till: Any) -> Callable[[], Any]:
        draft = ReserveDraft(
            id=new_id(),
            account_id=gift.pk,
            register_id=till,
            amount_minor=CAPPUCCINO,
            expires_at=AT + dt.timedelta(hours=1),
        )
        return lambda: reserve_value(draft=draft, employee_id=None, day=AT.date(), at=AT)

    outcomes, _ = while_held(cafe, StoredValue.objects.all, [reserving(till) for till in tills])
    became = Counter(type(each).__name__ for each in outcomes)
    assert became == {"ValueReservation": 1, "GiftCardBalance": FEW - 1}
    with tenant_context(cafe):
        assert now(gift) == (CAPPUCCINO, CAPPUCCINO, 0)
        assert agrees()


def test_many_guesses_of_a_pin_at_once_are_many_tries(cafe: Any) -> None:
    shop(cafe)
    with tenant_context(cafe):
        gift = card(CAPPUCCINO, pin="4826")
    guesses = [lambda: prove_pin(account_id=gift.pk, pin="0000", at=AT)] * (2 * FEW)
    became = Counter(type(each).__name__ for each in at_once(cafe, guesses))
    assert became == {"PinWrong": 5, "PinDelayed": 2 * FEW - 5}
