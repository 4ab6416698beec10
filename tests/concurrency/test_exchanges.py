"""An exchange takes goods back and sells others at once: accounts first, then the levels of both in one order.

The twins lock as a refund and a sale one after the other would, and hold what a later lock should wait for.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from fynlo.core.ids import new_id
from fynlo.core.money import Money
from fynlo.core.tenancy import tenant_context
from payments.credit.codes import presented
from payments.credit.models import HouseAccount, StoredValue
from payments.credit.services import ReserveDraft, reserve_value
from payments.ledger.queries import trial_balance
from pos.inventory.models import StockLevel
from pos.inventory.services import returns
from pos.orders.drafts import TenderDraft
from pos.orders.models import Order, Refund
from pos.orders.refund_drafts import RefundDraft, RefundLineDraft
from pos.orders.services import exchanges, place_order, refunds
from pos.orders.services.exchanges import ExchangeDraft, exchange_goods
from pos.orders.services.refunds import refund_order
from pos.registers.models import Register
from tests.concurrency.rivals import while_held
from tests.factories import Shop, TenderTypeFactory, shop
from tests.payments.credit.cards import CODE, agrees, by_card, card, now, ways_to_pay
from tests.pos.orders.drafts import cash, sale, sold

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def here(cafe: Any) -> Shop:
    """The café."""
    return shop(cafe)


def exchanging(here: Shop, back: str, new: str, *tenders: TenderDraft, **said: Any) -> Callable[[], Any]:
    """A till that takes `back` of an order of everything (or of `first`), and gives `new` for it."""
    first = said.pop("first", here.variants)
    with tenant_context(here.tenant):
        draft = sale(*(sold(here, name) for name in first), tenders=(cash(here, 50_000),))
        whole = place_order(draft=draft, actor=here.actor(), at=AT)
    (line,) = [line for line in whole.lines if line.variant_id == here.variants[back].id]
    part = RefundLineDraft(order_line_id=line.id, quantity=Decimal(1), goods="restock")
    exchange = ExchangeDraft(
        refund=RefundDraft(id=new_id(), order_id=whole.id, lines=(part,), reason="other"),
        order=sale(sold(here, new), tenders=tenders, **said),
    )
    return lambda: exchange_goods(draft=exchange, actor=here.actor(), at=AT)


def level_of(name: str, here: Shop) -> Callable[[], Any]:
    """The level of a variant, to be locked or looked at."""
    with tenant_context(here.tenant):
        levels = StockLevel.objects.filter(variant=here.variants[name])
    return levels.all


def is_free(rows: Callable[[], Any]) -> Callable[[], bool]:
    """Whether nobody holds them."""
    return lambda: rows().select_for_update(skip_locked=True).exists()


def last_is_free_while_the_first_is_waited_for(here: Shop) -> bool:
    """What comes back is locked last, what is sold for it first."""
    by_key = sorted(here.variants, key=lambda name: here.variants[name].id)
    first, last = by_key[0], by_key[-1]
    call = exchanging(here, last, first)
    outcomes, free = while_held(here.tenant, level_of(first, here), [call], is_free(level_of(last, here)))
    assert isinstance(outcomes[0], dict), outcomes
    return bool(free)


def test_levels_of_what_comes_back_and_of_what_is_sold_are_locked_in_one_order(here: Shop) -> None:
    assert last_is_free_while_the_first_is_waited_for(here)


def test_twin_that_locks_each_by_itself_holds_the_last_while_it_waits_for_the_first(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returns, "_hold_levels", lambda _location, _variants: None)
    assert not last_is_free_while_the_first_is_waited_for(here)


def goods_are_free_while_the_account_is_waited_for(here: Shop) -> bool:
    """The dearer book goes on Meier's account, which somebody else is charging."""
    with tenant_context(here.tenant):
        account = HouseAccount.objects.create(code="meier", name="Meier & Co", opened_at=AT)
        TenderTypeFactory.create(code="account", name="On account", kind="house_account")
        accounts = HouseAccount.objects.filter(pk=account.pk)
    rest = TenderDraft(
        id=new_id(), tender_type="account", amount=Money(820, "EUR"), house_account_id=account.pk
    )
    call = exchanging(here, "cappuccino", "book", rest)
    look = is_free(level_of("cappuccino", here))
    outcomes, free = while_held(here.tenant, accounts.all, [call], look)
    assert isinstance(outcomes[0], dict), outcomes
    with tenant_context(here.tenant):
        assert HouseAccount.objects.get().balance_minor == 820
        assert Order.objects.filter(payment_state="paid").count() == 1
    return bool(free)


def test_an_account_is_charged_before_any_goods_are_held(here: Shop) -> None:
    assert goods_are_free_while_the_account_is_waited_for(here)


def test_twin_that_charges_when_it_sells_holds_the_goods_that_came_back(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunds, "_hold", lambda _plan, _exchanged: None)
    assert not goods_are_free_while_the_account_is_waited_for(here)


def goods_are_free_while_the_card_is_waited_for(here: Shop, *, is_fact: bool) -> bool:
    """The dearer book is paid for with a gift card, which somebody else is spending; a part of it was reserved."""
    with tenant_context(here.tenant):
        ways_to_pay()
        gift = card(1000)
        kept = ReserveDraft(
            id=new_id(),
            account_id=gift.pk,
            register_id=here.register.pk,
            amount_minor=500,
            expires_at=AT + dt.timedelta(hours=1),
        )
        reserve_value(draft=kept, employee_id=None, day=AT.date(), at=AT)
        cards = StoredValue.objects.filter(pk=gift.pk)
        paid = by_card(820, value=presented(CODE))
    call = exchanging(here, "cappuccino", "book", paid, placed_at=AT if is_fact else None)
    outcomes, free = while_held(here.tenant, cards.all, [call], is_free(level_of("cappuccino", here)))
    assert isinstance(outcomes[0], dict), outcomes
    with tenant_context(here.tenant):
        assert now(gift) == (180, 0, 0)
        assert agrees()
    return bool(free)


@pytest.mark.parametrize("is_fact", [False, True])
def test_a_gift_card_is_held_before_any_goods(here: Shop, is_fact: bool) -> None:
    assert goods_are_free_while_the_card_is_waited_for(here, is_fact=is_fact)


def test_twin_that_takes_the_card_when_it_sells_holds_the_goods_that_came_back(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refunds, "hold_values", lambda **_said: None)
    assert not goods_are_free_while_the_card_is_waited_for(here, is_fact=False)


def test_a_refund_takes_the_house_account_before_the_card(here: Shop) -> None:
    """As a sale does, so that the two never wait in a circle."""
    with tenant_context(here.tenant):
        ways_to_pay()
        gift = card(1000)
        account = HouseAccount.objects.create(code="meier", name="Meier & Co", opened_at=AT)
        TenderTypeFactory.create(code="account", name="On account", kind="house_account")
        owed = TenderDraft(
            id=new_id(), tender_type="account", amount=Money(180, "EUR"), house_account_id=account.pk
        )
        whole = place_order(
            draft=sale(sold(here, "cappuccino"), tenders=(by_card(200, gift.pk), owed)),
            actor=here.actor(),
            at=AT,
        )
        part = RefundLineDraft(order_line_id=whole.lines[0].id, quantity=Decimal(1), goods="restock")
        back = RefundDraft(id=new_id(), order_id=whole.id, lines=(part,), reason="other")
        accounts, cards = HouseAccount.objects.all(), StoredValue.objects.all()
    outcomes, free = while_held(
        here.tenant,
        accounts.all,
        [lambda: refund_order(draft=back, actor=here.actor(), at=AT)],
        is_free(cards.all),
    )
    assert isinstance(outcomes[0], dict), outcomes
    assert free
    with tenant_context(here.tenant):
        assert now(gift) == (1000, 0, 0)
        assert HouseAccount.objects.get().balance_minor == 0


def told_to_rivals(here: Shop) -> list[Any]:
    """What four tellers of one exchange of all that was sold are told; they had read before the first wrote."""
    call = exchanging(here, "cappuccino", "book", cash(here, 1000), first=["cappuccino"])
    told, _ = while_held(here.tenant, Register.objects.all, [call] * 4)
    with tenant_context(here.tenant):
        assert (Refund.objects.count(), Order.objects.count()) == (1, 2)
        assert {row.code: row.balance_minor for row in trial_balance()}["tender:exchange"] == 0
    return told


def test_the_same_exchange_at_once_is_made_once_and_answered_the_same(here: Shop) -> None:
    told = told_to_rivals(here)
    assert [each for each in told if each != told[0]] == []
    assert (told[0]["refund"]["kind"], told[0]["order"]["payment_state"]) == ("exchange", "paid")


def test_twin_that_does_not_look_who_was_faster_refuses_what_was_done(
    here: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "_made_before", lambda _draft: None)
    refused = [type(each).__name__ for each in told_to_rivals(here) if not isinstance(each, dict)]
    assert refused == ["IllegalTransition"] * 3
